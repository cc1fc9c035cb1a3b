package org.ouroboros.collector.heap;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.LongArrayList;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.CloseReport;
import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * What happens to a heap before its memory is given back: all is counted that is left, then every
 * finalizer runs that has not run yet, on objects that are intact as far as earlier finalizers left
 * them so.
 *
 * <p>Thread rule: as the heap. Used once.
 */
final class Closing {

  /** How often new objects are looked for while older ones wait. */
  private static final int MOST_LOOKS = 100;

  private final ConfinedHeap heap;
  private final ObjectStore store;
  private final SideTables sides;
  private final Map<String, Long> byType = new HashMap<>();
  private long externallyHeld;

  Closing(ConfinedHeap heap) {
    this.heap = heap;
    this.store = heap.store;
    this.sides = store.sides;
  }

  CloseReport finish(@Nullable Ledger ledger) {
    heap.cycles().reportGarbageAtClose();
    int uncollectable = heap.cycles().garbage().size();
    long objects = store.liveObjects();
    long bytes = store.liveBytes();
    count();
    List<CloseReport.Owner> owners = ledger == null ? List.of() : ledger.owners(heap);
    long before = heap.hooks.finalizersRun();
    heap.cycles().disable();
    finalizeAll();
    return new CloseReport(
        objects,
        bytes,
        externallyHeld,
        uncollectable,
        heap.hooks.finalizersRun() - before,
        byType,
        owners);
  }

  private void count() {
    forEachLive(
        (id, header) -> {
          byType.merge(store.info(header).type.name(), 1L, Long::sum);
          externallyHeld += Header.has(header, Header.EXTERNAL) ? 1 : 0;
        });
  }

  /**
   * Newest first; what a finalizer makes comes next. Objects made meanwhile are finalized too, but
   * not for ever: no more than there were at first, and some.
   */
  private void finalizeAll() {
    LongArrayList pending = new LongArrayList();
    int newest = sides.lastSerial();
    int looks = 0;
    pushNewerThan(pending, 0, newest);
    long allowed = 2L * pending.size() + 1000;
    while (!pending.isEmpty() && allowed > 0) {
      long next = pending.removeAt(pending.size() - 1);
      int id = (int) next;
      if (sides.has(SidePage.LIVE, id) && sides.serial(id) == (int) (next >>> 32)) {
        finalizeOne(id);
        allowed--;
      }
      // Each look is at all objects, so after some looks only when nothing else is left.
      if (sides.lastSerial() != newest && (looks++ < MOST_LOOKS || pending.isEmpty())) {
        int last = sides.lastSerial();
        pushNewerThan(pending, newest, last);
        newest = last;
      }
    }
  }

  /**
   * Pushes objects with a finalizer that were made after one and not after another, oldest first.
   */
  private void pushNewerThan(LongArrayList pending, int after, int last) {
    LongArrayList found = new LongArrayList();
    forEachLive(
        (id, header) -> {
          if (Header.has(header, Header.HAS_FINALIZER)
              && Integer.compareUnsigned(sides.serial(id) - after - 1, last - after) < 0) {
            found.addLong((long) sides.serial(id) << 32 | Integer.toUnsignedLong(id));
          }
        });
    long[] sorted = found.toLongArray();
    Arrays.sort(sorted);
    for (long entry : sorted) {
      pending.addLong(entry);
    }
  }

  private void finalizeOne(int id) {
    long header = store.header(id);
    Finalizer finalizer = store.info(header).finalizer;
    if (finalizer != null && !Header.has(header, Header.FINALIZED)) {
      store.setFlag(id, Header.FINALIZED | Header.HELD);
      heap.hooks.finalizer(id, finalizer);
      if (heap.counts.unhold(id)) {
        heap.death.kill(id);
      }
    }
  }

  /** Looks at an object. */
  private interface Visitor {
    void visit(int id, long header);
  }

  private void forEachLive(Visitor visitor) {
    for (int p = 0; p < sides.end(); p++) {
      SidePage page = sides.at(p);
      for (int w = 0; page != null && w < SidePage.WORDS; w++) {
        for (long live = page.bits[SidePage.LIVE + w]; live != 0; live &= live - 1) {
          int id = page.firstId + (w << 6) + Long.numberOfTrailingZeros(live);
          visitor.visit(id, store.header(id));
        }
      }
    }
  }
}
