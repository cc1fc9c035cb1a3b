package org.ouroboros.collector.heap;

import org.ouroboros.collector.space.ObjectSpace;

/**
 * The places of objects that were freed last: they are not used again before as many others were
 * freed, so that a stale reference finds a dead object and no new one.
 *
 * <p>Thread rule: as the heap. Needs no memory after it was made.
 */
final class Quarantine {

  private final ObjectSpace space;
  private final int[] ids;
  private int next;

  Quarantine(ObjectSpace space, int size) {
    this.space = space;
    this.ids = new int[size];
  }

  void add(int id) {
    int oldest = ids[next];
    ids[next] = id;
    next = next + 1 == ids.length ? 0 : next + 1;
    if (oldest != 0) {
      space.free(oldest);
    }
  }

  void end() {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] != 0) {
        space.free(ids[i]);
        ids[i] = 0;
      }
    }
  }
}
