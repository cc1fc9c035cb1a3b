package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.Words;

/**
 * {@link SmallDeath} for objects that are a header and two references and nothing else: the loop is
 * so short that what it needs stays in registers, and it calls nothing but where something is out
 * of the ordinary.
 *
 * <p>A second child is put on the stack unseen, and looked at when its turn comes: of objects made
 * from the leaves up it lies near then, and far away before.
 *
 * <p>Thread rule: as the heap; never called while it runs. Needs no memory.
 */
final class PairDeath {

  private static final int ROOM = 256;

  private final ObjectStore store;
  private final Counts counts;
  private final SmallDeath others;

  /** Children of dead objects whose edge is still to be taken back. */
  private final int[] stack = new int[ROOM];

  PairDeath(ObjectStore store, Counts counts, SmallDeath others) {
    this.store = store;
    this.counts = counts;
    this.others = others;
  }

  /**
   * Takes a dead object apart, and all objects of its type that die with it.
   *
   * @param type with {@link TypeInfo#isPair}
   */
  void release(TypeInfo type, int first) {
    MemorySegment memory = Words.ALL != null ? Words.ALL : store.space.memory();
    long base = store.base;
    long limit = store.space.limit();
    long gone = type.dead;
    int[] waiting = stack;
    int size = 0;
    long id = Integer.toUnsignedLong(first);
    long word = id >>> 6;
    long ids = 0;
    while (true) {
      // id is dead
      if (id >>> 6 != word) {
        others.giveBack(type, word, ids);
        ids = 0;
        if (others.isAllFreed()) {
          return;
        }
        if (others.isFar(word, id >>> 6)) {
          leave((int) id, size);
          return;
        }
        word = id >>> 6;
      }
      ids |= 1L << id;
      long pair = memory.get(ObjectStore.LONG, base + (id << 4) + 8 & Words.ADDRESSES);
      long child = pair >>> Integer.SIZE;
      if ((int) pair != 0) {
        if (size == ROOM) {
          others.drop((int) pair);
        } else {
          waiting[size++] = (int) pair;
        }
      }
      while (true) {
        if (child != 0) {
          long place = base + (child << 4) & Words.ADDRESSES;
          if (child < limit && memory.get(ObjectStore.LONG, place) - Header.INTERNAL_ONE == gone) {
            memory.set(ObjectStore.LONG, place, gone);
            id = child;
            break;
          }
          if (isDead((int) child, gone)) {
            id = child;
            break;
          }
        }
        if (size == 0) {
          others.giveBack(type, word, ids);
          return;
        }
        child = Integer.toUnsignedLong(waiting[--size]);
      }
    }
  }

  /** Takes an edge back that is not the only one, or to an object of another type. */
  private boolean isDead(int child, long gone) {
    if (!counts.dropInternal(child)) {
      return false;
    }
    if (store.header(child) == gone) {
      return true;
    }
    others.leave(child);
    return false;
  }

  private void leave(int dead, int size) {
    if (others.killPlainly(dead)) {
      return;
    }
    for (int i = size - 1; i >= 0; i--) {
      others.drop(stack[i]);
    }
  }
}
