package org.ouroboros.benchmarks.micro;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What does it cost to take a block and give it back at once? */
@State(Scope.Thread)
public class MallocFreeBenchmark extends AllocatorBenchmark {

  /** Bytes of a block. */
  @Param("64")
  long size;

  /** For JMH. */
  public MallocFreeBenchmark() {}

  /**
   * The pair.
   *
   * @return the address the block had
   */
  @Benchmark
  public long mallocFree() {
    long address = subject.malloc(size);
    subject.free(address);
    return address;
  }
}
