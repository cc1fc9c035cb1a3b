package org.ouroboros.collector.heap;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.LocalScope;
import org.ouroboros.collector.space.Faults;

/**
 * The local scopes of a shared heap: those of one thread nest, those of several are apart.
 *
 * <p>Thread rule: a scope is for the thread that opened it; all others get {@link
 * WrongThreadException}.
 */
final class SharedScopes {

  private final SharedHeap heap;

  @SuppressWarnings("ThreadLocalUsage") // each heap has its own
  private final ThreadLocal<@Nullable Scope> innermost = new ThreadLocal<>();

  SharedScopes(SharedHeap heap) {
    this.heap = heap;
  }

  LocalScope open() {
    Scope scope = new Scope(innermost.get());
    innermost.set(scope);
    return scope;
  }

  private final class Scope implements LocalScope {

    private final Thread owner = Thread.currentThread();
    private final @Nullable Scope outer;
    private long[] references = new long[8];
    private int size;
    private boolean closed;

    Scope(@Nullable Scope outer) {
      this.outer = outer;
    }

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
        boolean noted = false;
        try {
          note(borrowed);
          noted = true;
        } finally {
          if (!noted) {
            heap.release(borrowed);
          }
        }
      }
      return borrowed;
    }

    private void note(long ref) {
      if (size == references.length) {
        try {
          references = Arrays.copyOf(references, size * 2);
        } catch (OutOfMemoryError e) {
          AllocatorException failure = Faults.javaHeap("the references of a scope", e);
          throw heap.core.exhausted(Long.BYTES, failure);
        }
      }
      references[size++] = ref;
    }

    private void check() {
      checkOwner();
      heap.checkOpen();
      checkInnermost();
    }

    private void checkInnermost() {
      if (closed || innermost.get() != this) {
        throw new IllegalStateException(
            closed ? "the scope is closed" : "a scope that was opened later is still open");
      }
    }

    private void checkOwner() {
      if (Thread.currentThread() != owner) {
        throw new WrongThreadException(
            heap.options().name() + ": the scope was opened by " + owner);
      }
    }

    /**
     * What is released too often does not keep the rest from being released. Once the heap is
     * closed or being closed, maybe in the middle of this, there is nothing left to be done.
     */
    @Override
    public void close() {
      checkOwner();
      if (closed || heap.isClosed()) {
        return;
      }
      checkInnermost();
      closed = true;
      RuntimeException failure = null;
      try {
        while (size > 0) {
          try {
            heap.release(references[--size]);
          } catch (RuntimeException e) {
            failure = failure == null ? e : failure;
          }
        }
      } finally {
        if (outer == null) {
          innermost.remove();
        } else {
          innermost.set(outer);
        }
      }
      if (failure != null && !heap.isEnding()) {
        throw failure;
      }
    }
  }
}
