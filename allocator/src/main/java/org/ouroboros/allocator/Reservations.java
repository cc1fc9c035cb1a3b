package org.ouroboros.allocator;

import java.util.OptionalLong;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.Reservation;
import org.ouroboros.allocator.source.SourceException;

/** Decides how much address space an allocator reserves. */
final class Reservations {

  /** Reservations are aligned to this, so that large alignments waste little. */
  private static final long ALIGNMENT = 4L << 20;

  /** Less than this is not worth having: the failure is reported. */
  private static final long LEAST = 64L << 20;

  private static final long PAGE = 64L << 10;

  /** How many times its memory limit a container's allocator reserves. */
  private static final long HOLES = 4;

  private Reservations() {}

  /**
   * Reserves what was asked for; or, if that is 0, as much as makes sense, halving where the source
   * refuses.
   */
  static Reservation reserve(MemorySource source, long bytes) {
    if (bytes > 0) {
      return source.reserve((bytes + PAGE - 1) & -PAGE, ALIGNMENT);
    }
    long wanted = defaultBytes(source);
    while (true) {
      try {
        return source.reserve(wanted, ALIGNMENT);
      } catch (SourceException e) {
        wanted >>>= 1;
        if (wanted < LEAST) {
          throw e;
        }
      }
    }
  }

  /**
   * More than most machines have, to leave room for holes, and little of the 128 TiB there are. A
   * mapped file is asked for less: some file systems refuse large ones, even sparse. A container
   * cannot use more than it may have, but for those holes.
   */
  private static long defaultBytes(MemorySource source) {
    MemorySource backing = source instanceof TunedSource tuned ? tuned.inner() : source;
    long most = backing.purges() ? 256L << 30 : 16L << 30;
    return defaultBytes(most, MemoryLimit.read());
  }

  /** The same for a container. */
  static long defaultBytes(long most, OptionalLong limit) {
    return limit.isPresent() && limit.getAsLong() < most / HOLES
        ? Math.max(LEAST, (limit.getAsLong() * HOLES + PAGE - 1) & -PAGE)
        : most;
  }
}
