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
  private final ArrayDeque<Failure> entries = new ArrayDeque<>();
  private long total;

  FailureLog(int capacity, Unpin unpin) {
    this.capacity = capacity;
    this.unpin = unpin;
  }

  void add(Failure failure) {
    total++;
    if (capacity == 0) {
      return;
    }
    while (entries.size() >= capacity) {
      remove(entries.removeFirst());
    }
    entries.addLast(failure);
  }

  /** Whether an entry could keep an object. */
  boolean keeps() {
    return capacity > 0;
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
    while (!entries.isEmpty()) {
      remove(entries.removeFirst());
    }
  }

  private void remove(Failure failure) {
    if (failure.pinned()) {
      unpin.unpin(failure.ref());
    }
  }
}
