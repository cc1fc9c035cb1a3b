package org.ouroboros.benchmarks.micro;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What does alignment cost: to a cache line, and to a page of the machine? */
@State(Scope.Thread)
public class AlignedBenchmark extends AllocatorBenchmark {

  /** Bytes of a block, a multiple of the alignments. */
  private static final long SIZE = 4096;

  /** What addresses are multiples of, in bytes. */
  @Param({"64", "4096"})
  long alignment;

  /** For JMH. */
  public AlignedBenchmark() {}

  /**
   * The pair.
   *
   * @return the address the block had
   */
  @Benchmark
  public long alignedAllocFree() {
    long address = subject.alignedAlloc(alignment, SIZE);
    subject.free(address);
    return address;
  }
}
