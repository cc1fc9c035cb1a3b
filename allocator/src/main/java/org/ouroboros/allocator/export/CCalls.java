package org.ouroboros.allocator.export;

import java.lang.invoke.MethodHandles;
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
 * <p>This class is a template: it is never used itself, but once for each export as a hidden class
 * from the same bytes, with {@link Served} as class data. A stub does not inline what is bound to
 * its target, but it does inline a static method, and the static fields below are constants in each
 * copy. So this class must do without nested classes and lambdas, which would belong to the
 * template.
 *
 * <p>Thread rule: any thread, as far as the allocator allows.
 */
@SuppressWarnings("unused") // by name, from CFunction
final class CCalls {

  private static final int ALIGNMENT = (int) Allocator.MIN_ALIGNMENT;

  private static final Served SERVED = served();
  private static final Allocator ALLOCATOR = SERVED.allocator();
  private static final Callers CALLERS = SERVED.callers();
  private static final Failures FAILURES = SERVED.failures();

  private CCalls() {}

  private static Served served() {
    try {
      return MethodHandles.classData(MethodHandles.lookup(), "_", Served.class);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  // ---------------------------------------------------------------- the plain family

  static long malloc(long size) {
    Callers.Caller caller = null;
    try {
      caller = CALLERS.enter();
      return size >= 0 ? ALLOCATOR.malloc(size) : tooLarge(CFunction.MALLOC);
    } catch (Throwable t) {
      return FAILURES.add(CFunction.MALLOC, 0, size, t);
    } finally {
      leave(caller);
    }
  }

  static long calloc(long count, long size) {
    Callers.Caller caller = null;
    try {
      caller = CALLERS.enter();
      // zero times anything is no overflow, and a distinct block, as with malloc(0)
      return (count | size) >= 0
          ? ALLOCATOR.calloc(count, size)
          : count == 0 || size == 0 ? ALLOCATOR.calloc(0, 0) : tooLarge(CFunction.CALLOC);
    } catch (Throwable t) {
      return FAILURES.add(CFunction.CALLOC, 0, size, t);
    } finally {
      leave(caller);
    }
  }

  static long realloc(long block, long size) {
    Callers.Caller caller = null;
    try {
      caller = CALLERS.enter();
      return size >= 0 ? ALLOCATOR.realloc(block, size) : tooLarge(CFunction.REALLOC);
    } catch (Throwable t) {
      return FAILURES.add(CFunction.REALLOC, block, size, t);
    } finally {
      leave(caller);
    }
  }

  static void free(long block) {
    if (block == 0) {
      return;
    }
    Callers.Caller caller = null;
    try {
      caller = CALLERS.enter();
      ALLOCATOR.free(block);
    } catch (ReentrantCallException e) {
      postpone(e, block);
    } catch (Throwable t) {
      FAILURES.add(CFunction.FREE, block, 0, t);
    } finally {
      leave(caller);
    }
  }

  static long alignedAlloc(long alignment, long size) {
    Callers.Caller caller = null;
    try {
      caller = CALLERS.enter();
      return size >= 0
          ? ALLOCATOR.alignedAlloc(alignment, size)
          : tooLarge(CFunction.ALIGNED_ALLOC);
    } catch (Throwable t) {
      return FAILURES.add(CFunction.ALIGNED_ALLOC, 0, size, t);
    } finally {
      leave(caller);
    }
  }

  static long usableSize(long block) {
    if (block == 0) {
      return 0;
    }
    Callers.Caller caller = null;
    try {
      caller = CALLERS.enter();
      return ALLOCATOR.usableSize(block);
    } catch (Throwable t) {
      return FAILURES.add(CFunction.USABLE_SIZE, block, 0, t);
    } finally {
      leave(caller);
    }
  }

  // --------------------------------------------------------------- with a context

  static long contextMalloc(long context, long size) {
    return malloc(size);
  }

  static long contextCalloc(long context, long count, long size) {
    return calloc(count, size);
  }

  static long contextRealloc(long context, long block, long size) {
    return realloc(block, size);
  }

  static void contextFree(long context, long block) {
    free(block);
  }

  static long mallocContext(long size, long context) {
    return malloc(size);
  }

  static long callocContext(long count, long size, long context) {
    return calloc(count, size);
  }

  static long reallocContext(long block, long size, long context) {
    return realloc(block, size);
  }

  static void freeContext(long block, long context) {
    free(block);
  }

  static long contextItems(long context, int items, int size) {
    return malloc(Integer.toUnsignedLong(items) * Integer.toUnsignedLong(size));
  }

  // ------------------------------------------------------------- sized, combined

  static void sizedFree(long block, long size) {
    free(block);
  }

  static long sizedRealloc(long block, long oldSize, long size) {
    return realloc(block, size);
  }

  static long combined(long context, long block, long oldSize, long size) {
    if (size == 0) {
      free(block);
      return 0;
    }
    return realloc(block, size);
  }

  // -------------------------------------------------------------------- with ints

  static long intMalloc(int size) {
    return malloc(size);
  }

  static long intRealloc(long block, int size) {
    return realloc(block, size);
  }

  static int intUsableSize(long block) {
    return (int) Math.min(usableSize(block), Integer.MAX_VALUE - ALIGNMENT + 1);
  }

  static int intRoundUp(int size) {
    return size > Integer.MAX_VALUE - ALIGNMENT ? size : (size + ALIGNMENT - 1) & -ALIGNMENT;
  }

  // ------------------------------------------------------------------ rare

  private static long tooLarge(CFunction function) {
    throw new AllocationFailedException(
        ALLOCATOR.name(), -1, "C's size_t is unsigned, and there is not that much memory", null);
  }

  /** Frees a block when the outer call is over. */
  private static void postpone(ReentrantCallException e, long block) {
    try {
      CALLERS.postpone(block);
    } catch (Throwable t) {
      e.addSuppressed(t);
      FAILURES.add(CFunction.FREE, block, 0, e);
    }
  }

  private static void leave(Callers.@Nullable Caller caller) {
    if (caller != null) {
      caller.leave();
      if (caller.hasPostponed()) {
        freePostponed(caller);
      }
    }
  }

  private static void freePostponed(Callers.Caller caller) {
    long[] blocks = caller.takePostponed();
    for (long block : blocks) {
      free(block);
    }
  }
}
