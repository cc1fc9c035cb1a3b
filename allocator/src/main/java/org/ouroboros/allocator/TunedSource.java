package org.ouroboros.allocator;

import java.lang.foreign.MemorySegment;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.Reservation;

/**
 * A source whose memory is locked, kept, or asked for in huge pages, as the builder of the default
 * allocator was told: what it takes for short tails is done where memory is committed, and costs
 * the paths above nothing.
 *
 * <p>Thread rule: any thread.
 *
 * @param inner the source that serves
 * @param lock whether all that is committed is locked too
 * @param hugePages whether huge pages are asked for
 * @param keep whether nothing is purged
 */
record TunedSource(MemorySource inner, boolean lock, boolean hugePages, boolean keep)
    implements MemorySource {

  /** The size of a huge page on x86-64, and on others with pages of 4 KiB. */
  private static final long HUGE_PAGE = 2L << 20;

  /** The source itself if there is nothing to tune. */
  static MemorySource of(MemorySource source, boolean lock, boolean hugePages, boolean keep) {
    return lock || hugePages || keep ? new TunedSource(source, lock, hugePages, keep) : source;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public long granularity() {
    return inner.granularity();
  }

  @Override
  public boolean purges() {
    // The kernel refuses to purge what is locked.
    return inner.purges() && !keep && !lock;
  }

  @Override
  public Reservation reserve(long bytes, long alignment) {
    long wanted = hugePages && bytes >= HUGE_PAGE ? Math.max(alignment, HUGE_PAGE) : alignment;
    Reservation reservation = inner.reserve(bytes, wanted);
    if (hugePages) {
      reservation.adviseHugePages(0, bytes);
    }
    return new Tuned(reservation);
  }

  private final class Tuned implements Reservation {

    private final Reservation reservation;

    Tuned(Reservation reservation) {
      this.reservation = reservation;
    }

    @Override
    public void commit(long offset, long bytes) {
      long end = hugePages ? endOfHugePage(offset + bytes) : offset + bytes;
      reservation.commit(offset, end - offset);
      if (lock) {
        reservation.lock(offset, end - offset);
      }
    }

    /** The kernel backs a range with a huge page only if all of it may be touched. */
    private long endOfHugePage(long end) {
      return Math.min(reservation.size(), (end + HUGE_PAGE - 1) & -HUGE_PAGE);
    }

    @Override
    public void purge(long offset, long bytes) {
      if (purges()) {
        reservation.purge(offset, bytes);
      }
    }

    @Override
    public long address() {
      return reservation.address();
    }

    @Override
    public long size() {
      return reservation.size();
    }

    @Override
    public MemorySegment segment() {
      return reservation.segment();
    }

    @Override
    public void adviseHugePages(long offset, long bytes) {
      reservation.adviseHugePages(offset, bytes);
    }

    @Override
    public void lock(long offset, long bytes) {
      reservation.lock(offset, bytes);
    }

    @Override
    public void release() {
      reservation.release();
    }
  }
}
