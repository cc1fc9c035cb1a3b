package org.ouroboros.allocator.foreign;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.Capabilities;

/**
 * A C library's allocator. Thread-safe, as the libraries are.
 *
 * <p>This class is a template: it is never used itself, but once for each library as a hidden class
 * that {@link NativeProvider} defines from the same bytes, with the library's {@link
 * NativeFunctions} as class data. Method handles inline only where they are constants, and the
 * static field below is one in each copy; besides, each copy has profiles of its own. So this class
 * must do without nested classes and lambdas, which would belong to the template.
 *
 * <p>The methods are at most one test and the call for what is usual; all that is not goes through
 * the slow paths at the foot. Closing refuses further calls; live blocks are the library's and stay
 * valid.
 */
final class NativeAllocator implements Allocator {

  private static final NativeFunctions C = functions();

  /** What is served without telling the JVM: larger requests may make system calls. */
  private static final long SMALL = 4096;

  /**
   * The least that is asked of a library: they align blocks of less than 16 bytes to less than 16.
   */
  private static final long MIN_SIZE = MIN_ALIGNMENT;

  /** More than the address space has, and little enough that sums of two do not overflow. */
  private static final long TOO_LARGE = 1L << 47;

  private static final Capabilities CAPABILITIES = new Capabilities(true, true, false, false, true);

  /** Plain: a thread that closes while others allocate has to tell them itself. */
  private boolean closed;

  NativeAllocator() {}

  private static NativeFunctions functions() {
    try {
      return MethodHandles.classData(MethodHandles.lookup(), "_", NativeFunctions.class);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public long malloc(long size) {
    // One unsigned comparison sends the rare cases away: zero, negative, larger than small.
    if (Long.compareUnsigned(size - 1, SMALL) < 0 && !closed) {
      introduceThread();
      try {
        long address = (long) C.mallocSmall().invokeExact(Math.max(size, MIN_SIZE));
        return address != 0 ? address : refused(size);
      } catch (Throwable t) {
        throw NativeAccess.unexpected(t);
      }
    }
    return mallocSlow(size);
  }

  @Override
  public void free(long address) {
    if (closed) {
      throw alreadyClosed();
    }
    try {
      C.free().invokeExact(address);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  @Override
  public long realloc(long address, long size) {
    if (address == 0) {
      return malloc(size);
    }
    check(size, MIN_ALIGNMENT);
    introduceThread();
    try {
      long moved = (long) C.realloc().invokeExact(address, Math.max(size, MIN_SIZE));
      return moved != 0 ? moved : refused(size);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  @Override
  public long calloc(long count, long size) {
    if (count < 0 || size < 0) {
      throw negative(Math.min(count, size));
    }
    long bytes = count * size;
    if (Math.multiplyHigh(count, size) != 0 || bytes < 0) {
      throw failed(-1, count + " * " + size + " bytes overflow");
    }
    check(bytes, MIN_ALIGNMENT);
    introduceThread();
    try {
      long asked = Math.max(bytes, MIN_SIZE);
      long address =
          asked <= SMALL
              ? (long) C.callocSmall().invokeExact(1L, asked)
              : (long) C.calloc().invokeExact(1L, asked);
      return address != 0 ? address : refused(bytes);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    if (Long.bitCount(alignment) != 1 || alignment < 0) {
      throw new IllegalArgumentException("alignment " + alignment + " is not a power of two");
    }
    if (alignment <= MIN_ALIGNMENT) {
      return malloc(size);
    }
    check(size, alignment);
    introduceThread();
    try {
      long least = Math.max(size, MIN_SIZE);
      long asked = C.wholeAlignments() ? (least + alignment - 1) & -alignment : least;
      long address = (long) C.memalign().invokeExact(alignment, asked);
      return address != 0 ? address : refusedAligned(alignment, size);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  @Override
  public long usableSize(long address) {
    if (closed) {
      throw alreadyClosed();
    }
    try {
      return (long) C.usableSize().invokeExact(address);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  @Override
  @SuppressWarnings("restricted")
  public MemorySegment segment(long address, long size) {
    if (closed) {
      throw alreadyClosed();
    }
    return MemorySegment.ofAddress(address).reinterpret(size);
  }

  @Override
  public String name() {
    return C.name();
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public AllocatorStats stats() {
    return AllocatorStats.unknown(C.name());
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public String toString() {
    return C.name();
  }

  /**
   * Tells the library of the calling thread, if it must be told. The JIT leaves nothing of this for
   * all others. A virtual thread stays on its carrier from here to the call.
   */
  private static void introduceThread() {
    MethodHandle isKnown = C.isThreadKnown();
    MethodHandle introduce = C.introduceThread();
    if (isKnown == null || introduce == null) {
      return;
    }
    try {
      if ((int) isKnown.invokeExact() == 0) {
        introduce.invokeExact();
      }
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  // Slow paths

  private long mallocSlow(long size) {
    check(size, MIN_ALIGNMENT);
    introduceThread();
    try {
      long address = (long) C.malloc().invokeExact(Math.max(size, MIN_SIZE));
      return address != 0 ? address : refused(size);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  /** Refuses what no library can serve; some would print to standard error, or crash. */
  private void check(long size, long alignment) {
    if (closed) {
      throw alreadyClosed();
    }
    if (size < 0) {
      throw negative(size);
    }
    if (size >= TOO_LARGE || alignment >= TOO_LARGE) {
      throw failed(size, "there is not that much address space");
    }
  }

  /** What NULL means. C says errno is ENOMEM then, there is nothing to ask for. */
  private static long refused(long size) {
    throw failed(
        size,
        "the library returned NULL (ENOMEM): the machine is out of memory, or the process is at a"
            + " limit (ulimit -v, vm.overcommit_memory)");
  }

  /** Some libraries serve alignments up to a limit only, and say no more than NULL either. */
  private static long refusedAligned(long alignment, long size) {
    throw failed(
        size,
        "the library returned NULL: it is out of memory, or has no blocks of alignment "
            + alignment);
  }

  private static AllocationFailedException failed(long size, String reason) {
    return new AllocationFailedException(C.name(), size, reason, null);
  }

  private static IllegalArgumentException negative(long size) {
    return new IllegalArgumentException("size " + size + " is negative");
  }

  private static IllegalStateException alreadyClosed() {
    return new IllegalStateException(C.name() + " is closed");
  }
}
