package org.ouroboros.benchmarks.program;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.ObjectType;

/**
 * The cache as objects on a heap. An entry is held by its chain and by its neighbours in the list,
 * and freed by counting when it is out of both.
 */
final class HeapLru extends LruTask {

  private static final ObjectType ENTRY =
      ObjectType.builder("entry")
          .references("next", "newer", "older")
          .field("value", JAVA_INT)
          .field("key", JAVA_LONG)
          .build();
  private static final int NEXT = ENTRY.slot("next");
  private static final int NEWER = ENTRY.slot("newer");
  private static final int OLDER = ENTRY.slot("older");
  private static final long KEY = ENTRY.offset("key");
  private static final long VALUE = ENTRY.offset("value");

  private static final ObjectType TABLE = ObjectType.referenceArray("table");

  private final Heap heap = Heap.ofConfined();

  /** The chains; owned. */
  private final long table;

  /** Closes the list to a ring: newer than the newest, older than the oldest; owned. */
  private final long ends;

  private int size;

  HeapLru(int capacity, int operations) {
    super(capacity, operations);
    table = heap.allocate(TABLE, chains());
    ends = heap.allocate(ENTRY);
    heap.setRef(ends, NEWER, ends);
    heap.setRef(ends, OLDER, ends);
  }

  @Override
  int access(long key) {
    int chain = chain(key);
    long entry = heap.getElement(table, chain);
    while (entry != Heap.NULL && heap.getLong(entry, KEY) != key) {
      entry = heap.getRef(entry, NEXT);
    }
    if (entry == Heap.NULL) {
      insert(key, chain);
      return -1;
    }
    if (heap.getRef(entry, NEWER) != ends) {
      unlink(entry); // its chain holds it
      link(entry);
    }
    return heap.getInt(entry, VALUE);
  }

  private void insert(long key, int chain) {
    if (size == capacity) {
      long oldest = heap.getRef(ends, NEWER);
      unchain(oldest);
      unlink(oldest); // dies
    } else {
      size++;
    }
    long entry = heap.allocate(ENTRY);
    heap.setLong(entry, KEY, key);
    heap.setInt(entry, VALUE, value(key));
    heap.setRef(entry, NEXT, heap.getElement(table, chain));
    link(entry);
    heap.setRefMoved(table, heap.elementSlot(table, chain), entry);
  }

  /** Makes an entry that is in no list the newest. */
  private void link(long entry) {
    long newest = heap.getRef(ends, OLDER);
    heap.setRef(entry, OLDER, newest);
    heap.setRef(entry, NEWER, ends);
    heap.setRef(newest, NEWER, entry);
    heap.setRef(ends, OLDER, entry);
  }

  /** Makes an entry's neighbours each other's. */
  private void unlink(long entry) {
    long newer = heap.getRef(entry, NEWER);
    long older = heap.getRef(entry, OLDER);
    heap.setRef(newer, OLDER, older);
    heap.setRef(older, NEWER, newer);
  }

  private void unchain(long entry) {
    int chain = chain(heap.getLong(entry, KEY));
    long next = heap.getRef(entry, NEXT);
    long before = heap.getElement(table, chain);
    if (before == entry) {
      heap.setElement(table, chain, next);
      return;
    }
    while (heap.getRef(before, NEXT) != entry) {
      before = heap.getRef(before, NEXT);
    }
    heap.setRef(before, NEXT, next);
  }

  @Override
  public HeapStats stats() {
    return heap.stats();
  }

  /** The list is one cycle: the collector's work. */
  @Override
  public void close() {
    heap.release(table);
    heap.release(ends);
    heap.collector().collect();
    HeapObjects.closeEmpty(heap);
  }
}
