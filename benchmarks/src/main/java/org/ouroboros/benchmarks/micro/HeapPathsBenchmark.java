package org.ouroboros.benchmarks.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/**
 * What do the operations of a confined heap cost on objects of two references, where the program
 * keeps the heap in a field, and where it keeps it in a constant? In the cache, in normal mode, on
 * the paged space.
 */
@State(Scope.Thread)
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
public class HeapPathsBenchmark {

  private static final ObjectType PAIR = ObjectType.builder("pair").references(2).build();
  private static final int SLOT = PAIR.slot(0);

  /** Objects that die together. */
  private static final int LIST = 1000;

  /** JMH runs this class in one thread, the one that loads {@link Constant}. */
  private static final class Constant {
    static final Heap HEAP = Heap.ofConfined(HeapOptions.DEFAULT);
  }

  private Heap heap;
  private long node;
  private long first;
  private long second;
  private long constantNode;
  private long constantFirst;
  private long constantSecond;

  /** For JMH. */
  public HeapPathsBenchmark() {}

  /** Makes the heap and the objects. */
  @Setup(Level.Trial)
  public void open() {
    heap = Heap.ofConfined(HeapOptions.DEFAULT);
    node = heap.allocate(PAIR);
    first = heap.allocate(PAIR);
    second = heap.allocate(PAIR);
    constantNode = Constant.HEAP.allocate(PAIR);
    constantFirst = Constant.HEAP.allocate(PAIR);
    constantSecond = Constant.HEAP.allocate(PAIR);
  }

  /** Ends the heap. */
  @TearDown(Level.Trial)
  public void close() {
    heap.close();
  }

  /** Takes a reference and gives it back. */
  @Benchmark
  public void retainRelease() {
    heap.retain(node);
    heap.release(node);
  }

  /** The same, of a constant heap. */
  @Benchmark
  public void retainReleaseConstant() {
    Constant.HEAP.retain(constantNode);
    Constant.HEAP.release(constantNode);
  }

  /**
   * Reads a slot.
   *
   * @return what it names
   */
  @Benchmark
  public long getRef() {
    return heap.getRef(node, SLOT);
  }

  /**
   * The same, of a constant heap.
   *
   * @return what the slot names
   */
  @Benchmark
  public long getRefConstant() {
    return Constant.HEAP.getRef(constantNode, SLOT);
  }

  /** Replaces a reference by another, and that by the first one: two stores. */
  @Benchmark
  public void setRefTwice() {
    heap.setRef(node, SLOT, first);
    heap.setRef(node, SLOT, second);
  }

  /** The same, of a constant heap. */
  @Benchmark
  public void setRefTwiceConstant() {
    Constant.HEAP.setRef(constantNode, SLOT, constantFirst);
    Constant.HEAP.setRef(constantNode, SLOT, constantSecond);
  }

  /** Makes an object and releases it. */
  @Benchmark
  public void allocateRelease() {
    heap.release(heap.allocate(PAIR));
  }

  /** The same, of a constant heap. */
  @Benchmark
  public void allocateReleaseConstant() {
    Constant.HEAP.release(Constant.HEAP.allocate(PAIR));
  }

  /** Makes a list of {@value #LIST} objects, each of which owns the one before, and lets it die. */
  @Benchmark
  public void listOf1000() {
    long last = heap.allocate(PAIR);
    for (int i = 1; i < LIST; i++) {
      long next = heap.allocate(PAIR);
      heap.setRefMoved(next, SLOT, last);
      last = next;
    }
    heap.release(last);
  }
}
