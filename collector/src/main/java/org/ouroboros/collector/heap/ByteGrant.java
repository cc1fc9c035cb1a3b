package org.ouroboros.collector.heap;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.budget.Budget;

/**
 * How many bytes the objects of a heap may take now: as many as its limit says, or, with a budget,
 * as many as were charged to it so far. Those are charged in chunks when they are used up, and
 * given back when a collection has left more than another chunk unused: so making and freeing an
 * object never goes to the budget.
 *
 * <p>Thread rule: as the heap.
 */
final class ByteGrant {

  /** What is charged at a time, at least. */
  private static final long LEAST_CHUNK = 64 << 10;

  /** What is charged at a time is at most this part of what the heap has, as a shift. */
  private static final int CHUNK_SHIFT = 4;

  private final long limitBytes;
  private final @Nullable Budget budget;

  /** What the objects may take in all. */
  private long granted;

  ByteGrant(long limitBytes, @Nullable Budget budget) {
    this.limitBytes = limitBytes;
    this.budget = budget;
    this.granted = budget == null ? limitBytes : 0;
  }

  /** What all objects together may take now. */
  long granted() {
    return granted;
  }

  long limitBytes() {
    return limitBytes;
  }

  private long chunk() {
    return Math.max(LEAST_CHUNK, granted >> CHUNK_SHIFT);
  }

  /**
   * Grants more.
   *
   * @param needed how many bytes at least
   * @param size of the object, for messages
   * @return how many more there are; {@code needed} or more
   * @throws AllocationFailedException if the limit, or a budget, refuses: nothing has changed
   */
  long more(long needed, long size) {
    long allowed = limitBytes - granted;
    if (budget == null || needed > allowed) {
      throw new AllocationFailedException("heap", size, "its limit is reached", null);
    }
    // No more than there is room for: only what is needed is worth a refusal.
    long wished = Math.min(Math.min(chunk(), budget.headroom()), allowed);
    long bytes = Math.max(needed, wished);
    budget.charge(bytes);
    granted += bytes;
    return bytes;
  }

  /**
   * Gives back what is too much.
   *
   * @param unused how many of the bytes that are granted no object takes
   * @return how many fewer there are
   */
  long lessOf(long unused) {
    if (budget == null || unused <= 2 * chunk()) {
      return 0;
    }
    return giveBack(budget, unused - chunk());
  }

  /** Gives all back. */
  void end() {
    if (budget != null) {
      giveBack(budget, granted);
    }
  }

  private long giveBack(Budget to, long bytes) {
    try {
      to.release(bytes);
    } catch (IllegalStateException e) {
      return 0; // it was closed, and has all back already
    }
    granted -= bytes;
    return bytes;
  }
}
