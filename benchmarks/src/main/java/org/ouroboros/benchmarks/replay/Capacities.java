package org.ouroboros.benchmarks.replay;

/** How the growing arrays grow. */
final class Capacities {

  /** What HotSpot allows an array to hold. */
  private static final int MAX = Integer.MAX_VALUE - 8;

  private Capacities() {}

  /** Half as much again, at least one more; {@link OutOfMemoryError} where there is no more. */
  static int larger(int capacity) {
    if (capacity == MAX) {
      throw new OutOfMemoryError("an array of more than " + MAX + " elements");
    }
    return (int) Math.min(MAX, capacity + (capacity >> 1) + 1L);
  }
}
