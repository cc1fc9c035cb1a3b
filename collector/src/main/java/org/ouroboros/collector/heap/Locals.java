package org.ouroboros.collector.heap;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.LocalScope;
import org.ouroboros.collector.space.Faults;

/**
 * The references of all open local scopes, on one stack.
 *
 * <p>Thread rule: as the heap.
 */
final class Locals {

  private final ConfinedHeap heap;
  private long[] references = new long[16];
  private int size;
  private @Nullable Scope innermost;

  Locals(ConfinedHeap heap) {
    this.heap = heap;
  }

  LocalScope open() {
    Scope scope = new Scope();
    innermost = scope;
    return scope;
  }

  private void push(long ref) {
    if (size == references.length) {
      heap.store.faults.request("the stack of local references", 8L * size);
      try {
        references = Arrays.copyOf(references, size * 2);
      } catch (OutOfMemoryError e) {
        throw Faults.javaHeap("the stack of local references", e);
      }
    }
    references[size++] = ref;
  }

  /** One scope: the part of the stack from where it began. */
  private final class Scope implements LocalScope {

    private final int begin = size;
    private final @Nullable Scope outer = innermost;
    private boolean closed;

    @Override
    public long own(long owned) {
      check();
      if (owned != Heap.NULL) {
        heap.checkLive(owned);
        note(owned);
      }
      return owned;
    }

    @Override
    public long keep(long borrowed) {
      check();
      if (borrowed != Heap.NULL) {
        heap.retain(borrowed);
        try {
          note(borrowed);
        } catch (RuntimeException e) {
          heap.release(borrowed);
          throw e;
        }
      }
      return borrowed;
    }

    private void note(long ref) {
      try {
        push(ref);
      } catch (AllocatorException e) {
        throw heap.exhausted(Long.BYTES, e);
      }
    }

    private void check() {
      heap.checkThread();
      heap.checks.checkMutable();
      if (closed || innermost != this) {
        throw new IllegalStateException(
            closed ? "the scope is closed" : "a scope that was opened later is still open");
      }
    }

    /** What is released too often does not keep the rest from being released. */
    @Override
    public void close() {
      if (closed || heap.isClosed()) {
        return;
      }
      check();
      closed = true;
      RuntimeException failure = null;
      try {
        while (size > begin) {
          try {
            heap.release(references[--size]);
          } catch (RuntimeException e) {
            failure = failure == null ? e : failure;
          }
        }
      } finally {
        size = begin;
        innermost = outer;
      }
      if (failure != null) {
        throw failure;
      }
    }
  }
}
