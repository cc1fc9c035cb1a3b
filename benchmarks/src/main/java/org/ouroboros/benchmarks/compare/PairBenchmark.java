package org.ouroboros.benchmarks.compare;

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

/**
 * What does a block outside the Java heap cost, allocated, written to and given back, in the ways
 * that there are? By itself it runs what needs no flags; {@code compare} brings them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class PairBenchmark {

  /** The name of the peer. */
  @Param({"ouroboros-confined", "ouroboros", "libc", "netty-adaptive", "netty-pooled", "unsafe"})
  String peer;

  /** Bytes of a block. */
  @Param({"64", "1024", "16384"})
  int size;

  private Pair subject;

  /** For JMH. */
  public PairBenchmark() {}

  /** Opens the peer in the thread that is going to call it. */
  @Setup(Level.Trial)
  public void open() {
    subject = Peer.of(peer).open();
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() {
    subject.close();
  }

  /**
   * The pair.
   *
   * @return something that depends on the block
   */
  @Benchmark
  public long pair() {
    return subject.once(size);
  }
}
