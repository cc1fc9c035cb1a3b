package org.ouroboros.collector.heap;

import org.agrona.collections.Int2IntHashMap;
import org.ouroboros.collector.space.Faults;

/**
 * In checked and debug mode: how many of an object's counts belong to slots of opaque objects, or
 * to edges counted by hand, so that nobody else can give them back.
 *
 * <p>Thread rule: as the heap.
 */
final class EdgeLedger {

  private final Faults faults;
  private final Int2IntHashMap opaque = new Int2IntHashMap(0);
  private final Int2IntHashMap byHand = new Int2IntHashMap(0);

  EdgeLedger(Faults faults) {
    this.faults = faults;
  }

  void addOpaque(int id) {
    add(opaque, id);
  }

  void dropOpaque(int id) {
    drop(opaque, id);
  }

  int opaque(int id) {
    return opaque.get(id);
  }

  void addByHand(int id) {
    add(byHand, id);
  }

  void dropByHand(int id) {
    drop(byHand, id);
  }

  int byHand(int id) {
    return byHand.get(id);
  }

  /** The object is gone. */
  void died(int id) {
    opaque.remove(id);
    byHand.remove(id);
  }

  private void add(Int2IntHashMap map, int id) {
    faults.request("the ledger of edges", 16);
    int before = map.get(id);
    try {
      map.put(id, before + 1);
    } catch (OutOfMemoryError e) {
      // The map stores before it grows.
      map.remove(id);
      if (before != 0) {
        map.put(id, before);
      }
      throw Faults.javaHeap("the ledger of edges", e);
    }
  }

  private static void drop(Int2IntHashMap map, int id) {
    int before = map.get(id);
    if (before > 1) {
      map.put(id, before - 1);
    } else {
      map.remove(id);
    }
  }
}
