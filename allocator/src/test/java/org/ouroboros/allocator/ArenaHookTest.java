package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.MmapSource;
import org.ouroboros.allocator.source.Reservation;

/**
 * The counterpart of CPython's {@code PyObject_SetArenaAllocator}: an embedder brings a memory
 * source and sees all that the allocator does with memory.
 */
class ArenaHookTest {

  @Test
  void shouldSeeEveryCallWhenTheEmbedderBringsTheSource() {
    Hook hook =
        new Hook(MmapSource.isSupported() ? MmapSource.create() : MappedFileSource.create());
    List<Long> blocks = new ArrayList<>();
    try (OuroborosAllocator allocator =
        OuroborosAllocator.builder()
            .source(hook)
            .reservation(256 << 20)
            .purgeDelay(Duration.ZERO)
            .build()) {
      assertThat(hook.count("reserve")).isEqualTo(1);
      assertThat(hook.count("commit")).isZero();
      for (int i = 0; i < 1000; i++) {
        blocks.add(allocator.malloc(i * 100L));
      }
      long huge = allocator.malloc(64 << 20);
      assertThat(hook.count("commit")).isPositive();
      assertThat(hook.count("reserve")).isEqualTo(2);
      assertThat(blocks).allMatch(hook::isCommitted);
      assertThat(hook.isCommitted(huge)).isTrue();
      assertThat(allocator.stats().committedBytes()).isLessThanOrEqualTo(hook.committedBytes());

      allocator.free(huge);
      blocks.forEach(allocator::free);
      allocator.purge();
      assertThat(hook.count("purge") + hook.count("release")).isPositive();
    }
    assertThat(hook.count("release")).isEqualTo(hook.count("reserve"));
    assertThat(hook.committed).isEmpty();
  }

  /** A source that passes everything on and writes it down. */
  private static final class Hook implements MemorySource {

    private final MemorySource source;
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    /** Bytes by address, of ranges that were committed. */
    private final TreeMap<Long, Long> committed = new TreeMap<>();

    Hook(MemorySource source) {
      this.source = source;
    }

    int count(String call) {
      return Collections.frequency(calls, call);
    }

    synchronized boolean isCommitted(long address) {
      var range = committed.floorEntry(address);
      return range != null && address < range.getKey() + range.getValue();
    }

    synchronized long committedBytes() {
      return committed.values().stream().mapToLong(Long::longValue).sum();
    }

    private synchronized void commit(long address, long bytes) {
      calls.add("commit");
      committed.merge(address, bytes, Math::max);
    }

    private synchronized void release(Reservation reservation) {
      calls.add("release");
      committed.subMap(reservation.address(), reservation.address() + reservation.size()).clear();
    }

    @Override
    public String name() {
      return "hook on " + source.name();
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
      calls.add("reserve");
      return new Hooked(this, source.reserve(bytes, alignment));
    }
  }

  private record Hooked(Hook hook, Reservation reservation) implements Reservation {

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
      hook.commit(reservation.address() + offset, bytes);
    }

    @Override
    public void purge(long offset, long bytes) {
      hook.calls.add("purge");
      reservation.purge(offset, bytes);
    }

    @Override
    public void adviseHugePages(long offset, long bytes) {
      reservation.adviseHugePages(offset, bytes);
    }

    @Override
    public void release() {
      reservation.release();
      hook.release(reservation);
    }
  }
}
