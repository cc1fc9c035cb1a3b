package org.ouroboros.collector.heap;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    for (int p = 0; p < sides.end(); p++) {
      SidePage page = sides.at(p);
      for (int w = 0; page != null && w < SidePage.WORDS; w++) {
        for (long live = page.bits[SidePage.LIVE + w]; live != 0; live &= live - 1) {
          int id = page.firstId + w * 64 + Long.numberOfTrailingZeros(live);
          long header = store.header(id);
          byType.merge(store.info(header).type.name(), 1L, Long::sum);
          externallyHeld += Header.has(header, Header.EXTERNAL) ? 1 : 0;
        }
      }
    }
  }

  /**
   * From the highest id down, which is about newest first. A finalizer can end other objects, and
   * make new ones, which are finalized too if they lie below.
   */
  private void finalizeAll() {
    for (int p = sides.end() - 1; p >= 0; p--) {
      SidePage page = sides.at(p);
      for (int i = SidePage.IDS - 1; page != null && i >= 0; i--) {
        int id = page.firstId + i;
        if (page.has(SidePage.LIVE, id)) {
          finalizeOne(id);
        }
      }
    }
  }

  private void finalizeOne(int id) {
    long header = store.header(id);
    Finalizer finalizer = store.info(header).finalizer;
    if (finalizer != null && !Header.has(header, Header.FINALIZED)) {
      store.setHeader(id, header | Header.FINALIZED | Header.HELD);
      heap.hooks.finalizer(id, finalizer);
      if (heap.counts.unhold(id)) {
        heap.death.kill(id);
      }
    }
  }
}
