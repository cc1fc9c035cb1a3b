package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.Words;

/**
 * Accesses for the collections of normal mode, which have read the id of their table from their own
 * memory: a place in it is an id times 16 and an offset that is not negative, so one comparison
 * with the end of the memory is all that is to be checked, and no reference is made and resolved
 * again. How many instructions a look-up has decides how many of them overlap their cache misses.
 *
 * <p>Thread rule: as the heap; callers have checked the thread, by an access to the collection.
 */
abstract sealed class PlaceAccess extends FieldAccess permits CountAccess {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** See {@link SlotAccess#takeClosing}; every store of a reference has to set it, if due. */
  boolean closing;

  PlaceAccess(HeapOptions options, @Nullable SharedHeap face) {
    super(options, face);
  }

  /** Whether an id times 16 is a place in the memory. */
  public final boolean hasPlaces() {
    return space.isPaged() && !checked;
  }

  /** Reads a long. */
  public final long longAt(long place) {
    return isQuickPlace(place) ? quickGet(quickAddress(place)) : space.memory().get(LONG, place);
  }

  /** Reads an int, such as an id. */
  public final int intAt(long place) {
    return isQuickPlace(place) ? quickGetInt(quickAddress(place)) : space.memory().get(INT, place);
  }

  /** Reads a slot. */
  public final long referenceAt(long place) {
    return referenceOrNull(intAt(place));
  }

  /**
   * Writes a long, if nothing speaks against it: the heap may be changed, and the place is in its
   * memory.
   *
   * @return whether it did
   */
  public final boolean trySetLongAt(long place, long value) {
    if (!isQuickPlace(place)) {
      return false;
    }
    quickSet(quickAddress(place), value);
    return true;
  }

  /**
   * Makes the array of a collection longer where it is, if nothing is in the way; not while an
   * incremental collection is under way, which may have seen a part of it. New elements that are
   * references are null, others may be anything.
   *
   * @param ref an array that is alive
   * @param length not less than it has
   * @return whether it was; nothing has changed if not
   */
  public final boolean tryLengthen(long ref, int length) {
    long id = ref ^ tag;
    if (Long.compareUnsigned(id, storeLimit) >= 0 || !store.tryLengthen((int) id, length)) {
      return false;
    }
    updateLimit();
    return true;
  }

  /** What is shown of a list of longs. */
  public final TableView longs() {
    return longs;
  }

  /**
   * Shows a list of longs that was worked on and was not shown, if it is time to.
   *
   * @param list a list, whose word and state were read just now
   * @param wordOffset where in it its word is
   * @param word names the table, in its upper half
   * @param first where in the table the elements begin
   * @param capacity how many the table has room for
   */
  public final void showLongs(
      long list, long wordOffset, long word, long first, int size, int capacity) {
    long id = list ^ tag;
    long place = (word >>> 32 << 4) + first;
    long last = place + (capacity - 1L) * Long.BYTES;
    // The numbers are from the heap's memory, where anything may have been written.
    if (size <= capacity
        && size > 0
        && word >>> 32 != 0
        && isQuick(id)
        && isQuickPlace(place)
        && isQuickPlace(last)
        && longs.isDue(list)) {
      longs.show(list, base + (id << 4) + wordOffset, word, base + place, size, capacity);
    }
  }

  /**
   * Whether an object is alive, is of a type, and has a word in one of its fields. Where more is to
   * be looked at to know that, no.
   *
   * @param offset of the field, in bytes, 0 or more
   */
  public final boolean isAlive(long ref, int type, long offset, long word) {
    long id = ref ^ tag;
    long place = id << 4;
    if (Long.compareUnsigned(id, storeLimit) < 0 && isQuickPlace(place + offset)) {
      long header = quickGet(quickAddress(place));
      return Header.isCounted(header)
          && Header.type(header) == type
          && quickGet(quickAddress(place + offset)) == word;
    }
    return false;
  }

  /**
   * Stores a reference in an empty slot of an object that is not opaque, if nothing is to be done
   * but to count.
   *
   * @return whether it did; if not, nothing has changed
   */
  public final boolean tryFillAt(long place, long value) {
    long target = value ^ tag;
    if (Long.compareUnsigned(target, storeLimit) < 0 && isQuickPlace(place)) {
      MemorySegment memory = Words.ALL != null ? Words.ALL : space.memory();
      long begin = base;
      long targetAt = begin + (target << 4) & Words.ADDRESSES;
      long at = begin + place & Words.ADDRESSES;
      long header = memory.get(LONG, targetAt);
      if (memory.get(INT, at) == 0 && Header.isCounted(header) && Header.canAddInternal(header)) {
        closing = true; // tables are referred to by their collections
        memory.set(LONG, targetAt, header + Header.INTERNAL_ONE);
        memory.set(INT, at, (int) target);
        return true;
      }
    }
    return false;
  }

  /**
   * Stores a reference in a slot of an object that is not opaque, in place of another one, if
   * nothing is to be done but to count: the former target lives on, and no count is full.
   *
   * @return whether it did; if not, nothing has changed
   */
  public final boolean tryReplaceAt(long place, long value) {
    long limit = storeLimit;
    long target = value ^ tag;
    if (Long.compareUnsigned(target, limit) < 0 && Long.compareUnsigned(place, quickEnd) < 0) {
      // Written out on the segment, as SlotAccess.setRef: see there.
      MemorySegment memory = Words.ALL != null ? Words.ALL : space.memory();
      long begin = base;
      long targetAt = begin + (target << 4) & Words.ADDRESSES;
      long at = begin + place & Words.ADDRESSES;
      long old = Integer.toUnsignedLong(memory.get(INT, at));
      // Both headers are read before either or the slot is tested: where loads stood behind
      // branches that wait for other cache misses, the misses of fewer operations overlapped.
      long oldAt = begin + (Math.min(old, limit - 1) << 4) & Words.ADDRESSES;
      long oldHeader = memory.get(LONG, oldAt);
      long header = memory.get(LONG, targetAt);
      if (old < limit && (int) header != 0 && (header & Header.INTERNAL) != Header.INTERNAL) {
        long counted = oldHeader & Header.INLINE;
        // counted from somewhere else too, and all of it in the header; of null nothing is counted
        if (counted > Header.INTERNAL_ONE && counted < Header.OVERFLOWN) {
          if (old != target) {
            closing = true; // tables are referred to by their collections
            memory.set(LONG, targetAt, header + Header.INTERNAL_ONE);
            memory.set(LONG, oldAt, oldHeader - Header.INTERNAL_ONE);
            memory.set(INT, at, (int) target);
          }
          return true;
        }
      }
    }
    return false;
  }
}
