package org.ouroboros.allocator.management;

import java.util.List;
import org.ouroboros.allocator.AllocatorStats.SizeClassStats;

/**
 * An allocator, as JMX clients see it. Each attribute is read when it is asked for, by the thread
 * that asks: a walk over the pages' metadata, not over blocks. Sizes are in bytes; -1 is a figure
 * that the allocator does not know.
 */
public interface AllocatorMXBean {

  /**
   * The name of the kind of allocator.
   *
   * @return such as {@code ouroboros_debug}
   */
  String getAllocator();

  /**
   * Blocks that were handed out and not freed.
   *
   * @return blocks, or -1
   */
  long getLiveBlocks();

  /**
   * Usable bytes of the live blocks.
   *
   * @return bytes, or -1
   */
  long getLiveBytes();

  /**
   * Address space held.
   *
   * @return bytes, or -1
   */
  long getReservedBytes();

  /**
   * Address space that may be backed by memory now.
   *
   * @return bytes, or -1
   */
  long getCommittedBytes();

  /**
   * The most {@link #getCommittedBytes} has been.
   *
   * @return bytes, or -1
   */
  long getPeakCommittedBytes();

  /**
   * What was given back to the operating system so far, counted each time.
   *
   * @return bytes, or -1
   */
  long getPurgedBytes();

  /**
   * What the allocator's own tables take.
   *
   * @return bytes, or -1
   */
  long getMetadataBytes();

  /**
   * The size classes that have been used.
   *
   * @return a row each; empty where unknown
   */
  List<SizeClassStats> getSizeClasses();

  /**
   * Whether {@link #purge} can do anything.
   *
   * @return false if memory stays until the allocator is closed
   */
  boolean isPurgeable();

  /**
   * Gives all free memory back to the operating system.
   *
   * @throws IllegalStateException if the allocator cannot, is closed, or failed to; the message
   *     says which
   */
  void purge();
}
