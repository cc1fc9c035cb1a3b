package org.ouroboros.benchmarks.micro;

import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/** What does a heap's operation cost in each mode, and on each space? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--enable-native-access=ALL-UNNAMED",
      "-Xms256m",
      "-Xmx256m",
      "-XX:+UseSerialGC"
    })
public class HeapModesBenchmark {

  private static final ObjectType NODE =
      ObjectType.builder("node").references(2).field("key", ValueLayout.JAVA_LONG).build();

  private static final long KEY = NODE.offset("key");

  /** How much misuse is detected. */
  @Param({"NORMAL", "CHECKED", "DEBUG"})
  HeapMode mode;

  /** Where the objects are: {@code paged}, or the name of an allocator. */
  @Param({"paged", "ouroboros"})
  String space;

  private Heap heap;
  private long node;
  private long first;
  private long second;

  /** For JMH. */
  public HeapModesBenchmark() {}

  /** Makes the heap. */
  @Setup(Level.Iteration)
  public void open() {
    HeapOptions options = HeapOptions.DEFAULT.withMode(mode);
    heap =
        Heap.ofConfined(
            space.equals("paged") ? options : options.withAllocator(() -> Allocators.of(space)));
    node = heap.allocate(NODE);
    first = heap.allocate(NODE);
    second = heap.allocate(NODE);
  }

  /** Ends the heap. */
  @TearDown(Level.Iteration)
  public void close() {
    heap.close();
  }

  /** Takes a reference and gives it back. */
  @Benchmark
  public void retainRelease() {
    heap.retain(node);
    heap.release(node);
  }

  /**
   * Reads a slot.
   *
   * @return what it names
   */
  @Benchmark
  public long getRef() {
    return heap.getRef(node, 0);
  }

  /** Replaces a reference by another. */
  @Benchmark
  public void setRef() {
    heap.setRef(node, 0, first);
    long other = first;
    first = second;
    second = other;
  }

  /** Reads a field and writes it. */
  @Benchmark
  public void field() {
    heap.setLong(node, KEY, heap.getLong(node, KEY) + 1);
  }

  /** Makes an object with two references and a field, and releases it. */
  @Benchmark
  public void allocateRelease() {
    heap.release(heap.allocate(NODE));
  }
}
