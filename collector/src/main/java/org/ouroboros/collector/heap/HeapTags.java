package org.ouroboros.collector.heap;

import java.util.BitSet;

/**
 * The tags that tell the references of one open heap from those of another: 1 to 65535, each used
 * by one heap at a time, and again only after all others were.
 *
 * <p>Thread rule: any thread.
 */
final class HeapTags {

  private static final int MAX = 0xFFFF;

  private static final BitSet IN_USE = new BitSet();

  private static int last;

  private HeapTags() {}

  static synchronized int take() {
    int tag = IN_USE.nextClearBit(last + 1);
    if (tag > MAX) {
      tag = IN_USE.nextClearBit(1);
    }
    if (tag > MAX) {
      throw new IllegalStateException(MAX + " heaps are open: close some");
    }
    IN_USE.set(tag);
    last = tag;
    return tag;
  }

  static synchronized void giveBack(int tag) {
    IN_USE.clear(tag);
  }
}
