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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.typed.Fields.LongField;
import org.ouroboros.collector.typed.Fields.RefField;

/** Do typed accessors cost what the heap's own methods cost? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--enable-native-access=ALL-UNNAMED",
      "-Xms256m",
      "-Xmx256m",
      "-XX:+UseSerialGC"
    })
public class TypedBenchmark {

  /** Nodes of the list: what fits the second-level cache. */
  static final int NODES = 10_000;

  private static final ObjectType NODE =
      ObjectType.builder("node")
          .references("next", "other")
          .field("key", ValueLayout.JAVA_LONG)
          .build();

  private static final int NEXT_SLOT = NODE.slot("next");
  private static final int OTHER_SLOT = NODE.slot("other");
  private static final long KEY_OFFSET = NODE.offset("key");

  private static final RefField NEXT = NODE.refField("next");
  private static final RefField OTHER = NODE.refField("other");
  private static final LongField KEY = NODE.longField("key");

  private Heap heap = Heap.ofConfined();
  private long first;
  private long target;

  /** For JMH. */
  public TypedBenchmark() {}

  /** Makes the list. */
  @Setup(Level.Iteration)
  public void open() {
    heap.close();
    heap = Heap.ofConfined();
    first = heap.allocate(NODE);
    long last = first;
    for (int i = 1; i < NODES; i++) {
      long node = heap.allocate(NODE);
      heap.setRefMoved(last, NEXT_SLOT, node);
      heap.setLong(node, KEY_OFFSET, i);
      last = node;
    }
    target = last;
  }

  /** Ends the heap. */
  @TearDown(Level.Iteration)
  public void close() {
    heap.close();
  }

  /**
   * Reads a field.
   *
   * @return its value
   */
  @Benchmark
  public long getFieldRaw() {
    return heap.getLong(first, KEY_OFFSET);
  }

  /**
   * Reads a field.
   *
   * @return its value
   */
  @Benchmark
  public long getFieldTyped() {
    return KEY.get(heap, first);
  }

  /** Writes a field. */
  @Benchmark
  public void setFieldRaw() {
    heap.setLong(first, KEY_OFFSET, 1);
  }

  /** Writes a field. */
  @Benchmark
  public void setFieldTyped() {
    KEY.set(heap, first, 1);
  }

  /**
   * Reads a reference.
   *
   * @return its target
   */
  @Benchmark
  public long getRefRaw() {
    return heap.getRef(first, NEXT_SLOT);
  }

  /**
   * Reads a reference.
   *
   * @return its target
   */
  @Benchmark
  public long getRefTyped() {
    return NEXT.get(heap, first);
  }

  /** Stores a reference. */
  @Benchmark
  public void setRefRaw() {
    heap.setRef(first, OTHER_SLOT, target);
  }

  /** Stores a reference. */
  @Benchmark
  public void setRefTyped() {
    OTHER.set(heap, first, target);
  }

  /**
   * Sums up a list of {@value #NODES} nodes.
   *
   * @return the sum of the keys
   */
  @Benchmark
  public long traverseRaw() {
    long sum = 0;
    for (long node = first; node != Heap.NULL; node = heap.getRef(node, NEXT_SLOT)) {
      sum += heap.getLong(node, KEY_OFFSET);
    }
    return sum;
  }

  /**
   * Sums up a list of {@value #NODES} nodes.
   *
   * @return the sum of the keys
   */
  @Benchmark
  public long traverseTyped() {
    long sum = 0;
    for (long node = first; node != Heap.NULL; node = NEXT.get(heap, node)) {
      sum += KEY.get(heap, node);
    }
    return sum;
  }
}
