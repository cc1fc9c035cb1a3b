package org.ouroboros.benchmarks.pauses;

/**
 * Doubly linked rings of objects of two references, held by a table, one in each place. Their
 * single calls are timed by a {@link CallClock}: of a heap the library's, of Java objects {@code
 * new} and stores.
 */
abstract class Rings implements AutoCloseable {

  final CallClock clock;

  Rings(CallClock clock) {
    this.clock = clock;
  }

  /**
   * Makes a ring and puts it in a place; what was there is garbage then.
   *
   * @param place of the table
   * @param nodes 2 or more
   */
  abstract void store(int place, int nodes);

  /** Nodes that exist, garbage among them; -1 if that is not known. */
  abstract long liveNodes();

  /** Has all garbage found and freed, and tells how much it was; -1 if that is not known. */
  abstract int collectAll();

  @Override
  public abstract void close();
}
