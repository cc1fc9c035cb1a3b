package org.ouroboros.benchmarks.micro;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What does a step cost when a block grows, as a buffer does that is appended to? */
@State(Scope.Thread)
public class ReallocBenchmark extends AllocatorBenchmark {

  /** How often a block grows. */
  static final int STEPS = 8;

  /** By how many bytes a block grows each time, and what it begins with. */
  @Param({"16", "256"})
  long step;

  /** For JMH. */
  public ReallocBenchmark() {}

  /**
   * A block that grows by equal steps and is freed; the time is that of one step.
   *
   * @return the address the block had at last
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public long grow() {
    long address = subject.malloc(step);
    for (int i = 2; i <= STEPS + 1; i++) {
      address = subject.realloc(address, i * step);
    }
    subject.free(address);
    return address;
  }
}
