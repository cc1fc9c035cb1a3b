package org.ouroboros.benchmarks.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/**
 * What do the operations of a shared heap cost on objects of two references, each thread on its
 * own? With {@code -t 1} and {@code -t 2}: the time of one operation of one thread; where threads
 * do not disturb each other it is the same.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--enable-native-access=ALL-UNNAMED",
      "-Xms256m",
      "-Xmx256m",
      "-XX:+UseSerialGC"
    })
public class SharedHeapBenchmark {

  private static final ObjectType PAIR = ObjectType.builder("pair").references(2).build();
  private static final int SLOT = PAIR.slot(0);
  private static final ObjectType ARRAY = ObjectType.referenceArray("array");
  private static final int LENGTH = 8;
  private static final int TREE_DEPTH = 12;
  private static final int TREE_NODES = (2 << TREE_DEPTH) - 1;

  /** For JMH. */
  public SharedHeapBenchmark() {}

  /** The heap of all threads. */
  @State(Scope.Benchmark)
  public static class Shared {

    private Heap heap;

    /** For JMH. */
    public Shared() {}

    /** Makes the heap. */
    @Setup(Level.Trial)
    public void open() {
      heap = Heap.ofShared();
    }

    /** Ends the heap. */
    @TearDown(Level.Trial)
    public void close() {
      heap.close();
    }
  }

  /** The objects of one thread. */
  @State(Scope.Thread)
  public static class Own {

    private long node;
    private long target;
    private long weak;
    private long array;

    /** For JMH. */
    public Own() {}

    /**
     * Makes the objects.
     *
     * @param shared the heap
     */
    @Setup(Level.Trial)
    public void make(Shared shared) {
      node = shared.heap.allocate(PAIR);
      target = shared.heap.allocate(PAIR);
      shared.heap.setRef(node, SLOT, target);
      weak = shared.heap.newWeak(target);
      array = shared.heap.allocate(ARRAY, LENGTH);
    }
  }

  /**
   * Takes and gives back a reference.
   *
   * @param shared the heap
   * @param own the objects
   */
  @Benchmark
  public void retainRelease(Shared shared, Own own) {
    shared.heap.retain(own.node);
    shared.heap.release(own.node);
  }

  /**
   * Makes an object, and lets it die.
   *
   * @param shared the heap
   */
  @Benchmark
  public void allocateRelease(Shared shared) {
    shared.heap.release(shared.heap.allocate(PAIR));
  }

  /**
   * Loads a reference, and gives it back.
   *
   * @param shared the heap
   * @param own the objects
   */
  @Benchmark
  public void loadRelease(Shared shared, Own own) {
    shared.heap.release(shared.heap.loadRef(own.node, SLOT));
  }

  /**
   * Upgrades a weak reference, and gives the owned one back.
   *
   * @param shared the heap
   * @param own the objects
   */
  @Benchmark
  public void upgradeRelease(Shared shared, Own own) {
    shared.heap.release(shared.heap.upgradeWeak(own.weak));
  }

  /**
   * Stores the reference that is there.
   *
   * @param shared the heap
   * @param own the objects
   */
  @Benchmark
  public void setRef(Shared shared, Own own) {
    shared.heap.setRef(own.node, SLOT, own.target);
  }

  /**
   * Reads a field, here the word of both references.
   *
   * @param shared the heap
   * @param own the objects
   * @return its value
   */
  @Benchmark
  public long getLong(Shared shared, Own own) {
    return shared.heap.getLong(own.node, ObjectType.HEADER_BYTES);
  }

  /**
   * Asks how long an array is.
   *
   * @param shared the heap
   * @param own the objects
   * @return its length
   */
  @Benchmark
  public int length(Shared shared, Own own) {
    return shared.heap.length(own.array);
  }

  /**
   * Asks for an object's type.
   *
   * @param shared the heap
   * @param own the objects
   * @return its type
   */
  @Benchmark
  public ObjectType typeOf(Shared shared, Own own) {
    return shared.heap.typeOf(own.node);
  }

  /**
   * Makes an array, and lets it die.
   *
   * @param shared the heap
   */
  @Benchmark
  public void allocateReleaseArray(Shared shared) {
    shared.heap.release(shared.heap.allocate(ARRAY, LENGTH));
  }

  /**
   * Makes a tree, and lets it die: with collections of the young, which stop all threads.
   *
   * @param shared the heap
   */
  @Benchmark
  @OperationsPerInvocation(TREE_NODES)
  public void tree(Shared shared) {
    shared.heap.release(tree(shared.heap, TREE_DEPTH));
  }

  private static long tree(Heap heap, int depth) {
    return depth == 0
        ? heap.allocate(PAIR)
        : heap.allocateOwning(PAIR, tree(heap, depth - 1), tree(heap, depth - 1));
  }

  /**
   * Replaces objects of a table in random order, so that places go back and come again.
   *
   * @param shared the heap
   * @param table the objects
   */
  @Benchmark
  public void replace(Shared shared, Table table) {
    int at = table.next();
    shared.heap.release(table.objects[at]);
    table.objects[at] = shared.heap.allocate(PAIR);
  }

  /** Many objects of one thread. */
  @State(Scope.Thread)
  public static class Table {

    private static final int OBJECTS = 1 << 13;

    private final long[] objects = new long[OBJECTS];
    private long random = 88_172_645_463_325_252L;

    /** For JMH. */
    public Table() {}

    /**
     * Makes the objects.
     *
     * @param shared the heap
     */
    @Setup(Level.Trial)
    public void make(Shared shared) {
      random += Thread.currentThread().threadId();
      for (int i = 0; i < OBJECTS; i++) {
        objects[i] = shared.heap.allocate(PAIR);
      }
    }

    private int next() {
      random ^= random << 13;
      random ^= random >>> 7;
      random ^= random << 17;
      return (int) (random >>> 40) & OBJECTS - 1;
    }
  }
}
