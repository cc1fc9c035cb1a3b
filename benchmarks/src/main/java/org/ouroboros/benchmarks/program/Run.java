package org.ouroboros.benchmarks.program;

/**
 * What one process measured.
 *
 * @param operations how many it did
 * @param nanos how long they took
 * @param check what came out
 * @param memoryBytes what the memory under test takes when as much is alive as ever: of a heap of
 *     ours all that is committed, and its tables; of Java what is resident of its heap; else as
 *     {@code peakBytes}; negative if that is not known
 * @param peakBytes the most that was resident, less what was before the program began; negative if
 *     that is not known
 * @param processBytes the most that was resident; negative if that is not known
 * @param latencies of single calls
 */
record Run(
    long operations,
    long nanos,
    long check,
    long memoryBytes,
    long peakBytes,
    long processBytes,
    Latencies latencies) {

  /** The time of an operation. */
  double nanosEach() {
    return (double) nanos / operations;
  }
}
