package org.ouroboros.benchmarks.program;

import org.jspecify.annotations.Nullable;

/** The twin of {@link HeapLru} on Java objects. */
final class JavaLru extends LruTask {

  private static final class Entry {
    @Nullable Entry next;
    Entry newer = this;
    Entry older = this;
    int value;
    long key;
  }

  private final @Nullable Entry[] table;
  private final Entry ends = new Entry();
  private int size;

  JavaLru(int capacity, int operations) {
    super(capacity, operations);
    table = new Entry[chains()];
  }

  @Override
  int access(long key) {
    int chain = chain(key);
    Entry entry = table[chain];
    while (entry != null && entry.key != key) {
      entry = entry.next;
    }
    if (entry == null) {
      insert(key, chain);
      return -1;
    }
    if (entry.newer != ends) {
      unlink(entry);
      link(entry);
    }
    return entry.value;
  }

  private void insert(long key, int chain) {
    if (size == capacity) {
      Entry oldest = ends.newer;
      unchain(oldest);
      unlink(oldest);
    } else {
      size++;
    }
    Entry entry = new Entry();
    entry.key = key;
    entry.value = value(key);
    entry.next = table[chain];
    link(entry);
    table[chain] = entry;
  }

  private void link(Entry entry) {
    Entry newest = ends.older;
    entry.older = newest;
    entry.newer = ends;
    newest.newer = entry;
    ends.older = entry;
  }

  private static void unlink(Entry entry) {
    Entry newer = entry.newer;
    Entry older = entry.older;
    newer.older = older;
    older.newer = newer;
  }

  private void unchain(Entry entry) {
    int chain = chain(entry.key);
    Entry before = table[chain];
    if (before == entry) {
      table[chain] = entry.next;
      return;
    }
    while (before != null && before.next != entry) {
      before = before.next;
    }
    if (before != null) {
      before.next = entry.next;
    }
  }

  @Override
  public void close() {
    // dropped with this
  }
}
