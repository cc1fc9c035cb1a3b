package org.ouroboros.allocator.source;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A source that fails when told to, and knows which of its reservations were not released. */
public final class FailingSource implements MemorySource {

  /** What can be made to fail. */
  public enum Operation {
    RESERVE,
    COMMIT,
    PURGE
  }

  private final MemorySource delegate;
  private final boolean purges;
  private final Set<Reservation> live = ConcurrentHashMap.newKeySet();
  private final Map<Operation, Integer> calls = new EnumMap<>(Operation.class);
  private Operation failing = Operation.RESERVE;
  private int from = Integer.MAX_VALUE;
  private int to = Integer.MAX_VALUE;
  private int failures;

  /**
   * Makes one that does not fail yet.
   *
   * @param delegate what serves it
   * @param purges what {@link #purges()} says; if not, purging does nothing
   */
  public FailingSource(MemorySource delegate, boolean purges) {
    this.delegate = delegate;
    this.purges = purges;
  }

  /** Lets the n-th call from now on fail, counted from 1, and all after it. */
  public synchronized void failFrom(Operation operation, int n) {
    failing = operation;
    from = calls(operation) + n;
    to = Integer.MAX_VALUE;
  }

  /** Lets the n-th call from now on fail, counted from 1, and no other. */
  public synchronized void failOnce(Operation operation, int n) {
    failFrom(operation, n);
    to = from;
  }

  /** Lets nothing fail any more. */
  public synchronized void repair() {
    from = Integer.MAX_VALUE;
  }

  /** How many calls have failed. */
  public synchronized int failures() {
    return failures;
  }

  /** How many calls there were. */
  public synchronized int calls(Operation operation) {
    return calls.getOrDefault(operation, 0);
  }

  /** The reservations that were not released. */
  public Set<Reservation> live() {
    return Set.copyOf(live);
  }

  private synchronized void count(Operation operation) {
    int call = calls.merge(operation, 1, Integer::sum);
    if (operation == failing && call >= from && call <= to) {
      failures++;
      throw new SourceException(
          name(), operation + " number " + call, SourceException.NO_ERRNO, "as told to", null);
    }
  }

  @Override
  public String name() {
    return "failing";
  }

  @Override
  public long granularity() {
    return delegate.granularity();
  }

  @Override
  public boolean purges() {
    return purges;
  }

  @Override
  public Reservation reserve(long bytes, long alignment) {
    count(Operation.RESERVE);
    Reservation reservation = new FailingReservation(delegate.reserve(bytes, alignment));
    live.add(reservation);
    return reservation;
  }

  private final class FailingReservation implements Reservation {

    private final Reservation reservation;

    FailingReservation(Reservation reservation) {
      this.reservation = reservation;
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
    public void commit(long offset, long bytes) {
      count(Operation.COMMIT);
      reservation.commit(offset, bytes);
    }

    @Override
    public void purge(long offset, long bytes) {
      count(Operation.PURGE);
      if (purges) {
        reservation.purge(offset, bytes);
      }
    }

    @Override
    public void adviseHugePages(long offset, long bytes) {
      reservation.adviseHugePages(offset, bytes);
    }

    @Override
    public void release() {
      live.remove(this);
      reservation.release();
    }
  }
}
