package org.ouroboros.collector.cycle;

import org.agrona.collections.IntHashSet;
import org.agrona.collections.LongArrayList;
import org.ouroboros.collector.ObjectVisitor;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.Edges;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * Lists tracked objects, and who refers to whom. Members of the set a collection works on are not
 * shown.
 *
 * <p>Thread rule: as the heap.
 */
final class Enumeration {

  /** Which objects of a page word are wanted. */
  private interface Filter {
    long select(SidePage page, int word);
  }

  private final ConfinedHeap heap;
  private final SideTables sides;
  private final Edges edges;

  Enumeration(ConfinedHeap heap) {
    this.heap = heap;
    this.sides = heap.store().sides;
    this.edges = new Edges(heap);
  }

  /** The tracked objects of a generation, or, for -1, of all but the permanent one. */
  long[] tracked(int generation) {
    LongArrayList all = new LongArrayList();
    visit((page, w) -> ofGeneration(page, w, generation), ref -> all.addLong(ref));
    return all.toLongArray();
  }

  private long ofGeneration(SidePage page, int w, int generation) {
    long[] bits = page.bits;
    long young0 = bits[SidePage.YOUNG0 + w];
    long young1 = bits[SidePage.YOUNG1 + w];
    long all = bits[SidePage.TRACKED + w] & ~page.frozen(w) & ~sides.hidden(page, w);
    return switch (generation) {
      case 0 -> all & young0;
      case 1 -> all & young1;
      case 2 -> all & ~young0 & ~young1;
      default -> all;
    };
  }

  void visitTracked(ObjectVisitor visitor) {
    boolean before = heap.beginReadOnly();
    try {
      visit((page, w) -> page.bits[SidePage.TRACKED + w] & ~sides.hidden(page, w), visitor);
    } finally {
      heap.endReadOnly(before);
    }
  }

  private void visit(Filter filter, ObjectVisitor visitor) {
    for (int p = 0; p < sides.end(); p++) {
      SidePage page = sides.at(p);
      for (int w = 0; page != null && w < SidePage.WORDS; w++) {
        for (long rest = filter.select(page, w); rest != 0; rest &= rest - 1) {
          int id = page.firstId + (w << 6) + Long.numberOfTrailingZeros(rest);
          if (!visitor.visit(heap.reference(id))) {
            return;
          }
        }
      }
    }
  }

  long[] referrers(long[] targets) {
    IntHashSet wanted = new IntHashSet();
    for (long target : targets) {
      wanted.add(heap.liveId(target));
    }
    LongArrayList found = new LongArrayList();
    boolean[] hit = new boolean[1];
    visit(
        (page, w) -> ofGeneration(page, w, -1),
        ref -> {
          hit[0] = false;
          edges.forEach((int) ref, child -> hit[0] |= wanted.contains(child));
          return !hit[0] || found.addLong(ref);
        });
    return found.toLongArray();
  }

  long[] referents(long[] refs) {
    LongArrayList found = new LongArrayList();
    for (long ref : refs) {
      edges.forEach(heap.liveId(ref), child -> found.addLong(heap.reference(child)));
    }
    return found.toLongArray();
  }
}
