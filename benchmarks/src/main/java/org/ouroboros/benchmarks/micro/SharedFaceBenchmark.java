package org.ouroboros.benchmarks.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.ouroboros.allocator.Allocator;

/**
 * What does the pair of {@link MallocFreeBenchmark} cost through an allocator that any thread may
 * call: from one platform thread, from one virtual thread, from two threads at once?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class SharedFaceBenchmark {

  /** The name of the allocator, see {@link AllocatorBenchmark}; not a confined one. */
  @Param({"ouroboros", "libc", "mimalloc", "jemalloc", "tcmalloc"})
  String allocator;

  /** Bytes of a block. */
  @Param("64")
  long size;

  private Allocator subject;
  private AllocatorUnderTest opened;

  /** For JMH. */
  public SharedFaceBenchmark() {}

  /** Opens the allocator that all threads share. */
  @Setup
  public void open() {
    opened = AllocatorUnderTest.open(allocator);
    subject = opened.allocator();
  }

  /** Closes the allocator. */
  @TearDown
  public void close() {
    opened.close();
  }

  /**
   * One platform thread.
   *
   * @return the address the block had
   */
  @Benchmark
  public long platformThread() {
    return mallocFree();
  }

  /**
   * One virtual thread.
   *
   * @return the address the block had
   */
  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Djmh.executor=VIRTUAL"})
  public long virtualThread() {
    return mallocFree();
  }

  /**
   * Two platform threads, each with blocks of its own.
   *
   * @return the address the block had
   */
  @Benchmark
  @Threads(2)
  public long twoThreads() {
    return mallocFree();
  }

  private long mallocFree() {
    long address = subject.malloc(size);
    subject.free(address);
    return address;
  }
}
