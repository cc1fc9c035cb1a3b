package org.ouroboros.collector;

/**
 * A reading of a heap's counters.
 *
 * @param liveObjects objects that exist, garbage that was not collected yet among them
 * @param trackedObjects those of them that the collector looks at
 * @param liveBytes what they take: header, body and rounding
 * @param committedBytes memory of the space that is in use or kept for use
 * @param metadataBytes side tables and other Java arrays
 * @param allocations objects made since the heap was
 * @param frees objects freed
 */
public record HeapStats(
    long liveObjects,
    long trackedObjects,
    long liveBytes,
    long committedBytes,
    long metadataBytes,
    long allocations,
    long frees) {}
