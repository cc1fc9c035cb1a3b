package org.ouroboros.allocator.statistics;

import org.ouroboros.allocator.AllocatorStats;

/**
 * The figures of an allocator in a statistics file, in the order in which they stand there; see
 * {@link AllocatorStats}. A figure that is not known is {@link AllocatorStats#UNKNOWN}.
 */
public enum AllocatorFigure {
  /** {@link AllocatorStats#liveBlocks()}. */
  LIVE_BLOCKS,
  /** {@link AllocatorStats#liveBytes()}. */
  LIVE_BYTES,
  /** {@link AllocatorStats#reservedBytes()}. */
  RESERVED_BYTES,
  /** {@link AllocatorStats#committedBytes()}. */
  COMMITTED_BYTES,
  /** {@link AllocatorStats#peakCommittedBytes()}. */
  PEAK_COMMITTED_BYTES,
  /** {@link AllocatorStats#purgedBytes()}. */
  PURGED_BYTES,
  /** {@link AllocatorStats#metadataBytes()}. */
  METADATA_BYTES;

  /** The figures of a reading, in this order. */
  static long[] of(AllocatorStats stats) {
    return new long[] {
      stats.liveBlocks(),
      stats.liveBytes(),
      stats.reservedBytes(),
      stats.committedBytes(),
      stats.peakCommittedBytes(),
      stats.purgedBytes(),
      stats.metadataBytes()
    };
  }
}
