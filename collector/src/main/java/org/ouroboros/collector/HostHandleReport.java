package org.ouroboros.collector;

import java.util.List;

/**
 * What has become of a heap's {@linkplain HostHandle host handles}. Those that nobody closed are no
 * error, but their objects lived longer than they had to.
 *
 * @param made how many were made
 * @param closed how many were closed
 * @param unreachable how many were found unreachable before they were closed, and their references
 *     given back by the heap
 * @param origins of the unreachable ones, by type and place, most handles first; empty unless
 *     {@linkplain HeapOptions#handleStacks stacks} are noted. Bounded: handles of more than {@value
 *     #MOST_ORIGINS} are only counted in {@code unreachable}
 */
public record HostHandleReport(long made, long closed, long unreachable, List<Origin> origins) {

  /** How many origins are told apart. */
  public static final int MOST_ORIGINS = 256;

  /** Makes one. */
  public HostHandleReport {
    origins = List.copyOf(origins);
  }

  /**
   * Handles that still own their reference; those the JVM has found unreachable, and the heap not
   * yet given back, are among them.
   *
   * @return 0 or more
   */
  public long open() {
    return made - closed - unreachable;
  }

  /**
   * Where handles were made that nobody closed.
   *
   * @param type of their objects
   * @param handles how many
   * @param stack of the first one's making
   */
  public record Origin(String type, long handles, Throwable stack) {}
}
