package org.ouroboros.collector.inspect;

import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * All objects that are alive, untracked ones too, in the order of their ids. Condemned ones are
 * not.
 *
 * <p>Thread rule: as the heap.
 */
final class LiveObjects {

  /** Looks at an object; returns whether to go on. */
  interface Visitor {
    boolean visit(int id);
  }

  private final ConfinedHeap heap;
  private final SideTables sides;

  LiveObjects(ConfinedHeap heap) {
    this.heap = heap;
    this.sides = heap.store().sides;
  }

  void visit(Visitor visitor) {
    for (int p = 0; p < sides.end(); p++) {
      SidePage page = sides.at(p);
      for (int w = 0; page != null && w < SidePage.WORDS; w++) {
        long live = page.bits[SidePage.LIVE + w];
        live &= ~sides.cycleMarks.condemned(page, w);
        if (heap.cycles().isCondemning()) {
          live &= ~page.bits[SidePage.TRASH + w];
        }
        for (; live != 0; live &= live - 1) {
          if (!visitor.visit(page.firstId + (w << 6) + Long.numberOfTrailingZeros(live))) {
            return;
          }
        }
      }
    }
  }

  boolean contains(int id) {
    SidePage page = sides.find(Integer.toUnsignedLong(id));
    return page != null && page.has(SidePage.LIVE, id);
  }

  boolean isFrozen(int id) {
    return sides.page(id).isFrozen(id);
  }
}
