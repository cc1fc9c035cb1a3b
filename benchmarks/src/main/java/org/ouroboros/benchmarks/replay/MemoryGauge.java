package org.ouroboros.benchmarks.replay;

/** Tells how much memory an allocator holds. Called by one thread at a time. */
interface MemoryGauge {

  /** Bytes resident now. */
  long resident();

  /**
   * The same, from within a call of the allocator, which must not be called again: what only the
   * allocator knows is taken from the last {@link #resident}.
   */
  long residentInside();

  /** Bytes committed now, or -1 if that is not known. */
  long committed();

  /** The most bytes that were resident, as far as the gauge knows better than its callers. */
  long peakResident();

  /** The most bytes that were committed, or -1 if that is not known. */
  long peakCommitted();

  /**
   * Has {@code action} run before resident memory may fall.
   *
   * @param action reads the gauge
   */
  void beforeFall(Runnable action);
}
