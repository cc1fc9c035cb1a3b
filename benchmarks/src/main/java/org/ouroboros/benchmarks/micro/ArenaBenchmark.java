package org.ouroboros.benchmarks.micro;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
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
import org.ouroboros.benchmarks.micro.ArenasUnderTest.Opener;

/**
 * What does an arena cost that is opened, allocates one block and is closed: ours over an allocator
 * against the JDK's? Not escaping, the JIT sees all of its life; escaping, the arena and the
 * segment are passed to methods that it does not inline.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class ArenaBenchmark {

  /** Whose arena: {@code jdk}, or the name of the allocator below ours. */
  @Param({ArenasUnderTest.JDK, AllocatorUnderTest.CONFINED, AllocatorUnderTest.SHARED})
  String allocator;

  /** Bytes of the block. */
  @Param("64")
  long size;

  private ArenasUnderTest opened;
  private Opener confined;
  private Opener shared;

  /** For JMH. */
  public ArenaBenchmark() {}

  /** Opens the allocator in the thread that is going to use it. */
  @Setup
  public void open() {
    opened = ArenasUnderTest.open(allocator);
    confined = opened.confined();
    shared = opened.shared();
  }

  /** Closes the allocator. */
  @TearDown
  public void close() {
    opened.close();
  }

  /**
   * A confined arena that the JIT sees all of.
   *
   * @return the address the block had
   */
  @Benchmark
  public long confinedNotEscaping() {
    try (Arena arena = confined.open()) {
      return arena.allocate(size).address();
    }
  }

  /**
   * A confined arena that is passed on.
   *
   * @return the address the block had
   */
  @Benchmark
  public long confinedEscaping() {
    try (Arena arena = confined.open()) {
      return allocate(arena);
    }
  }

  /**
   * A shared arena, its share of the handshakes included.
   *
   * @return the address the block had
   */
  @Benchmark
  public long sharedAmortised() {
    try (Arena arena = shared.open()) {
      return arena.allocate(size).address();
    }
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private long allocate(Arena arena) {
    return use(arena.allocate(size));
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private long use(MemorySegment segment) {
    return segment.address();
  }
}
