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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/**
 * What does a young collection cost for each object it looks at? As many objects as make one due
 * are made before each, in some structure that is alive or garbage by then; only the collection of
 * generation 0 is timed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 2,
    jvmArgsAppend = {
      "--enable-native-access=ALL-UNNAMED",
      "-Xms256m",
      "-Xmx256m",
      "-XX:+UseSerialGC"
    })
public class YoungCollectBenchmark {

  private static final int OBJECTS = 2000;
  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();

  /** How the objects refer to each other. */
  @Param({"tree", "list", "ring", "pairs"})
  public String shape = "tree";

  /** Whether they are garbage when they are collected; a tree and a list have died by then. */
  @Param({"false", "true"})
  public boolean dead;

  /** Whether a store closes a cycle, so that the collection has to look. */
  @Param({"true", "false"})
  public boolean looks = true;

  private Heap heap = Heap.ofConfined();
  private final long[] roots = new long[OBJECTS];
  private int count;

  /** For JMH. */
  public YoungCollectBenchmark() {}

  /** Makes the heap. */
  @Setup(Level.Trial)
  public void open() {
    heap.close();
    heap = Heap.ofConfined();
    heap.collector().disable();
  }

  /** Makes the objects. */
  @Setup(Level.Invocation)
  public void make() {
    count = 0;
    switch (shape) {
      case "tree" -> roots[count++] = tree(OBJECTS);
      case "list" -> chain(OBJECTS, false);
      case "ring" -> chain(OBJECTS, true);
      default -> {
        for (int i = 0; i < OBJECTS / 2; i++) {
          chain(2, true);
        }
      }
    }
    if (looks) {
      long self = heap.allocate(NODE);
      heap.setRef(self, 0, self);
      heap.setRef(self, 0, Heap.NULL);
      heap.release(self);
    }
    if (dead) {
      drop();
    }
  }

  private long tree(int nodes) {
    if (nodes == 0) {
      return Heap.NULL;
    }
    long left = tree(nodes / 2);
    return heap.allocateOwning(NODE, left, tree(nodes - 1 - nodes / 2));
  }

  private void chain(int nodes, boolean closed) {
    long last = heap.allocate(NODE);
    long head = last;
    for (int i = 1; i < nodes; i++) {
      head = heap.allocateOwning(NODE, head, Heap.NULL);
    }
    if (closed) {
      heap.setRef(last, 1, head);
    }
    roots[count++] = head;
  }

  private void drop() {
    for (int i = 0; i < count; i++) {
      heap.release(roots[i]);
    }
    count = 0;
  }

  /**
   * Collects generation 0.
   *
   * @return how many objects were freed
   */
  @Benchmark
  @OperationsPerInvocation(OBJECTS)
  public int collect() {
    return heap.collector().collect(0);
  }

  /** Frees what is left. */
  @TearDown(Level.Invocation)
  public void clear() {
    drop();
    if (shape.equals("ring") || shape.equals("pairs")) {
      heap.collector().collect(2);
    }
  }

  /** Ends the heap. */
  @TearDown(Level.Trial)
  public void close() {
    heap.close();
  }
}
