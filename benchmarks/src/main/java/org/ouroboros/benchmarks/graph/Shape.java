package org.ouroboros.benchmarks.graph;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/**
 * Graphs that are made, not recorded: the same as in the peer's script, where each has a function
 * of the same name.
 */
enum Shape {

  /** Doubly linked rings of 21 objects each; the size is how many. Their heads are held. */
  RINGS {
    @Override
    long[] build(Heap heap, int size) {
      long[] heads = new long[size];
      for (int r = 0; r < size; r++) {
        heads[r] = ring(heap, RING);
      }
      return heads;
    }

    @Override
    long objects(int size) {
      return (long) RING * size;
    }
  },

  /** Arrays nested so deep; the i-th has i references, all to the one before. */
  NESTED {
    @Override
    long[] build(Heap heap, int size) {
      long top = heap.allocate(LIST, 0);
      for (int n = 0; n < size; n++) {
        long next = heap.allocate(LIST, n);
        for (int i = 0; i < n; i++) {
          heap.setElement(next, i, top);
        }
        heap.release(top);
        top = next;
      }
      return new long[] {top};
    }

    @Override
    long objects(int size) {
      return size + 1L;
    }
  },

  /** A doubly linked ring, in the order of allocation. One object is held. */
  RING1 {
    @Override
    long[] build(Heap heap, int size) {
      return new long[] {ring(heap, size)};
    }
  },

  /** Objects with two references to random ones. An array holds all. */
  RANDOM2 {
    @Override
    long[] build(Heap heap, int size) {
      long[] all = allocate(heap, TWO, size);
      Random random = new Random(1);
      long holder = heap.allocate(LIST, size);
      for (int i = 0; i < size; i++) {
        heap.setRef(all[i], 0, all[random.nextInt(size)]);
        heap.setRef(all[i], 1, all[random.nextInt(size)]);
        heap.setElement(holder, i, all[i]);
      }
      releaseFrom(heap, all, 0);
      return new long[] {holder};
    }
  },

  /** A complete binary tree with references to parents, shuffled in memory. Its root is held. */
  TREE {
    @Override
    long[] build(Heap heap, int size) {
      long[] all = allocate(heap, THREE, size);
      Random random = new Random(1);
      shuffle(all, random);
      for (int i = 0; i < size; i++) {
        link(heap, all, i, 0, 2 * i + 1);
        link(heap, all, i, 1, 2 * i + 2);
        link(heap, all, i, 2, i == 0 ? size : (i - 1) / 2);
      }
      releaseFrom(heap, all, 1);
      return new long[] {all[0]};
    }
  },

  /**
   * Objects with two references, shuffled in memory: each is held by a random one of those before
   * it that had a reference left; what references are left then are to random ones. The first one
   * is held.
   */
  WEB {
    @Override
    long[] build(Heap heap, int size) {
      long[] all = allocate(heap, TWO, size);
      Random random = new Random(1);
      shuffle(all, random);
      int[] open = new int[size];
      int[] used = new int[size];
      int count = 1;
      for (int i = 1; i < size; i++) {
        int at = random.nextInt(count);
        int from = open[at];
        heap.setRef(all[from], used[from]++, all[i]);
        if (used[from] == 2) {
          open[at] = open[--count];
        }
        open[count++] = i;
      }
      for (int i = 0; i < size; i++) {
        while (used[i] < 2) {
          heap.setRef(all[i], used[i]++, all[random.nextInt(size)]);
        }
      }
      releaseFrom(heap, all, 1);
      return new long[] {all[0]};
    }
  },

  /**
   * Arrays of eight references each, half of them to random other ones. An array for each thousand
   * of them holds these, and one array all of those.
   */
  LISTS {
    @Override
    long[] build(Heap heap, int size) {
      long[] all = new long[size];
      Arrays.setAll(all, i -> heap.allocate(LIST, 8));
      Random random = new Random(1);
      long[] tables = new long[(size + 999) / 1000];
      for (int t = 0; t < tables.length; t++) {
        tables[t] = heap.allocate(LIST, 1000);
      }
      for (int i = 0; i < size; i++) {
        for (int slot = 0; slot < 8; slot += 2) {
          heap.setElement(all[i], slot, all[random.nextInt(size)]);
        }
        heap.setElement(tables[i / 1000], i % 1000, all[i]);
      }
      long table = heap.allocate(LIST, tables.length);
      for (int t = 0; t < tables.length; t++) {
        heap.setElement(table, t, tables[t]);
      }
      releaseFrom(heap, all, 0);
      releaseFrom(heap, tables, 0);
      return new long[] {table};
    }

    @Override
    long objects(int size) {
      return size + (size + 999) / 1000 + 1L;
    }
  };

  /** Objects of one of the {@link #RINGS}. */
  static final int RING = 21;

  private static final ObjectType TWO = ObjectType.builder("two").references(2).build();
  private static final ObjectType THREE = ObjectType.builder("three").references(3).build();
  private static final ObjectType LIST = ObjectType.referenceArray("list");

  /** Builds it; returns what holds it. */
  abstract long[] build(Heap heap, int size);

  /** How many objects there are of a size. */
  long objects(int size) {
    return size;
  }

  /** The function in the peer's script. */
  String function() {
    return this == RING1 ? "ring" : name().toLowerCase(Locale.ROOT);
  }

  private static long ring(Heap heap, int size) {
    long head = heap.allocate(TWO);
    long last = head;
    for (int i = 1; i < size; i++) {
      long next = heap.allocate(TWO);
      heap.setRef(next, 1, last);
      heap.setRef(last, 0, next);
      if (last != head) {
        heap.release(last);
      }
      last = next;
    }
    heap.setRef(last, 0, head);
    heap.setRef(head, 1, last);
    if (last != head) {
      heap.release(last);
    }
    return head;
  }

  private static long[] allocate(Heap heap, ObjectType type, int size) {
    long[] all = new long[size];
    for (int i = 0; i < size; i++) {
      all[i] = heap.allocate(type);
    }
    return all;
  }

  private static void shuffle(long[] all, Random random) {
    for (int i = all.length - 1; i > 0; i--) {
      int k = random.nextInt(i + 1);
      long swapped = all[i];
      all[i] = all[k];
      all[k] = swapped;
    }
  }

  private static void link(Heap heap, long[] all, int from, int slot, int to) {
    if (to < all.length) {
      heap.setRef(all[from], slot, all[to]);
    }
  }

  private static void releaseFrom(Heap heap, long[] all, int first) {
    for (int i = first; i < all.length; i++) {
      heap.release(all[i]);
    }
  }
}
