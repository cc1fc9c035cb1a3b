package org.ouroboros.allocator.source;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import org.ouroboros.allocator.foreign.NativeAccess;

/**
 * Linux's {@code mmap} family. A call that fails throws {@link Failure} with its errno.
 *
 * <p>Loading this class asks the JVM for restricted methods: {@link MmapSource} checks for the
 * permission first.
 */
@SuppressWarnings("restricted")
final class VirtualMemory {

  // The values of Linux on x86-64 and aarch64.
  private static final int PROT_NONE = 0;
  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_PRIVATE = 0x02;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_HUGEPAGE = 14;
  private static final int SC_PAGESIZE = 30;
  private static final long MAP_FAILED = -1;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));

  private static final MethodHandle MMAP =
      bind(
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MUNMAP =
      bind("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle MPROTECT =
      bind("mprotect", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle MADVISE =
      bind("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle MLOCK =
      bind("mlock", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

  /** Bytes of a page of the operating system. */
  static final long PAGE_SIZE = pageSize();

  private VirtualMemory() {}

  /** Address space with nothing behind it. */
  static long reserve(long bytes) throws Failure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
      long address = (long) MMAP.invokeExact(state, 0L, bytes, PROT_NONE, flags, -1, 0L);
      if (address == MAP_FAILED) {
        throw new Failure((int) ERRNO.get(state, 0L));
      }
      return address;
    } catch (Failure e) {
      throw e;
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  static void release(long address, long bytes) throws Failure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      check((int) MUNMAP.invokeExact(state, address, bytes), state);
    } catch (Failure e) {
      throw e;
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  /** Makes a range readable and writable; of a range that is so already nothing changes. */
  static void commit(long address, long bytes) throws Failure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      check((int) MPROTECT.invokeExact(state, address, bytes, PROT_READ_WRITE), state);
    } catch (Failure e) {
      throw e;
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  /** Gives the memory back; private pages read as zero afterwards. */
  static void purge(long address, long bytes) throws Failure {
    advise(address, bytes, MADV_DONTNEED);
  }

  static void adviseHugePages(long address, long bytes) throws Failure {
    advise(address, bytes, MADV_HUGEPAGE);
  }

  /** Backs a range, and keeps it backed. */
  static void lock(long address, long bytes) throws Failure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      check((int) MLOCK.invokeExact(state, address, bytes), state);
    } catch (Failure e) {
      throw e;
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  private static void advise(long address, long bytes, int advice) throws Failure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      check((int) MADVISE.invokeExact(state, address, bytes, advice), state);
    } catch (Failure e) {
      throw e;
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  private static void check(int result, MemorySegment state) throws Failure {
    if (result != 0) {
      throw new Failure((int) ERRNO.get(state, 0L));
    }
  }

  private static long pageSize() {
    try {
      MethodHandle sysconf =
          LINKER.downcallHandle(
              LINKER.defaultLookup().findOrThrow("sysconf"),
              FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
      return (long) sysconf.invokeExact(SC_PAGESIZE);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  private static MethodHandle bind(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, CAPTURE_ERRNO);
  }

  /** A call that failed. Carries no stack: {@link SourceException} will. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    final int errno;

    Failure(int errno) {
      super(null, null, false, false);
      this.errno = errno;
    }
  }
}
