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

/** What does an operation of a map with many entries take, in random order? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xms1g", "-Xmx1g"})
public class MapBenchmark {

  /** What the map maps. */
  @Param MapUnderTest.Kind kind = MapUnderTest.Kind.LONG_LONG;

  /** Whose it is. */
  @Param CollectionUnderTest.Maker maker = CollectionUnderTest.Maker.OUROBOROS;

  /** How many entries it has. */
  @Param("1000000")
  int entries;

  private MapUnderTest map = MapUnderTest.open(kind, maker, 0);
  private int[] order = {};
  private int at;

  /** For JMH. */
  public MapBenchmark() {}

  /** Fills the map. */
  @Setup(Level.Trial)
  public void fill() {
    map.close();
    map = MapUnderTest.open(kind, maker, entries);
    map.prepare();
    order = new Random(1).ints(entries, 0, entries).toArray();
    for (int i = 0; i < entries; i++) {
      map.put(i);
    }
  }

  /** Ends the map. */
  @TearDown(Level.Trial)
  public void close() {
    map.close();
  }

  private int next() {
    int i = at;
    at = i + 1 == order.length ? 0 : i + 1;
    return order[i];
  }

  /**
   * Looks an entry up.
   *
   * @return whether it is there
   */
  @Benchmark
  public boolean get() {
    return map.get(next());
  }

  /** Replaces the value of an entry by that of another one. */
  @Benchmark
  public void put() {
    int number = next();
    map.put(number, order[at]);
  }

  /**
   * Removes an entry and puts it again.
   *
   * @return whether it was there
   */
  @Benchmark
  public boolean removeAndPut() {
    int number = next();
    boolean removed = map.remove(number);
    map.put(number);
    return removed;
  }

  /**
   * Fills an empty map.
   *
   * @return its size
   */
  @Benchmark
  public int build() {
    map.clear();
    for (int i = 0; i < entries; i++) {
      map.put(i);
    }
    return map.size();
  }
}
