package org.ouroboros.collector.heap;

/** What the threads of a shared heap keep ready. Thread rule: for who has stopped the world. */
interface SharedCaches {

  /** Gives all of it back to the store. */
  void settle();

  /** How many places are ready, each of which counts as an object that was made. */
  long ready();

  /** How many that are and those of dead objects that were not given back yet. */
  long objects();

  /** How many bytes. */
  long bytes();
}
