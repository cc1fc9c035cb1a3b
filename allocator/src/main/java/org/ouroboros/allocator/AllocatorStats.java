package org.ouroboros.allocator;

import java.util.List;

/**
 * A reading of an allocator's counters. All sizes are in bytes. A figure that the allocator does
 * not know is {@link #UNKNOWN}; native libraries know hardly any.
 *
 * @param allocator the allocator's name
 * @param liveBlocks blocks that were handed out and not freed
 * @param liveBytes usable bytes of those blocks
 * @param reservedBytes address space held, whether or not memory stands behind it
 * @param committedBytes address space that may be backed by memory now: in use, or free and not yet
 *     purged
 * @param peakCommittedBytes the most {@code committedBytes} has been
 * @param purgedBytes bytes given back to the operating system so far, counted each time
 * @param metadataBytes what the allocator's own tables take, on the Java heap or off it
 * @param sizeClasses a row for each size class that has been used; empty where unknown
 */
public record AllocatorStats(
    String allocator,
    long liveBlocks,
    long liveBytes,
    long reservedBytes,
    long committedBytes,
    long peakCommittedBytes,
    long purgedBytes,
    long metadataBytes,
    List<SizeClassStats> sizeClasses) {

  /** The value of a figure that is not known. */
  public static final long UNKNOWN = -1;

  /** Copies the list, so that a reading never changes. */
  public AllocatorStats {
    sizeClasses = List.copyOf(sizeClasses);
  }

  /**
   * The reading of an allocator that knows nothing of itself.
   *
   * @param allocator its name
   * @return a reading in which every figure is {@link #UNKNOWN}
   */
  public static AllocatorStats unknown(String allocator) {
    return new AllocatorStats(
        allocator, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, List.of());
  }

  /**
   * The same figures under another allocator's name: that of a decorator.
   *
   * @param name its name
   * @return the reading
   */
  public AllocatorStats withAllocator(String name) {
    return new AllocatorStats(
        name,
        liveBlocks,
        liveBytes,
        reservedBytes,
        committedBytes,
        peakCommittedBytes,
        purgedBytes,
        metadataBytes,
        sizeClasses);
  }

  /**
   * The figures of one size class.
   *
   * @param blockSize bytes of one block
   * @param pages pages that serve the class
   * @param liveBlocks blocks handed out and not freed
   * @param freeBlocks blocks of those pages that are not handed out
   */
  public record SizeClassStats(long blockSize, long pages, long liveBlocks, long freeBlocks) {}
}
