package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.Words;

/**
 * Takes small objects apart that lie near each other, where nobody can see in which order they die:
 * depth first, with a small stack. They are given back by words of the side bits: objects that die
 * one after the other mostly were made so, too, and are neighbours.
 *
 * <p>What is not simple goes to {@link PlainDeath}: objects of other types, and all that is left
 * when objects turn out to lie apart, since that waits for many places of memory at once.
 *
 * <p>Thread rule: as the heap; never called while it runs. Needs no memory.
 */
final class SmallDeath {

  private static final int ROOM = 256;

  /** An object adds no more than this to the stack. */
  private static final int SMALL = 8;

  /** Ids that differ by so many powers of two are not near: 256 KiB. */
  private static final int NEAR_SHIFT = 14;

  /** So many more references than are made up for may lead to objects that are not near. */
  private static final int FAR = 64;

  /** So many objects in one word make up for one such reference, as a shift. */
  private static final int MAKES_UP_SHIFT = 3;

  private static final long INLINE = Header.COUNTS | Header.OVERFLOWN;

  private final ObjectStore store;
  private final Counts counts;
  private final PlainDeath plain;
  private final int[] dead = new int[ROOM];

  /** What died and is not given back yet: the bits of the ids in one word, and their type. */
  private @Nullable TypeInfo info;

  private int word;
  private long ids;
  private int far;

  SmallDeath(ObjectStore store, Counts counts, PlainDeath plain) {
    this.store = store;
    this.counts = counts;
    this.plain = plain;
  }

  /** Takes an object apart whose counts are 0, and all that dies with it. */
  void kill(int first) {
    int size = 1;
    dead[0] = first;
    far = 0;
    while (size > 0) {
      int id = dead[size - 1];
      TypeInfo simple = store.simple(store.header(id));
      if (simple != null && simple.fixedReferences() <= SMALL && far <= FAR) {
        size = release(simple, size);
      } else {
        size--;
        plain.kill(id);
      }
    }
  }

  /**
   * Takes objects of a simple type apart, from the top of the stack on, until there is another one,
   * there is no room for more, or they lie apart.
   *
   * @return the size of the stack
   */
  private int release(TypeInfo type, int before) {
    ObjectSpace space = store.space;
    MemorySegment memory = Words.ALL != null ? Words.ALL : space.memory();
    long base = store.base;
    long limit = space.limit();
    long gone = type.dead;
    int[] stack = dead;
    int size = before;
    giveBack(); // what an error may have left behind
    info = type;
    while (size > 0) {
      int id = stack[size - 1];
      long object = base + (Integer.toUnsignedLong(id) << 4) & Words.ADDRESSES;
      if (memory.get(ObjectStore.LONG, object) != gone || size > ROOM - SMALL || far > FAR) {
        break;
      }
      size--;
      if (id >>> 6 != word) {
        giveBack();
        word = id >>> 6;
      }
      ids |= 1L << id;
      long mask = type.firstMask;
      for (long at = type.firstWord; at <= type.lastWord; at += Long.BYTES) {
        long pair = memory.get(ObjectStore.LONG, object + at) & mask;
        for (; pair != 0; pair >>>= Integer.SIZE) {
          int child = (int) pair;
          long place = base + (Integer.toUnsignedLong(child) << 4) & Words.ADDRESSES;
          if (child == 0) {
            continue;
          }
          far += Math.abs(child - id) >>> NEAR_SHIFT == 0 ? 0 : 1;
          if (Integer.toUnsignedLong(child) < limit) {
            long header = memory.get(ObjectStore.LONG, place);
            long counted = header & INLINE;
            if (header == gone + Header.INTERNAL_ONE) {
              memory.set(ObjectStore.LONG, place, gone);
              stack[size++] = child;
              continue;
            }
            if (counted > Header.INTERNAL_ONE && counted < Header.OVERFLOWN) {
              memory.set(ObjectStore.LONG, place, header - Header.INTERNAL_ONE);
              continue;
            }
          }
          if (counts.dropInternal(child)) {
            stack[size++] = child;
          }
        }
        mask = at + Long.BYTES == type.lastWord ? type.lastMask : -1;
      }
    }
    giveBack();
    return size;
  }

  private void giveBack() {
    TypeInfo type = info;
    if (ids != 0 && type != null) {
      far = Math.max(0, far - (Long.bitCount(ids) >>> MAKES_UP_SHIFT));
      store.freePlain(type, word, ids);
      ids = 0;
    }
  }
}
