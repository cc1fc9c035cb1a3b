package org.ouroboros.benchmarks.compare;

import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.netty.NettyAllocationManager;
import org.apache.arrow.memory.unsafe.UnsafeAllocationManager;
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
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.arrow.OuroborosAllocationManager;

/**
 * What does one of Arrow's buffers cost, allocated, written to and released, on this project's
 * memory and on Arrow's two ways of its own? Most of it is Arrow's accounting, the same for all.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--enable-native-access=ALL-UNNAMED",
      "--add-opens=java.base/java.nio=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
      "-Darrow.allocation.manager.type=Unsafe",
      "-Dio.netty.noUnsafe=false",
      "-Dio.netty.leakDetection.level=disabled",
      "-Dslf4j.internal.verbosity=ERROR"
    })
@Warmup(iterations = 10, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class ArrowBenchmark {

  /** Whose memory; {@code ouroboros-16} is aligned to 16 bytes instead of 64. */
  @Param({"ouroboros", "ouroboros-16", "unsafe", "netty"})
  String manager;

  /** Bytes of a buffer. */
  @Param({"64", "1024", "16384"})
  long size;

  private Allocator memory;
  private RootAllocator root;

  /** For JMH. */
  public ArrowBenchmark() {}

  /** Makes the root. */
  @Setup(Level.Trial)
  public void open() {
    memory = OuroborosAllocator.create();
    root =
        new RootAllocator(
            RootAllocator.configBuilder().allocationManagerFactory(factory()).build());
  }

  private AllocationManager.Factory factory() {
    return switch (manager) {
      case "ouroboros" -> OuroborosAllocationManager.factory(memory);
      case "ouroboros-16" -> OuroborosAllocationManager.factory(memory, Allocator.MIN_ALIGNMENT);
      case "unsafe" -> UnsafeAllocationManager.FACTORY;
      case "netty" -> NettyAllocationManager.FACTORY;
      default -> throw new IllegalArgumentException("no such manager: " + manager);
    };
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() {
    root.close();
    memory.close();
  }

  /**
   * The pair.
   *
   * @return something that depends on the buffer
   */
  @Benchmark
  public long pair() {
    try (ArrowBuf buffer = root.buffer(size)) {
      buffer.setByte(0, 1);
      return buffer.memoryAddress();
    }
  }
}
