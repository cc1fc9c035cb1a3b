package org.ouroboros.collector.heap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.ouroboros.collector.ErrorLog;

/**
 * The bounded log of what user code threw. Entries that pin their object own a reference to it,
 * which {@link Hooks} took and the log gives back.
 *
 * <p>Thread rule: as the heap; reading is allowed to all once the heap is closed.
 */
final class FailureLog implements ErrorLog {

  /** Gives a pinned object back. */
  interface Unpin {
    void unpin(long ref);
  }

  private final int capacity;
  private final Unpin unpin;
  private final Runnable check;
  private ArrayDeque<Failure> entries = new ArrayDeque<>();

  /** Pinned objects of entries that have given way, in the middle of something. */
  private ArrayDeque<Failure> evicted = new ArrayDeque<>();

  private long total;

  /**
   * Makes a log.
   *
   * @param check that the caller may release objects now
   */
  FailureLog(int capacity, Unpin unpin, Runnable check) {
    this.capacity = capacity;
    this.unpin = unpin;
    this.check = check;
  }

  /** Adds an entry; if there is no memory for it, it is only counted. */
  void add(Failure failure) {
    while (capacity > 0 && entries.size() >= capacity) {
      Failure oldest = entries.getFirst();
      if (oldest.pinned()) {
        evicted.addLast(oldest);
      }
      entries.removeFirst();
    }
    if (capacity > 0) {
      entries.addLast(failure);
    }
    total++;
  }

  /** There was not even memory to say what failed. */
  void lost() {
    total++;
  }

  /** Whether an entry could keep an object that none keeps yet. */
  boolean wouldPin(long ref) {
    return capacity > 0
        && entries.stream().noneMatch(entry -> entry.pinned() && entry.ref() == ref);
  }

  /** Whether there is something for {@link #unpinEvicted} to do. */
  boolean hasEvicted() {
    return !evicted.isEmpty();
  }

  /** Releases what entries pinned that have given way; called where objects may die. */
  void unpinEvicted() {
    if (!evicted.isEmpty()) {
      ArrayDeque<Failure> old = evicted;
      evicted = new ArrayDeque<>();
      old.forEach(entry -> unpin.unpin(entry.ref()));
    }
  }

  @Override
  public List<Failure> entries() {
    return new ArrayList<>(entries);
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public void clear() {
    check.run();
    ArrayDeque<Failure> old = entries;
    entries = new ArrayDeque<>();
    unpinEvicted();
    // Finalizers that run by this may fail again: those entries are new ones.
    for (Failure entry : old) {
      if (entry.pinned()) {
        unpin.unpin(entry.ref());
      }
    }
  }
}
