package org.ouroboros.collector.heap;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.util.concurrent.atomic.AtomicLong;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/**
 * The heap of the stress tests of shared heaps: one for all states, so that what one leaves behind
 * is what the next one begins with. Places of dead objects are used again at any time; so that an
 * object is told from a later one at its place, each has a number of its own.
 */
final class SharedStressHeap {

  static final ObjectType NODE =
      ObjectType.builder("node").references(2).field("check", JAVA_LONG).build();

  static final SharedHeap HEAP = new SharedHeap(HeapOptions.DEFAULT);

  private static final AtomicLong LAST = new AtomicLong();
  private static final long CHECK = NODE.offset("check");

  private SharedStressHeap() {}

  /** A number that no node has. */
  static long number() {
    return LAST.incrementAndGet();
  }

  /** Makes a node that {@link #isSound} knows by its number. */
  static long node(long check) {
    long node = HEAP.allocate(NODE);
    HEAP.setLong(node, CHECK, check);
    return node;
  }

  /** Whether a node is alive, which nobody may own. */
  static boolean isAlive(long node, long check) {
    return HEAP.isLive(node) && isSound(node, check);
  }

  /** Whether a node is the one that was made with a number. */
  static boolean isSound(long node, long check) {
    return HEAP.getLong(node, CHECK) == check;
  }

  /**
   * Looks at what a thread got that may have come too late, and releases it.
   *
   * @return 0 for null, 1 for the node that is expected, 2 for anything else
   */
  static int seen(long owned, long check) {
    if (owned == Heap.NULL) {
      return 0;
    }
    int seen = isSound(owned, check) ? 1 : 2;
    HEAP.release(owned);
    return seen;
  }
}
