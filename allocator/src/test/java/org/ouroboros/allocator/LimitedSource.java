package org.ouroboros.allocator;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.Reservation;
import org.ouroboros.allocator.source.SourceException;

/**
 * A source with so much memory and no more, as in a small container. What was committed counts
 * until its reservation is released.
 *
 * @param inner the source that serves
 * @param left bytes that may still be committed
 */
record LimitedSource(MemorySource inner, AtomicLong left) implements MemorySource {

  LimitedSource(MemorySource inner, long bytes) {
    this(inner, new AtomicLong(bytes));
  }

  @Override
  public String name() {
    return "limited";
  }

  @Override
  public long granularity() {
    return inner.granularity();
  }

  @Override
  public boolean purges() {
    return inner.purges();
  }

  @Override
  public Reservation reserve(long bytes, long alignment) {
    return new Limited(inner.reserve(bytes, alignment), new AtomicLong());
  }

  private final class Limited implements Reservation {

    private final Reservation reservation;
    private final AtomicLong taken;

    Limited(Reservation reservation, AtomicLong taken) {
      this.reservation = reservation;
      this.taken = taken;
    }

    @Override
    public void commit(long offset, long bytes) {
      if (left.addAndGet(-bytes) < 0) {
        left.addAndGet(bytes);
        throw new SourceException(
            name(), "commit of " + bytes + " bytes", SourceException.NO_ERRNO, "no memory", null);
      }
      reservation.commit(offset, bytes);
      taken.addAndGet(bytes);
    }

    @Override
    public void purge(long offset, long bytes) {
      reservation.purge(offset, bytes);
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
    public void release() {
      left.addAndGet(taken.getAndSet(0));
      reservation.release();
    }
  }
}
