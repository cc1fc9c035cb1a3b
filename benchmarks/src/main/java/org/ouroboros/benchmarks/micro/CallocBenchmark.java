package org.ouroboros.benchmarks.micro;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What does a block cost that has to be zeroed, when the memory was used before? */
@State(Scope.Thread)
public class CallocBenchmark extends AllocatorBenchmark {

  /** Bytes of a block. */
  @Param({"64", "4096"})
  long size;

  /** For JMH. */
  public CallocBenchmark() {}

  /**
   * The pair.
   *
   * @return the address the block had
   */
  @Benchmark
  public long callocFree() {
    long address = subject.calloc(1, size);
    subject.free(address);
    return address;
  }
}
