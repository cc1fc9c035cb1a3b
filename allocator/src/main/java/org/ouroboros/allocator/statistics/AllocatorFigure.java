package org.ouroboros.allocator.statistics;

import org.ouroboros.allocator.AllocatorStats;

/**
 * The figures of an allocator in a statistics file, in the order in which they stand there; see
 * {@link AllocatorStats}. A figure that is not known is {@link AllocatorStats#UNKNOWN}.
 */
public enum AllocatorFigure {
  /** {@link AllocatorStats#liveBlocks()}. */
  LIVE_BLOCKS(0),
  /** {@link AllocatorStats#liveBytes()}. */
  LIVE_BYTES(1),
  /** {@link AllocatorStats#reservedBytes()}. */
  RESERVED_BYTES(2),
  /** {@link AllocatorStats#committedBytes()}. */
  COMMITTED_BYTES(3),
  /** {@link AllocatorStats#peakCommittedBytes()}. */
  PEAK_COMMITTED_BYTES(4),
  /** {@link AllocatorStats#purgedBytes()}. */
  PURGED_BYTES(5),
  /** {@link AllocatorStats#metadataBytes()}. */
  METADATA_BYTES(6);

  private final int position;

  AllocatorFigure(int position) {
    this.position = position;
  }

  /**
   * Where the figure stands.
   *
   * @return its position, from 0
   */
  public int position() {
    return position;
  }

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
