package org.ouroboros.allocator.trace;

import java.util.Locale;

/**
 * A block that was live.
 *
 * @param domain the ordinal of its {@link org.ouroboros.allocator.Domain}; {@link
 *     TracingAllocator#FIRST_FOREIGN_DOMAIN} or more if it was {@link TracingAllocator#track
 *     tracked by hand}
 * @param address where it begins
 * @param size bytes that were asked for
 * @param weight for how many blocks of this size it stands: 1, or more if it was sampled
 * @param traceback where it was allocated
 */
public record Trace(int domain, long address, long size, double weight, Traceback traceback) {

  /** One line. */
  @Override
  public String toString() {
    String times = weight == 1 ? "" : String.format(Locale.ROOT, " x %.1f", weight);
    return traceback + ": " + Statistic.bytes(size) + times;
  }
}
