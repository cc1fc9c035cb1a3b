package org.ouroboros.benchmarks.pauses;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * The program: each operation makes a ring of 2 to 8 nodes and drops another. Of 20 operations 19
 * replace a young ring, which was made less than {@value #YOUNG_OPERATIONS} operations ago; one
 * replaces an old ring, chosen at random from a population that holds so many objects.
 *
 * <p>The table is the only one to hold a ring, so that this class knows what is reachable, exactly
 * and at any time: the nodes of the rings in the table.
 */
final class Churn {

  /** No young ring is older than that. */
  static final int YOUNG_OPERATIONS = 10_000;

  private static final int LEAST_NODES = 2;
  private static final int MOST_NODES = 8;

  /** Every so many operations an old ring is replaced. */
  private static final int OLD_EVERY = 20;

  /**
   * Places of young rings, a power of two. Each round visits all of them, in another order, so that
   * a ring lives for at most two rounds: 2 x 4,096 young operations, 8,624 in all.
   */
  private static final int YOUNG_PLACES = 1 << 12;

  private static final int YOUNG_MASK = YOUNG_PLACES - 1;

  private final Rings rings;
  private final SplittableRandom random;

  /** Nodes of each ring: old ones first, then the young ones. */
  private final byte[] nodes;

  private final int oldPlaces;
  private long operations;
  private long youngOperations;
  private int key;
  private long reachable;

  /**
   * Plans the table.
   *
   * @param made makes the rings, told how many places there are
   * @param objects nodes of the old population
   * @param seed of all choices
   */
  Churn(IntFunction<? extends Rings> made, int objects, long seed) {
    random = new SplittableRandom(seed);
    byte[] sizes = new byte[objects / LEAST_NODES + YOUNG_PLACES + 1];
    int places = 0;
    for (int left = objects; left > 0; places++) {
      int size = Math.max(LEAST_NODES, Math.min(left, size()));
      sizes[places] = (byte) size;
      left -= size;
    }
    oldPlaces = places;
    nodes = Arrays.copyOf(sizes, oldPlaces + YOUNG_PLACES);
    rings = made.apply(nodes.length);
  }

  /** Makes the population. */
  void fill() {
    for (int place = 0; place < nodes.length; place++) {
      int size = place < oldPlaces ? nodes[place] : size();
      nodes[place] = (byte) size;
      rings.store(place, size);
      reachable += size;
    }
  }

  /** Does one operation. */
  void operate() {
    int place = nextPlace();
    int size = size();
    int former = nodes[place];
    rings.store(place, size);
    nodes[place] = (byte) size;
    reachable += size - former;
  }

  /** Where the next ring goes. */
  int nextPlace() {
    if (++operations % OLD_EVERY == 0) {
      return random.nextInt(oldPlaces);
    }
    int step = (int) youngOperations++ & YOUNG_MASK;
    if (step == 0) {
      key = random.nextInt();
    }
    return oldPlaces + shuffled(step, key);
  }

  /** One to one among the young places, and another order for each key. */
  private static int shuffled(int step, int key) {
    int place = (step ^ key) * 0x9E5 + (key >>> 12) & YOUNG_MASK;
    place ^= place >>> 5;
    place = place * 0xB4D & YOUNG_MASK;
    return place ^ place >>> 6;
  }

  private int size() {
    return random.nextInt(LEAST_NODES, MOST_NODES + 1);
  }

  /** Places of rings that are replaced slowly; the others follow them. */
  int oldPlaces() {
    return oldPlaces;
  }

  /** Nodes that the table leads to. */
  long reachable() {
    return reachable;
  }

  /** Nodes that exist and that nothing leads to; -1 if that is not known. */
  long garbage() {
    long live = rings.liveNodes();
    return live < 0 ? -1 : live - reachable;
  }

  Rings rings() {
    return rings;
  }
}
