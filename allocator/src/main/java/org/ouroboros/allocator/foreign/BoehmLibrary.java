package org.ouroboros.allocator.foreign;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Availability;

/**
 * libgc, the collector of Boehm, Demers and Weiser, in a way that a JVM lives with. There is one in
 * the process.
 *
 * <p>It is told of no thread but one, which is made here, starts it, and runs every collection: so
 * it never stops a Java thread by a signal, nor reads Java stacks, where it could not tell what is
 * alive. It never collects by itself: a collection in a thread that it does not know ends the
 * process. To keep it from that where memory runs out, it is disabled but for the collections that
 * are asked for.
 *
 * <p>Pointers are {@code long}s, 0 where there is no memory. Thread rule: any thread.
 */
public final class BoehmLibrary {

  /** The name of the allocator. */
  public static final String NAME = "bdwgc";

  /** Guarded by the class. */
  private static @Nullable LibrarySymbols opened;

  /** Guarded by the class; the first call of an allocator's constructor sets it, for good. */
  private static @Nullable BoehmFunctions started;

  /** Its thread is the one that libgc knows. */
  private static final ExecutorService COLLECTOR =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().daemon().name("ouroboros-bdwgc").unstarted(task));

  private BoehmLibrary() {}

  /**
   * Whether the library is there. It is opened and not started.
   *
   * @return the answer
   */
  public static synchronized Availability availability() {
    try {
      LibrarySymbols symbols = open();
      BoehmFunctions.bind(symbols);
      return new Availability(
          NAME, true, BoehmFunctions.version(symbols) + " in " + symbols.where());
    } catch (LibraryException e) {
      return new Availability(NAME, false, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Starts the collector, the first time. Everything below may be called only after that.
   *
   * @throws AllocatorUnavailableException if it cannot be had
   */
  public static synchronized void start() {
    if (started != null) {
      return;
    }
    try {
      LibrarySymbols symbols = open();
      BoehmFunctions functions = BoehmFunctions.bind(symbols);
      Future<?> starting =
          COLLECTOR.submit(
              () -> {
                BoehmFunctions.initialize(symbols);
                return null;
              });
      waitFor(starting);
      started = functions;
    } catch (LibraryException e) {
      throw new AllocatorUnavailableException(NAME, String.valueOf(e.getMessage()), e);
    }
  }

  private static LibrarySymbols open() throws LibraryException {
    LibrarySymbols symbols = opened;
    if (symbols == null) {
      if (!NativeAccess.isEnabled()) {
        throw new LibraryException(NativeAccess.CURE);
      }
      symbols = LibraryFinder.find(LibrarySpec.BDWGC);
      opened = symbols;
    }
    return symbols;
  }

  private static void waitFor(Future<?> task) throws LibraryException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LibraryException known) {
        throw known;
      }
      throw new AssertionError("libgc cannot be called", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * A zeroed block that is never collected, and whose words count as roots.
   *
   * @param size bytes
   * @return its address, or 0
   */
  public static long mallocUncollectable(long size) {
    try {
      return (long) Calls.C.uncollectable().invokeExact(size);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  /**
   * A zeroed block that is collected when nothing points to it.
   *
   * @param size bytes
   * @return its address, or 0
   */
  public static long mallocCollectable(long size) {
    try {
      return (long) Calls.C.collectable().invokeExact(size);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  /**
   * The same without being zeroed, and the collector does not look for pointers in it.
   *
   * @param size bytes
   * @return its address, or 0
   */
  public static long mallocPointerFree(long size) {
    try {
      return (long) Calls.C.pointerFree().invokeExact(size);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  /**
   * Resizes a block, which stays of its kind.
   *
   * @param base where it begins
   * @param size bytes
   * @return its address, or 0
   */
  public static long realloc(long base, long size) {
    try {
      return (long) Calls.C.realloc().invokeExact(base, size);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  /**
   * Frees a block.
   *
   * @param base where it begins
   */
  public static void free(long base) {
    try {
      Calls.C.free().invokeExact(base);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  /**
   * Where the block begins that an address lies in.
   *
   * @param address anything
   * @return 0 if it is not in the library's heap
   */
  public static long base(long address) {
    try {
      return (long) Calls.C.base().invokeExact(address);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  /**
   * The usable bytes of a block.
   *
   * @param base where it begins
   * @return bytes
   */
  public static long size(long base) {
    try {
      return (long) Calls.C.size().invokeExact(base);
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  /**
   * Collects. The caller waits. Other threads must not allocate meanwhile: one that finds no memory
   * would collect too, and end the process. Nor must they move pointers between blocks.
   *
   * @return how many collections there have been
   */
  public static long collect() {
    try {
      Future<?> collecting =
          COLLECTOR.submit(
              () -> {
                try {
                  Calls.C.enable().invokeExact();
                  Calls.C.collect().invokeExact();
                  Calls.C.disable().invokeExact();
                } catch (Throwable t) {
                  throw NativeAccess.unexpected(t);
                }
              });
      waitFor(collecting);
      return (long) Calls.C.collections().invokeExact();
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  /**
   * The size of the heap, without what was given back to the system.
   *
   * @return bytes
   */
  public static long heapBytes() {
    try {
      return (long) Calls.C.heapSize().invokeExact();
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  /**
   * What of the heap is in whole free pages.
   *
   * @return bytes
   */
  public static long freeBytes() {
    try {
      return (long) Calls.C.freeBytes().invokeExact();
    } catch (Throwable t) {
      throw NativeAccess.unexpected(t);
    }
  }

  private static synchronized BoehmFunctions functions() {
    BoehmFunctions functions = started;
    if (functions == null) {
      throw new IllegalStateException("libgc has not been started");
    }
    return functions;
  }

  /** The functions as a constant, so that the JIT inlines the calls. Loaded after the start. */
  private static final class Calls {
    static final BoehmFunctions C = functions();
  }
}
