package org.ouroboros.collector.heap;

import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.space.AtomicWords;
import org.ouroboros.collector.space.CycleMarks;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.Words;

/**
 * The counts of a shared heap's objects, as far as they are in headers: every change is one
 * compare-and-set of the header.
 *
 * <p><b>Outside.</b> {@link #retain} and {@link #release} do not enter: they change an external
 * count that is and stays above 0, which belongs to the caller in part, so that the object is alive
 * and a root before and after. Nothing that is decided in a stopped world depends on how far above
 * 0 it is; and what is written to headers there is compared and set, too, so neither change is
 * lost: see {@link Counts}. Where the count is in a side table in part, the field is not 0 and may
 * be counted up and down all the same.
 *
 * <p><b>Inside.</b> All others are for threads that are inside. Whatever they find or make between
 * two steps, such as a count without its slot, nobody sees in a stopped world. So they must be
 * whole when the thread leaves: a count that cannot be taken back inside is made an owned
 * reference, which is released after leaving.
 *
 * <p><b>Barrier.</b> What becomes a root or the target of an edge inside is told to {@link
 * CycleMarks}, as {@link Counts} does in a stopped world.
 *
 * <p><b>Condemned objects.</b> Nobody owns them, and no object that stays refers to them. Who names
 * one all the same has the reference from an enumeration, or the like, and has kept it too long. So
 * an object without an external count is looked at where it is to get one, or an edge, or to hold
 * one. A collection condemns in a stopped world, so not between the look and the count.
 *
 * <p><b>Headroom.</b> External counts are counted up here to {@link #MOST} only; what is above is
 * for giving back what was moved away just before, which must not fail. That adds at most one for
 * each thread that is inside.
 *
 * <p>Thread rule: as told above.
 */
final class SharedCounts {

  /** Up to here external counts are counted up. */
  private static final long MOST = Header.EXTERNAL >>> 1;

  private final ObjectSpace space;
  private final ObjectStore store;
  private final CycleMarks marks;
  private final long base;

  SharedCounts(ObjectStore store) {
    this.store = store;
    this.space = store.space;
    this.marks = store.sides.cycleMarks;
    this.base = store.base;
  }

  private long address(long id) {
    return Words.address(base, id << 4);
  }

  private long header(long address) {
    return AtomicWords.getVolatile(space, address);
  }

  private boolean replace(long address, long header, long by) {
    return AtomicWords.compareAndSet(space, address, header, by);
  }

  // ---------------------------------------------------------------------- outside

  /**
   * Counts one more owned reference, if there is one already.
   *
   * @return whether it did
   */
  boolean retain(long id) {
    long at = address(id);
    while (true) {
      long header = Words.get(space, at);
      long external = header & Header.EXTERNAL;
      if (external == 0 || external >= MOST) {
        return false;
      }
      if (replace(at, header, header + Header.EXTERNAL_ONE)) {
        return true;
      }
    }
  }

  /**
   * Counts one owned reference less, if that is not the last one.
   *
   * @return whether it did
   */
  boolean release(long id) {
    long at = address(id);
    while (true) {
      long header = Words.get(space, at);
      if ((header & Header.EXTERNAL) <= Header.EXTERNAL_ONE) {
        return false;
      }
      if (replace(at, header, header - Header.EXTERNAL_ONE)) {
        return true;
      }
    }
  }

  // ------------------------------------------------------------- inside: counting up

  /**
   * Counts an owned reference of an object that is alive.
   *
   * @return whether it did; not if it is dead, or there are very many
   */
  boolean own(Mutator mutator, long id) {
    long at = address(id);
    while (true) {
      long header = header(at);
      long external = header & Header.EXTERNAL;
      if (!Header.isCounted(header) || external >= MOST || isCondemned(id, header)) {
        return false;
      }
      if (replace(at, header, header + Header.EXTERNAL_ONE)) {
        if (external == 0) {
          rooted(mutator, id);
        }
        return true;
      }
    }
  }

  /** An object has become a root. */
  private void rooted(Mutator mutator, long id) {
    mutator.unrooted--;
    marks.shadeInside((int) id);
  }

  /** Counts an edge, if the object is alive and the count is not full. */
  boolean addEdge(long id) {
    long at = address(id);
    while (true) {
      long header = header(at);
      if (!Header.isCounted(header) || !Header.canAddInternal(header) || isCondemned(id, header)) {
        return false;
      }
      if (replace(at, header, header + Header.INTERNAL_ONE)) {
        marks.shadeInside((int) id);
        return true;
      }
    }
  }

  private boolean isCondemned(long id, long header) {
    return (header & Header.EXTERNAL) == 0 && marks.isCondemned((int) id);
  }

  /** Takes an edge back that was counted just before. */
  void undoEdge(long id) {
    long at = address(id);
    long header = header(at);
    while (!replace(at, header, header - Header.INTERNAL_ONE)) {
      header = header(at);
    }
  }

  /** Whether an object is alive, and the collector follows its slots. */
  boolean isOpen(long id) {
    long header = Words.get(space, address(id));
    long open = header & Header.OPEN;
    return open != 0 && open < Header.OPAQUE && !isCondemned(id, header);
  }

  // ----------------------------------------------------------------- inside: moving

  /** Makes an owned reference an edge, if there is one and all is in the header. */
  boolean moveIn(Mutator mutator, long id) {
    long at = address(id);
    while (true) {
      long header = header(at);
      if (!Header.isMovable(header)) {
        return false;
      }
      if (replace(at, header, header + Header.MOVED)) {
        mutator.unrooted += Header.isOwnedOnce(header) ? 1 : 0;
        marks.shadeInside((int) id);
        return true;
      }
    }
  }

  /** Makes an edge an owned reference, of an object that {@link #canMoveOut}. */
  void moveOut(Mutator mutator, long id) {
    long at = address(id);
    while (true) {
      long header = header(at);
      if (replace(at, header, header - Header.MOVED)) {
        if ((header & Header.EXTERNAL) == 0) {
          rooted(mutator, id);
        }
        return;
      }
    }
  }

  /**
   * Whether {@link #moveOut} can be done for as long as the thread is inside: all of the counts is
   * in the header, and stays there, and there is room.
   */
  boolean canMoveOut(long id) {
    long header = header(address(id));
    return !Header.has(header, Header.OVERFLOWN) && (header & Header.EXTERNAL) < MOST;
  }

  /** Whether all of the counts is in the header, and stays there while the thread is inside. */
  boolean isInline(long id) {
    return !Header.has(header(address(id)), Header.OVERFLOWN);
  }

  // ---------------------------------------------------------- inside: counting down

  /**
   * Gives an owned reference back, and frees the object if that was the last of all and it is
   * simple to free.
   *
   * @return whether it did; if not, the caller leaves and takes the slow path
   */
  boolean disown(Mutator mutator, long id) {
    long at = address(id);
    while (true) {
      long header = header(at);
      if ((header & Header.EXTERNAL) == 0 || Header.has(header, Header.OVERFLOWN)) {
        return false;
      }
      long rest = header - Header.EXTERNAL_ONE;
      ReadyPlaces places = null;
      if ((rest & Header.ALIVE) == 0) {
        places = simple(mutator, rest, at);
        if (places == null) {
          return false;
        }
      }
      if (replace(at, header, rest)) {
        mutator.unrooted += (rest & Header.EXTERNAL) == 0 ? 1 : 0;
        if (places != null) {
          free(mutator, places, (int) id);
        }
        return true;
      }
    }
  }

  /**
   * Takes an edge back of an object that {@link #isInline}, and frees it if that was the last of
   * all and it is simple to free.
   *
   * @return whether it did; if not, the edge is an owned reference now, to be released
   */
  boolean dropEdge(Mutator mutator, long id) {
    long at = address(id);
    while (true) {
      long header = header(at);
      if ((header & Header.INTERNAL) == 0) {
        return true; // a reference that was overwritten as a field: there is nothing to count
      }
      long rest = header - Header.INTERNAL_ONE;
      if ((rest & Header.ALIVE) != 0) {
        if (replace(at, header, rest)) {
          return true;
        }
        continue;
      }
      ReadyPlaces places = simple(mutator, rest, at);
      if (replace(at, header, places != null ? rest : rest + Header.EXTERNAL_ONE)) {
        if (places != null) {
          free(mutator, places, (int) id);
        } else {
          rooted(mutator, id);
        }
        return places != null;
      }
    }
  }

  /** Where an object goes whose counts are 0, if it can be freed here; else null. */
  private @Nullable ReadyPlaces simple(Mutator mutator, long header, long at) {
    ReadyPlaces places = mutator.ready(Header.type(header));
    if (places == null) {
      return simpleTail(mutator, header, at);
    }
    return header == places.dead
            && mutator.caching
            && places.hasRoom()
            && !places.info.refers(space, at)
        ? places
        : null;
  }

  /** The length is read once: what was released too often may be another object meanwhile. */
  private @Nullable ReadyPlaces simpleTail(Mutator mutator, long header, long at) {
    int length = Words.getInt(space, at + TypeInfo.LENGTH);
    ReadyPlaces places = mutator.readyTail(Header.type(header), length);
    return places != null
            && header == places.dead
            && mutator.caching
            && places.hasRoom()
            && !places.info.refersByTail(space, at, length)
        ? places
        : null;
  }

  private void free(Mutator mutator, ReadyPlaces places, int id) {
    mutator.freed(places, id, places.tracked == 0 || store.sides.isYoungest(id));
  }
}
