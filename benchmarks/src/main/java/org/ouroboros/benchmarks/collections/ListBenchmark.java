package org.ouroboros.benchmarks.collections;

import java.util.Random;
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

/** What does an operation of a list with many elements take? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xms1g", "-Xmx1g"})
public class ListBenchmark {

  /** What it is a list of. */
  @Param ListUnderTest.Kind kind = ListUnderTest.Kind.LONGS;

  /** Whose it is. */
  @Param({"OUROBOROS", "JAVA"})
  CollectionUnderTest.Maker maker = CollectionUnderTest.Maker.OUROBOROS;

  /** How many elements it has. */
  @Param("1000000")
  int entries;

  private ListUnderTest list =
      ListUnderTest.open(ListUnderTest.Kind.LONGS, CollectionUnderTest.Maker.JAVA, 0);
  private int[] order = {};
  private int at;

  /** For JMH. */
  public ListBenchmark() {}

  /** Fills the list. */
  @Setup(Level.Trial)
  public void fill() {
    list.close();
    list = ListUnderTest.open(kind, maker, entries);
    list.prepare();
    order = new Random(1).ints(entries, 0, entries).toArray();
    for (int i = 0; i < entries; i++) {
      list.put(i);
    }
  }

  /** Ends the list. */
  @TearDown(Level.Trial)
  public void close() {
    list.close();
  }

  private int next() {
    int i = at;
    at = i + 1 == order.length ? 0 : i + 1;
    return order[i];
  }

  /** Appends an element; to a new list when the last one is full, so that growing is counted. */
  @Benchmark
  public void append() {
    int size = at;
    if (size == 0 || size == entries) {
      list.clear();
      size = 0;
    }
    at = size + 1;
    list.put(size);
  }

  /**
   * Reads an element, in random order.
   *
   * @return the number of its value
   */
  @Benchmark
  public long get() {
    return list.get(next());
  }

  /** Replaces an element by the value of another one, in random order. */
  @Benchmark
  public void set() {
    int index = next();
    list.set(index, order[at]);
  }

  /**
   * Reads all elements.
   *
   * @return the sum of the numbers of their values
   */
  @Benchmark
  public long iterate() {
    return list.sum();
  }
}
