package org.ouroboros.collector.inspect;

import java.util.ArrayList;
import java.util.List;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.Counts;
import org.ouroboros.collector.heap.Edges;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.heap.WeakTable;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * Recounts everything, and tells what does not agree with what is noted.
 *
 * <p>Thread rule: as the heap. Used once. Cost: a look at every object and every reference, and an
 * int for each id on the Java heap.
 */
final class Verifier {

  private static final int MOST = 50;

  private final ConfinedHeap heap;
  private final ObjectStore store;
  private final SideTables sides;
  private final Counts counts;
  private final WeakTable weak;
  private final Edges edges;
  private final LiveObjects live;
  private final IdMap found = new IdMap();
  private final IdMap opaque = new IdMap();
  private final List<String> errors = new ArrayList<>();
  private final long[] population = new long[4];
  private long objects;
  private long roots;

  Verifier(ConfinedHeap heap) {
    this.heap = heap;
    this.store = heap.store();
    this.sides = store.sides;
    this.counts = heap.counts();
    this.weak = heap.weakTable();
    this.edges = new Edges(heap);
    this.live = new LiveObjects(heap);
  }

  List<String> verify() {
    live.visit(
        id -> {
          countEdges(id);
          return errors.size() < MOST;
        });
    live.visitCondemned(
        id -> {
          countLastEdges(id);
          return true;
        });
    heap.death().visitUnfinished(found::increment);
    live.visit(
        id -> {
          objects++;
          check(id);
          return errors.size() < MOST;
        });
    if (errors.isEmpty()) {
      checkTotals();
    }
    return errors;
  }

  private void countEdges(int id) {
    TypeInfo info = store.infoOrNull(store.header(id));
    if (info == null) {
      errors.add("object " + id + " has no type: its header was overwritten");
      return;
    }
    edges.forEach(id, child -> count(id, child, found));
    edges.forEachOpaque(id, child -> count(id, child, opaque));
  }

  /** A condemned object refers to objects that stay, until it is severed. */
  private void countLastEdges(int id) {
    objects++;
    if (sides.has(SidePage.TRACKED, id)) {
      population[sides.generation(id)]++;
    }
    if (!sides.cycleMarks.isSevered()) {
      edges.forEachOfCondemned(id, child -> countLastEdge(child, found));
      edges.forEachOpaque(id, child -> countLastEdge(child, opaque));
    }
  }

  private void countLastEdge(int child, IdMap map) {
    if (live.contains(child) && !live.isCondemned(child)) {
      map.increment(child);
    }
  }

  private void count(int id, int child, IdMap map) {
    if (live.contains(child)) {
      map.increment(child);
    } else {
      errors.add(describe(id) + " refers to " + child + ", where no object is");
    }
  }

  private void check(int id) {
    long header = store.header(id);
    long internal = counts.internal(id, header);
    long external = counts.external(id, header);
    roots += external > 0 ? 1 : 0;
    if (internal != found.get(id)) {
      errors.add(
          describe(id) + ": internal count " + internal + ", but " + found.get(id) + " references");
    }
    if ((header & Header.ALIVE) == 0) {
      errors.add(describe(id) + " is not freed, but its counts are 0");
    }
    if (external > 0 != Header.has(header, Header.EXTERNAL)
        || internal > 0 != Header.has(header, Header.INTERNAL)) {
      errors.add(describe(id) + ": a field of the header is 0, and the count is not");
    }
    int owners = heap.ledgerCount(id);
    long known = (long) Math.max(owners, 0) + opaque.get(id);
    if (owners >= 0 ? known != external : known > external) {
      errors.add(describe(id) + ": external count " + external + ", but " + known + " owners");
    }
    checkTracking(id, header);
    checkWeak(id, header);
  }

  private void checkTracking(int id, long header) {
    boolean tracked = sides.has(SidePage.TRACKED, id);
    if (tracked != Header.has(header, Header.TRACKED) && !Header.has(header, Header.HELD)) {
      errors.add(describe(id) + ": tracked in the side table: " + tracked);
    }
    if (tracked) {
      population[sides.generation(id)]++;
    }
    int generations = sides.page(id).isFrozen(id) ? 1 : 0;
    for (int map : new int[] {SidePage.YOUNG0, SidePage.YOUNG1}) {
      generations += sides.has(map, id) ? 1 : 0;
    }
    boolean young = sides.generation(id) < 2;
    if (tracked && young && (sides.page(id).youngWords() & 1L << (id >>> 6)) == 0) {
      errors.add(describe(id) + " is young, and its word is not listed");
    }
    if (generations > (tracked ? 1 : 0)) {
      errors.add(describe(id) + " is in " + generations + " generations");
    }
  }

  private void checkWeak(int id, long header) {
    int newest = weak.newest(id);
    if (newest != 0 != Header.has(header, Header.HAS_WEAK)) {
      errors.add(describe(id) + ": weak references are not as its header says");
    }
    for (int w = newest; w != 0; w = weak.older(w)) {
      if (!live.contains(w) || weak.target(w) != id) {
        errors.add(describe(id) + ": " + w + " is no weak reference to it");
        return;
      }
    }
  }

  private void checkTotals() {
    int unfinished = heap.death().unfinished();
    if (objects + unfinished != store.liveObjects()) {
      errors.add(objects + " objects and " + unfinished + " dying, not " + store.liveObjects());
    }
    if (roots != store.roots()) {
      errors.add(roots + " objects have external counts, not " + store.roots());
    }
    for (int g = 0; g < population.length; g++) {
      if (population[g] != sides.population(g)) {
        errors.add(
            "generation " + g + " has " + population[g] + " objects, not " + sides.population(g));
      }
    }
  }

  private String describe(int id) {
    return new Description(heap).of(id);
  }
}
