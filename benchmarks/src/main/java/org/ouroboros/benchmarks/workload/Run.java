package org.ouroboros.benchmarks.workload;

/**
 * What one JVM measured.
 *
 * @param operations how many the workload did
 * @param nanos how long that took
 * @param peakBytes the most bytes that were resident in that time, less those before the allocator
 *     was opened; negative if that is not known
 */
record Run(long operations, long nanos, long peakBytes) {

  /** Operations a second. */
  double throughput() {
    return operations * 1e9 / nanos;
  }
}
