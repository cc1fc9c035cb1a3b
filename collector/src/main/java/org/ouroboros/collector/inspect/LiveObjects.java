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
public final class LiveObjects {

  /** Looks at an object; returns whether to go on. */
  public interface Visitor {
    boolean visit(int id);
  }

  private final ConfinedHeap heap;
  private final SideTables sides;

  public LiveObjects(ConfinedHeap heap) {
    this.heap = heap;
    this.sides = heap.store().sides;
  }

  public void visit(Visitor visitor) {
    visit(visitor, false);
  }

  /** Visits what is condemned, and not freed yet, instead. */
  void visitCondemned(Visitor visitor) {
    visit(visitor, true);
  }

  private void visit(Visitor visitor, boolean condemned) {
    for (int p = 0; p < sides.end(); p++) {
      SidePage page = sides.at(p);
      for (int w = 0; page != null && w < SidePage.WORDS; w++) {
        long live = page.bits[SidePage.LIVE + w];
        live &= condemned ? condemned(page, w) : ~condemned(page, w);
        for (; live != 0; live &= live - 1) {
          if (!visitor.visit(page.firstId + (w << 6) + Long.numberOfTrailingZeros(live))) {
            return;
          }
        }
      }
    }
  }

  private long condemned(SidePage page, int word) {
    return sides.cycleMarks.condemned(page, word)
        | (heap.cycles().isCondemning() ? page.bits[SidePage.TRASH + word] : 0);
  }

  public boolean isCondemned(int id) {
    SidePage page = sides.find(Integer.toUnsignedLong(id));
    return page != null && (condemned(page, id >>> 6 & SidePage.WORDS - 1) & 1L << id) != 0;
  }

  public boolean contains(int id) {
    SidePage page = sides.find(Integer.toUnsignedLong(id));
    return page != null && page.has(SidePage.LIVE, id);
  }

  public boolean isFrozen(int id) {
    return sides.page(id).isFrozen(id);
  }
}
