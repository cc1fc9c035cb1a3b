package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentSkipListMap;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.Reservation;

/**
 * A memory source that knows which mappings are its own, so that their resident size can be told
 * from the rest of the JVM's.
 *
 * <p>Where every byte of every block is written, resident memory falls only when something is
 * purged or released; so a reading just before each of those, and one at the end, finds the peak.
 * {@code beforePurge} is called there.
 */
final class WatchedSource implements MemorySource {

  private final MemorySource source;

  /** End of each reservation that is not released, by its beginning. */
  private final ConcurrentSkipListMap<Long, Long> ranges = new ConcurrentSkipListMap<>();

  private volatile Runnable beforePurge = () -> {};

  WatchedSource(MemorySource source) {
    this.source = source;
  }

  void beforePurge(Runnable action) {
    beforePurge = action;
  }

  /**
   * Bytes of the reservations that are resident now. A mapping that the kernel has merged with a
   * neighbour outside them counts in full.
   */
  long resident() {
    try {
      return Smaps.resident((begin, end, name) -> isOurs(begin, end));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isOurs(long begin, long end) {
    var below = ranges.lowerEntry(end);
    return below != null && below.getValue() > begin;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public long granularity() {
    return source.granularity();
  }

  @Override
  public boolean purges() {
    return source.purges();
  }

  @Override
  public Reservation reserve(long bytes, long alignment) {
    Reservation reservation = source.reserve(bytes, alignment);
    ranges.put(reservation.address(), reservation.address() + reservation.size());
    return new Watched(reservation);
  }

  private final class Watched implements Reservation {

    private final Reservation reservation;

    Watched(Reservation reservation) {
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
      reservation.commit(offset, bytes);
    }

    @Override
    public void purge(long offset, long bytes) {
      beforePurge.run();
      reservation.purge(offset, bytes);
    }

    @Override
    public void adviseHugePages(long offset, long bytes) {
      reservation.adviseHugePages(offset, bytes);
    }

    @Override
    public void release() {
      beforePurge.run();
      ranges.remove(reservation.address());
      reservation.release();
    }
  }
}
