package org.ouroboros.allocator.export;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;

/**
 * What the stubs of an export call: C's conventions on one side, an {@link Allocator} on the other.
 * Nothing leaves these methods but a result, since an exception that reaches C ends the JVM.
 *
 * <p>Each call is bracketed by {@link Callers#enter} and {@link Callers.Caller#leave}. A caller
 * that may not go on (it is inside another call, or the export is closed) gets null, and what it
 * wanted to free waits for the end of the outer call, or is kept.
 *
 * <p>Thread rule: any thread, as far as the allocator allows.
 */
@SuppressWarnings("unused") // by name, from CFunction
final class CCalls {

  private static final int ALIGNMENT = (int) Allocator.MIN_ALIGNMENT;

  private final Allocator allocator;
  private final Callers callers;
  private final Failures failures;

  CCalls(Allocator allocator, Callers callers, Failures failures) {
    this.allocator = allocator;
    this.callers = callers;
    this.failures = failures;
  }

  // ---------------------------------------------------------------- the plain family

  long malloc(long size) {
    Callers.Caller caller = null;
    try {
      caller = callers.enter();
      return size >= 0 ? allocator.malloc(size) : tooLarge(CFunction.MALLOC);
    } catch (Throwable t) {
      return failures.add(CFunction.MALLOC, 0, size, t);
    } finally {
      leave(caller);
    }
  }

  long calloc(long count, long size) {
    Callers.Caller caller = null;
    try {
      caller = callers.enter();
      // zero times anything is no overflow, and a distinct block, as with malloc(0)
      return (count | size) >= 0
          ? allocator.calloc(count, size)
          : count == 0 || size == 0 ? allocator.calloc(0, 0) : tooLarge(CFunction.CALLOC);
    } catch (Throwable t) {
      return failures.add(CFunction.CALLOC, 0, size, t);
    } finally {
      leave(caller);
    }
  }

  long realloc(long block, long size) {
    Callers.Caller caller = null;
    try {
      caller = callers.enter();
      return size >= 0 ? allocator.realloc(block, size) : tooLarge(CFunction.REALLOC);
    } catch (Throwable t) {
      return failures.add(CFunction.REALLOC, block, size, t);
    } finally {
      leave(caller);
    }
  }

  void free(long block) {
    if (block == 0) {
      return;
    }
    Callers.Caller caller = null;
    try {
      caller = callers.enter();
      allocator.free(block);
    } catch (ReentrantCallException e) {
      postpone(e, block);
    } catch (Throwable t) {
      failures.add(CFunction.FREE, block, 0, t);
    } finally {
      leave(caller);
    }
  }

  long alignedAlloc(long alignment, long size) {
    Callers.Caller caller = null;
    try {
      caller = callers.enter();
      return size >= 0
          ? allocator.alignedAlloc(alignment, size)
          : tooLarge(CFunction.ALIGNED_ALLOC);
    } catch (Throwable t) {
      return failures.add(CFunction.ALIGNED_ALLOC, 0, size, t);
    } finally {
      leave(caller);
    }
  }

  long usableSize(long block) {
    if (block == 0) {
      return 0;
    }
    Callers.Caller caller = null;
    try {
      caller = callers.enter();
      return allocator.usableSize(block);
    } catch (Throwable t) {
      return failures.add(CFunction.USABLE_SIZE, block, 0, t);
    } finally {
      leave(caller);
    }
  }

  // --------------------------------------------------------------- with a context

  long contextMalloc(long context, long size) {
    return malloc(size);
  }

  long contextCalloc(long context, long count, long size) {
    return calloc(count, size);
  }

  long contextRealloc(long context, long block, long size) {
    return realloc(block, size);
  }

  void contextFree(long context, long block) {
    free(block);
  }

  long mallocContext(long size, long context) {
    return malloc(size);
  }

  long callocContext(long count, long size, long context) {
    return calloc(count, size);
  }

  long reallocContext(long block, long size, long context) {
    return realloc(block, size);
  }

  void freeContext(long block, long context) {
    free(block);
  }

  long contextItems(long context, int items, int size) {
    return malloc(Integer.toUnsignedLong(items) * Integer.toUnsignedLong(size));
  }

  // ------------------------------------------------------------- sized, combined

  void sizedFree(long block, long size) {
    free(block);
  }

  long sizedRealloc(long block, long oldSize, long size) {
    return realloc(block, size);
  }

  long combined(long context, long block, long oldSize, long size) {
    if (size == 0) {
      free(block);
      return 0;
    }
    return realloc(block, size);
  }

  // -------------------------------------------------------------------- with ints

  long intMalloc(int size) {
    return malloc(size);
  }

  long intRealloc(long block, int size) {
    return realloc(block, size);
  }

  int intUsableSize(long block) {
    return (int) Math.min(usableSize(block), Integer.MAX_VALUE - ALIGNMENT + 1);
  }

  int intRoundUp(int size) {
    return size > Integer.MAX_VALUE - ALIGNMENT ? size : (size + ALIGNMENT - 1) & -ALIGNMENT;
  }

  // ------------------------------------------------------------------ rare

  private long tooLarge(CFunction function) {
    throw new AllocationFailedException(
        allocator.name(), -1, "C's size_t is unsigned, and there is not that much memory", null);
  }

  /** Frees a block when the outer call is over. */
  private void postpone(ReentrantCallException e, long block) {
    try {
      callers.postpone(block);
    } catch (Throwable t) {
      e.addSuppressed(t);
      failures.add(CFunction.FREE, block, 0, e);
    }
  }

  private void leave(Callers.@Nullable Caller caller) {
    if (caller != null) {
      caller.leave();
      if (caller.hasPostponed()) {
        freePostponed(caller);
      }
    }
  }

  private void freePostponed(Callers.Caller caller) {
    long[] blocks = caller.takePostponed();
    for (long block : blocks) {
      free(block);
    }
  }
}
