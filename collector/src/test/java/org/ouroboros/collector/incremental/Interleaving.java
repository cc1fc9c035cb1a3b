package org.ouroboros.collector.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/**
 * One small graph, a few operations, and the numbers of steps of an incremental collection before
 * each; on a heap and on plain Java arrays side by side. The heap is empty before and after it.
 *
 * <p>The nodes are in words of ids of their own, so that the collector comes to them in different
 * steps.
 */
final class Interleaving {

  /** What a program may do. */
  enum Kind {
    /** a.slot = b. */
    STORE,
    /** a.slot = null. */
    CLEAR,
    /** b.other slot = a.slot, a.slot = null. */
    MOVE,
    /** A reference is taken out of a.slot. */
    TAKE,
    /** An owned reference to b is put in a.slot, and what was there is taken. */
    EXCHANGE,
    /** An owned reference to b becomes a.slot. */
    GIVE,
    RETAIN,
    RELEASE,
    /** Through a weak reference, whoever refers to a. */
    UPGRADE,
    /** a's references change places, a found by a weak reference, whoever refers to it. */
    SWAP_UNSEEN,
    /** A new object in a.slot. */
    NEW_BELOW,
    /** A new owned object that refers to a. */
    NEW_ABOVE,
    /** A new owned object that the owned a moves into; made at once. */
    NEW_OWNING,
    YOUNG_COLLECTION
  }

  /** An operation. */
  record Op(Kind kind, int a, int slot, int b) {}

  private static final int SLOTS = 2;
  private static final int MOST_NODES = 10;

  private final Heap heap;
  private final ObjectType type;
  private final int nodes;
  private final boolean weak;

  private final long[] refs = new long[MOST_NODES];
  private final int[] owned = new int[MOST_NODES];
  private final int[][] edges = new int[MOST_NODES][SLOTS];
  private final long[] weaks = new long[MOST_NODES];

  /** Seen to be dead: not to be touched any more. */
  private final BitSet dead = new BitSet();

  /** Garbage when marking began, and nothing has been done with it since. */
  private final BitSet doomed = new BitSet();

  /** The most steps a collection went on for. */
  private int longest;

  private int count;
  private int stepped;
  private boolean begun;
  private boolean ended;

  /**
   * Prepares.
   *
   * @param type with two references
   * @param weak whether there is a weak reference to each node
   */
  Interleaving(Heap heap, ObjectType type, int nodes, boolean weak) {
    this.heap = heap;
    this.type = type;
    this.nodes = nodes;
    this.weak = weak;
  }

  /** All operations on so many nodes. */
  static List<Op> operations(int nodes, boolean weak) {
    List<Op> all = new ArrayList<>();
    for (int a = 0; a < nodes; a++) {
      for (int slot = 0; slot < SLOTS; slot++) {
        all.add(new Op(Kind.CLEAR, a, slot, 0));
        all.add(new Op(Kind.TAKE, a, slot, 0));
        all.add(new Op(Kind.NEW_BELOW, a, slot, 0));
        for (int b = 0; b < nodes; b++) {
          all.add(new Op(Kind.STORE, a, slot, b));
          all.add(new Op(Kind.MOVE, a, slot, b));
          all.add(new Op(Kind.EXCHANGE, a, slot, b));
          all.add(new Op(Kind.GIVE, a, slot, b));
        }
      }
      all.add(new Op(Kind.RETAIN, a, 0, 0));
      all.add(new Op(Kind.RELEASE, a, 0, 0));
      all.add(new Op(Kind.NEW_ABOVE, a, 0, 0));
      all.add(new Op(Kind.NEW_OWNING, a, 0, 0));
      if (weak) {
        all.add(new Op(Kind.UPGRADE, a, 0, 0));
        all.add(new Op(Kind.SWAP_UNSEEN, a, 0, 0));
      }
    }
    all.add(new Op(Kind.YOUNG_COLLECTION, 0, 0, 0));
    return all;
  }

  /**
   * Runs one.
   *
   * @param graph the slots of all nodes in base {@code nodes + 1}, 0 for null
   * @param roots a bit for each node that is owned
   * @param ops what is done
   * @param steps how many steps are done before each
   * @return false if it makes no sense: an operation is not possible, or the collection ended
   *     before it
   */
  boolean run(long graph, int roots, Op[] ops, int[] steps) {
    if (!isPossible(graph, roots, ops[0])) {
      return false;
    }
    build(graph, roots);
    boolean sense = true;
    for (int i = 0; i < ops.length && sense; i++) {
      sense = step(steps[i]) && apply(ops[i]);
    }
    // also where it makes none: the heap is to be empty
    finish();
    return sense;
  }

  /** The most steps a collection went on for, of those before the last operation. */
  int longest() {
    return longest;
  }

  /** Asks the model before a heap is bothered; only for the first operation is all known. */
  private boolean isPossible(long graph, int roots, Op op) {
    reset(graph, roots);
    boolean[] reached = reachable();
    return switch (op.kind) {
      case STORE -> reached[op.a] && reached[op.b];
      case CLEAR, TAKE -> reached[op.a] && edges[op.a][op.slot] != 0;
      case MOVE ->
          reached[op.a]
              && reached[op.b]
              && edges[op.a][op.slot] != 0
              && edges[op.b][1 - op.slot] == 0;
      case EXCHANGE, GIVE -> reached[op.a] && owned[op.b] > 0;
      case RETAIN, NEW_BELOW, NEW_ABOVE -> reached[op.a];
      case RELEASE, NEW_OWNING -> owned[op.a] > 0;
      case UPGRADE, SWAP_UNSEEN, YOUNG_COLLECTION -> true;
    };
  }

  private void reset(long graph, int roots) {
    count = nodes;
    dead.clear();
    doomed.clear();
    begun = false;
    ended = false;
    stepped = 0;
    long rest = graph;
    for (int n = 0; n < nodes; n++) {
      owned[n] = roots >>> n & 1;
      for (int s = 0; s < SLOTS; s++) {
        edges[n][s] = (int) (rest % (nodes + 1));
        rest /= nodes + 1;
      }
    }
  }

  private void build(long graph, int roots) {
    reset(graph, roots);
    for (int n = 0; n < nodes; n++) {
      refs[n] = heap.allocate(type);
    }
    for (int n = 0; n < nodes; n++) {
      for (int s = 0; s < SLOTS; s++) {
        if (edges[n][s] != 0) {
          heap.setRef(refs[n], s, refs[edges[n][s] - 1]);
        }
      }
      if (weak) {
        weaks[n] = heap.newWeak(refs[n]);
      }
    }
    for (int n = 0; n < nodes; n++) {
      if (owned[n] == 0) {
        heap.release(refs[n]);
      }
    }
    // What was not in a cycle is dead by now.
    boolean[] reached = reachable();
    for (int n = 0; n < nodes; n++) {
      if (!reached[n] && !heap.isLive(refs[n])) {
        dead.set(n);
      }
    }
    doom(reached);
  }

  private void doom(boolean[] reached) {
    for (int n = 0; n < count; n++) {
      if (!reached[n] && !dead.get(n)) {
        doomed.set(n);
      }
    }
  }

  // ------------------------------------------------------------------------- model

  private boolean[] reachable() {
    boolean[] found = new boolean[MOST_NODES];
    for (int n = 0; n < count; n++) {
      if (owned[n] > 0) {
        reach(n, found);
      }
    }
    return found;
  }

  private void reach(int n, boolean[] found) {
    if (!found[n]) {
      found[n] = true;
      for (int s = 0; s < SLOTS; s++) {
        if (edges[n][s] != 0) {
          reach(edges[n][s] - 1, found);
        }
      }
    }
  }

  /** What is touched is not bound to be found any more, nor what it leads to. */
  private void spare(int n) {
    boolean[] found = new boolean[MOST_NODES];
    reach(n, found);
    for (int i = 0; i < count; i++) {
      if (found[i]) {
        doomed.clear(i);
      }
    }
  }

  // -------------------------------------------------------------------- operations

  private boolean step(int steps) {
    for (int i = 0; i < steps && !ended; i++) {
      if (!begun) {
        begun = true;
        doomed.clear();
        doom(reachable());
      }
      ended = heap.collector().step(0);
      longest = Math.max(longest, ++stepped);
    }
    return !ended;
  }

  private boolean apply(Op op) {
    boolean[] reached = reachable();
    int a = op.a;
    int b = op.b;
    int slot = op.slot;
    int old = edges[a][slot];
    switch (op.kind) {
      case STORE -> {
        if (!reached[a] || !reached[b]) {
          return false;
        }
        edges[a][slot] = b + 1;
        heap.setRef(refs[a], slot, refs[b]);
      }
      case CLEAR -> {
        if (!reached[a] || old == 0) {
          return false;
        }
        edges[a][slot] = 0;
        heap.setRef(refs[a], slot, Heap.NULL);
      }
      case MOVE -> {
        if (!reached[a] || !reached[b] || old == 0 || edges[b][1 - slot] != 0) {
          return false;
        }
        edges[a][slot] = 0;
        edges[b][1 - slot] = old;
        heap.moveRef(refs[a], slot, refs[b], 1 - slot);
      }
      case TAKE -> {
        if (!reached[a] || old == 0) {
          return false;
        }
        edges[a][slot] = 0;
        owned[old - 1]++;
        assertThat(heap.takeRef(refs[a], slot)).isEqualTo(refs[old - 1]);
      }
      case EXCHANGE -> {
        if (!reached[a] || owned[b] == 0) {
          return false;
        }
        owned[b]--;
        edges[a][slot] = b + 1;
        long taken = heap.exchangeRef(refs[a], slot, refs[b]);
        if (old != 0) {
          owned[old - 1]++;
          assertThat(taken).isEqualTo(refs[old - 1]);
        }
      }
      case GIVE -> {
        if (!reached[a] || owned[b] == 0) {
          return false;
        }
        owned[b]--;
        edges[a][slot] = b + 1;
        heap.setRefMoved(refs[a], slot, refs[b]);
      }
      case RETAIN -> {
        if (!reached[a]) {
          return false;
        }
        owned[a]++;
        heap.retain(refs[a]);
      }
      case RELEASE -> {
        if (owned[a] == 0) {
          return false;
        }
        owned[a]--;
        heap.release(refs[a]);
      }
      case UPGRADE -> {
        return upgrade(a, reached[a]);
      }
      case SWAP_UNSEEN -> {
        return swapUnseen(a, reached[a]);
      }
      case NEW_BELOW -> {
        if (!reached[a]) {
          return false;
        }
        int made = make();
        owned[made]--;
        edges[a][slot] = made + 1;
        heap.setRefMoved(refs[a], slot, refs[made]);
      }
      case NEW_ABOVE -> {
        if (!reached[a]) {
          return false;
        }
        int made = make();
        edges[made][0] = a + 1;
        heap.setRef(refs[made], 0, refs[a]);
      }
      case NEW_OWNING -> {
        if (owned[a] == 0) {
          return false;
        }
        owned[a]--;
        note(heap.allocateOwning(type, refs[a], Heap.NULL));
        edges[count - 1][0] = a + 1;
      }
      case YOUNG_COLLECTION -> heap.collector().collect(0);
    }
    check();
    return true;
  }

  private int make() {
    return note(heap.allocate(type));
  }

  private int note(long made) {
    refs[count] = made;
    owned[count] = 1;
    Arrays.fill(edges[count], 0);
    // a place of one that has died
    for (int n = 0; n < count; n++) {
      if (refs[n] == made) {
        dead.set(n);
        doomed.clear(n);
      }
    }
    return count++;
  }

  private boolean upgrade(int a, boolean reached) {
    long found = heap.weakTarget(weaks[a]);
    if (found == Heap.NULL) {
      assertThat(reached).as("dead to a weak reference").isFalse();
      return false;
    }
    assertThat(found).isEqualTo(refs[a]);
    owned[a]++;
    heap.retain(found);
    spare(a);
    check();
    return true;
  }

  private boolean swapUnseen(int a, boolean reached) {
    long found = heap.weakTarget(weaks[a]);
    if (found == Heap.NULL || (edges[a][0] == 0) == (edges[a][1] == 0)) {
      assertThat(reached && found == Heap.NULL).as("dead to a weak reference").isFalse();
      return false;
    }
    int from = edges[a][0] == 0 ? 1 : 0;
    edges[a][1 - from] = edges[a][from];
    edges[a][from] = 0;
    heap.moveRef(found, from, found, 1 - from);
    spare(a);
    check();
    return true;
  }

  // ------------------------------------------------------------------------- checks

  /** What can be reached is alive, and refers to what it should. */
  private void check() {
    boolean[] reached = reachable();
    for (int n = 0; n < count; n++) {
      if (reached[n]) {
        check(n);
      }
    }
  }

  private void check(int n) {
    boolean right = heap.isLive(refs[n]) && heap.externalCount(refs[n]) == owned[n];
    for (int s = 0; s < SLOTS && right; s++) {
      int child = edges[n][s];
      right = heap.getRef(refs[n], s) == (child == 0 ? Heap.NULL : refs[child - 1]);
    }
    assertThat(right).as("node %d is alive and as it should be", n).isTrue();
  }

  private void finish() {
    if (begun && !ended) {
      EveryStep.complete(heap);
    }
    check();
    if (begun) {
      for (int n = doomed.nextSetBit(0); n >= 0; n = doomed.nextSetBit(n + 1)) {
        assertThat(heap.isLive(refs[n])).as("node %d was garbage all the time", n).isFalse();
      }
    }
    EveryStep.complete(heap);
    check();
    boolean[] reached = reachable();
    int expected = weak ? nodes : 0;
    for (int n = 0; n < count; n++) {
      expected += reached[n] ? 1 : 0;
    }
    assertThat(heap.stats().liveObjects()).isEqualTo(expected);
    clean();
  }

  /** Lets everything go. */
  private void clean() {
    for (int n = 0; n < count; n++) {
      for (; owned[n] > 0; owned[n]--) {
        heap.release(refs[n]);
      }
    }
    for (int n = 0; weak && n < nodes; n++) {
      heap.release(weaks[n]);
    }
    heap.collector().collect();
    assertThat(heap.stats().liveObjects()).isZero();
  }
}
