package org.ouroboros.benchmarks.micro;

import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;
import org.ouroboros.allocator.Allocator;

/**
 * What the benchmarks of one thread have in common: an allocator for each thread, opened by it.
 *
 * <p>Names are those of {@link org.ouroboros.allocator.Allocators}; {@code ouroboros} is the shared
 * face of the default allocator and {@code ouroboros-confined} a confined view. With {@code
 * -critical} behind the name of a C library, all its functions are called by critical downcalls and
 * without any check: the cheapest way there is from Java. With {@code -budget1} or {@code -budget3}
 * behind a name, the calls go through a {@link org.ouroboros.allocator.budget.Budget} of that
 * depth.
 *
 * <p>A fork has one allocator, so that calls through the interface have one target, as in a program
 * that uses one. The field has the interface's type, as a program's would.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public abstract class AllocatorBenchmark {

  /** The name of the allocator. */
  @Param({
    "ouroboros-confined",
    "ouroboros",
    "libc",
    "mimalloc",
    "jemalloc",
    "tcmalloc",
    "libc-critical",
    "mimalloc-critical",
    "jemalloc-critical",
    "tcmalloc-critical"
  })
  String allocator;

  /** The allocator under test. */
  Allocator subject;

  private AllocatorUnderTest opened;

  AllocatorBenchmark() {}

  /** Opens the allocator in the thread that is going to call it. */
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
}
