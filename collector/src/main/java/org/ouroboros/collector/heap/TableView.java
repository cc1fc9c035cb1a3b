package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.space.Words;

/**
 * What is known of the list of longs that was worked on last, so that reading, replacing and adding
 * an element need no more than a few comparisons: where its table is, how many elements it has and
 * how many fit. Each heap has one.
 *
 * <p>What makes it safe to go straight to memory: all of the table that the view tells of was in
 * the heap's memory when the view was made, and memory stays there while the heap's limit becomes
 * no less; when it does, {@link HeapReferences#updateLimit} ends the view. What makes it right: the
 * list's own word, which is compared each time, names the same table, so the list has neither died
 * nor been given another one; and whoever changes the number of elements, or the room for them,
 * tells the view.
 *
 * <p>Thread rule: as the heap. Other threads get no further than the comparison with the owner.
 */
public final class TableView {

  /** Of a heap where nothing is shown. */
  public static final TableView NOTHING = new TableView(null);

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** Nothing is shown without native access, so that the other one is not used. */
  private static final MemorySegment ALL = Words.ALL != null ? Words.ALL : MemorySegment.NULL;

  /** So many misses of other lists are let pass, lest two that take turns be shown each time. */
  private static final int PATIENCE = 8;

  private final @Nullable Thread owner;

  /** The list; null if none is shown, and then there are no elements and no room either. */
  private long list;

  private int size;
  private int capacity;

  /** Where in memory the list's word is, and what it was. */
  private long wordAt;

  private long word;

  /** Where the first element is. */
  private long elements;

  private int misses;

  TableView(@Nullable Thread owner) {
    this.owner = owner;
  }

  /** Whether a list is shown, by this thread, and has such an element. */
  public boolean has(long ref, int index) {
    return ref == list
        && Thread.currentThread() == owner
        && Integer.compareUnsigned(index, size) < 0
        && ALL.get(LONG, wordAt & Words.ADDRESSES) == word;
  }

  /** Reads an element that the list {@link #has}. */
  public long get(int index) {
    return ALL.get(LONG, (elements & Words.ADDRESSES) + (Integer.toUnsignedLong(index) << 3));
  }

  /** Replaces an element that the list {@link #has}. */
  public void set(int index, long value) {
    ALL.set(LONG, (elements & Words.ADDRESSES) + (Integer.toUnsignedLong(index) << 3), value);
  }

  /**
   * Adds an element, if the list is shown and there is room.
   *
   * @param stateBefore how far the list's state is before its word
   * @param added what is added to the state
   * @return whether it did; nothing has changed if not
   */
  public boolean tryAdd(long ref, long value, int stateBefore, long added) {
    int end = size;
    if (ref != list || Thread.currentThread() != owner || end >= capacity) {
      return false;
    }
    long at = wordAt & Words.ADDRESSES;
    if (ALL.get(LONG, at) != word) {
      return false;
    }
    size = end + 1;
    ALL.set(LONG, (elements & Words.ADDRESSES) + (Integer.toUnsignedLong(end) << 3), value);
    long state = (wordAt - stateBefore) & Words.ADDRESSES;
    ALL.set(LONG, state, ALL.get(LONG, state) + added);
    return true;
  }

  /** Whether it is time to show a list that was not shown. */
  boolean isDue(long ref) {
    if (list == 0 || list == ref || ++misses >= PATIENCE) {
      misses = 0;
      return Words.ALL != null;
    }
    return false;
  }

  void show(long ref, long wordAt, long word, long elements, int size, int capacity) {
    this.list = ref;
    this.wordAt = wordAt;
    this.word = word;
    this.elements = elements;
    this.size = size;
    this.capacity = capacity;
  }

  /** The caller has changed the number of elements of a list. */
  public void resized(long ref, int count) {
    if (ref == list) {
      size = count;
    }
  }

  /** A list has, or is about to get, another table or more room in it. */
  public void forget(long ref) {
    if (ref == list) {
      forget();
    }
  }

  void forget() {
    list = 0;
    size = 0;
    capacity = 0;
  }
}
