package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.Words;

/**
 * Takes small objects apart that lie near each other, where nobody can see in which order they die:
 * depth first, with a small stack. They are given back by words of the side bits: objects that die
 * one after the other mostly were made so, too, and are neighbours.
 *
 * <p>What is not simple goes to {@link PlainDeath}: objects of other types, and all that is left
 * when objects turn out to lie apart, since that waits for many places of memory at once.
 *
 * <p>Where deaths are sliced it stops after so many objects, and what is left, and all that is not
 * simple, is left to {@link Death}.
 *
 * <p>Thread rule: as the heap; never called while it runs. Needs no memory.
 */
final class SmallDeath {

  private static final int ROOM = 256;

  /** An object adds no more than this to the stack. */
  private static final int SMALL = 8;

  /** Words of side bits that are apart by so many powers of two are not near: 256 KiB. */
  private static final int NEAR_SHIFT = 8;

  /** So many more steps than are made up for may lead to objects that are not near. */
  private static final int FAR = 64;

  /** So many objects in one word make up for one such step, as a shift. */
  private static final int MAKES_UP_SHIFT = 3;

  private final ObjectStore store;
  private final Counts counts;
  private final PlainDeath plain;
  private final Death all;
  private final WholeHeapDeath whole;
  private final PairDeath pairs;

  /** Dead objects of the type that is taken apart now. */
  private final int[] dead = new int[ROOM];

  private int size;

  /** Dead objects of other types. */
  private final int[] others = new int[ROOM];

  private int otherSize;

  /** How many objects were given back; below 0 if the whole heap is not to be freed. */
  private long work;

  /** How many were given back, and are to be given back at the most. */
  private int given;

  private int most;

  /** Steps that lead far, less those that were made up for. */
  private int far;

  SmallDeath(
      ObjectStore store, Counts counts, PlainDeath plain, Death all, WholeHeapDeath whole) {
    this.store = store;
    this.counts = counts;
    this.plain = plain;
    this.all = all;
    this.whole = whole;
    this.pairs = new PairDeath(store, counts, this);
  }

  /** Takes an object apart whose counts are 0, and all that dies with it. */
  void kill(int first) {
    kill(first, Integer.MAX_VALUE);
  }

  /** Whether an object whose counts are 0 is of a type that this is made for. */
  boolean takes(int id) {
    TypeInfo simple = store.simple(store.header(id));
    return simple != null && simple.fixedReferences() <= SMALL;
  }

  /**
   * The same; stops soon after so many objects, if deaths are sliced.
   *
   * @return how many were taken apart
   */
  int kill(int first, int most) {
    this.most = most;
    given = 0;
    killAll(first);
    return given;
  }

  private void killAll(int first) {
    far = 0;
    otherSize = 0;
    work = store.isExact() ? Long.MIN_VALUE : 0;
    int id = first;
    while (true) {
      TypeInfo simple = store.simple(store.header(id));
      if (simple != null && simple.fixedReferences() <= SMALL && far <= FAR && given < most) {
        if (simple.isPair) {
          pairs.release(simple, id);
        } else {
          release(simple, id);
        }
      } else if (killOther(id, true)) {
        return;
      }
      if (otherSize == 0) {
        return;
      }
      id = others[--otherSize];
    }
  }

  /** Takes objects of a simple type apart. */
  private void release(TypeInfo type, int first) {
    MemorySegment memory = Words.ALL != null ? Words.ALL : store.space.memory();
    long base = store.base;
    long limit = store.space.limit();
    long gone = type.dead;
    long alive = gone + Header.INTERNAL_ONE;
    long firstWord = type.firstWord;
    long firstMask = type.firstMask;
    int[] stack = dead;
    long id = Integer.toUnsignedLong(first);
    long word = id >>> 6;
    long ids = 0;
    size = 0;
    while (true) {
      if (id >>> 6 != word) {
        giveBack(type, word, ids);
        ids = 0;
        if (isAllFreed()) {
          return;
        }
        if (isFar(word, id >>> 6)) {
          killPlainly((int) id);
          return;
        }
        word = id >>> 6;
      }
      ids |= 1L << id;
      long object = base + (id << 4) + firstWord & Words.ADDRESSES;
      long pair = memory.get(ObjectStore.LONG, object) & firstMask;
      id = 0;
      if (pair != 0) {
        long child = pair & 0xFFFF_FFFFL;
        long place = base + (child << 4) & Words.ADDRESSES;
        if (child < limit && memory.get(ObjectStore.LONG, place) == alive) {
          memory.set(ObjectStore.LONG, place, gone);
          id = child;
        } else {
          drop((int) child, gone);
        }
        child = pair >>> Integer.SIZE;
        place = base + (child << 4) & Words.ADDRESSES;
        if (child < limit && memory.get(ObjectStore.LONG, place) == alive) {
          memory.set(ObjectStore.LONG, place, gone);
          if (id != 0) {
            stack[size++] = (int) id;
          }
          id = child;
        } else {
          drop((int) child, gone);
        }
      }
      if (type.lastWord > firstWord) {
        releaseFurther(type, object);
      }
      if (id == 0) {
        if (size == 0) {
          break;
        }
        id = Integer.toUnsignedLong(stack[--size]);
      }
      while (size > ROOM - SMALL) {
        killOther(stack[--size], false);
      }
    }
    giveBack(type, word, ids);
  }

  /** Releases the references of an object's other words. */
  private void releaseFurther(TypeInfo type, long first) {
    long at = first;
    for (long word = type.firstWord + Long.BYTES; word <= type.lastWord; word += Long.BYTES) {
      at += Long.BYTES;
      long mask = word == type.lastWord ? type.lastMask : -1;
      long pair = Words.get(store.space, at) & mask;
      drop((int) pair, type.dead);
      drop((int) (pair >>> Integer.SIZE), type.dead);
    }
  }

  /** Takes an edge back, and puts its target on a stack if it is dead. */
  private void drop(int child, long gone) {
    if (child != 0 && counts.dropInternal(child)) {
      if (store.header(child) == gone) {
        dead[size++] = child;
      } else {
        leave(child);
      }
    }
  }

  /** Lets a dead object of another type wait. */
  void leave(int id) {
    if (otherSize < ROOM) {
      others[otherSize++] = id;
    } else {
      killOther(id, false);
    }
  }

  /** Takes a dead object apart that is not for this class, or lets it wait. See PlainDeath. */
  private boolean killOther(int id, boolean freesAll) {
    return !all.begin(id) && plain.kill(id, freesAll);
  }

  /** Takes an edge back, and what dies by that apart. */
  void drop(int child) {
    if (counts.dropInternal(child)) {
      killOther(child, false);
    }
  }

  void giveBack(TypeInfo type, long word, long ids) {
    int count = Long.bitCount(ids);
    work += count;
    given += count;
    far = Math.max(0, far - (count >>> MAKES_UP_SHIFT));
    store.freePlain(type, (int) word, ids);
  }

  /** Whether to stop: objects lie apart, of which the next is in another word, or were enough. */
  boolean isFar(long word, long next) {
    far += Math.abs(next - word) >>> NEAR_SHIFT == 0 ? 0 : 1;
    return far > FAR || given >= most;
  }

  /**
   * Hands an object over that lies far from others, and what waits for it.
   *
   * @return whether the whole heap was freed instead
   */
  boolean killPlainly(int id) {
    boolean gone = killOther(id, true);
    while (size > 0 && !gone) {
      gone = killOther(dead[--size], true);
    }
    if (gone) {
      size = 0;
      otherSize = 0;
    }
    return gone;
  }

  /**
   * Asks once, when much has died, whether the whole heap can be freed, and does it: then nothing
   * is left to be done.
   */
  boolean isAllFreed() {
    if (work < PlainDeath.MUCH) {
      return false;
    }
    work = Long.MIN_VALUE;
    if (!whole.freesAllInstead()) {
      return false;
    }
    size = 0;
    otherSize = 0;
    return true;
  }
}
