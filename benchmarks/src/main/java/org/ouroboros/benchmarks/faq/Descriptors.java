package org.ouroboros.benchmarks.faq;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Descriptors of one file, opened and closed by C's {@code open} and {@code close}, and counted.
 * The process can be given a limit of them ({@code setrlimit}). Linux only.
 *
 * <p>Thread rule: {@link #open} by one thread, {@link #close(int)} by any.
 */
@SuppressWarnings("restricted")
final class Descriptors {

  /** What {@code open} says at the limit: too many open files. */
  static final int EMFILE = 24;

  private static final int READ_ONLY = 0;
  private static final int NUMBER_OF_FILES = 7; // RLIMIT_NOFILE
  private static final Path OPEN_NOW = Path.of("/proc/self/fd");
  private static final int MOST_LOOKS = 100;
  private static final long PAUSE_NANOS = 1_000_000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERROR =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPEN =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("open"),
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          ERRNO,
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle GET_LIMIT = limitCall("getrlimit");
  private static final MethodHandle SET_LIMIT = limitCall("setrlimit");

  private final Path file;
  private final MemorySegment path;
  private final MemorySegment state;
  private final AtomicInteger count = new AtomicInteger();
  private int peak;

  /** The largest that there was. */
  private int largest;

  /** Set while everything is tried once without the system's limit. */
  private int rehearsed = Integer.MAX_VALUE;

  /** At the limit. */
  static final class TooManyFilesException extends Exception {

    private static final long serialVersionUID = 1L;

    TooManyFilesException() {
      super("open: EMFILE, too many open files");
    }
  }

  /**
   * Descriptors of a file.
   *
   * @param file that can be read
   */
  Descriptors(Path file) throws IOException {
    this.file = file.toRealPath();
    Arena arena = Arena.global(); // lives as long as the process
    this.path = arena.allocateFrom(this.file.toString());
    this.state = arena.allocate(STATE);
  }

  private static MethodHandle limitCall(String name) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
  }

  /**
   * Opens the file once more.
   *
   * @return a descriptor
   * @throws TooManyFilesException at the limit
   * @throws IOException if it cannot be opened for another reason
   */
  int open() throws TooManyFilesException, IOException {
    int fd = count.get() >= rehearsed ? -1 : callOpen();
    if (fd < 0) {
      int error = rehearsed == Integer.MAX_VALUE ? (int) ERROR.get(state, 0L) : EMFILE;
      if (error == EMFILE) {
        throw new TooManyFilesException();
      }
      throw new IOException("open of " + file + " failed with errno " + error);
    }
    largest = Math.max(largest, fd);
    peak = Math.max(peak, count.incrementAndGet());
    return fd;
  }

  private int callOpen() {
    try {
      return (int) OPEN.invokeExact(state, path, READ_ONLY);
    } catch (Throwable t) {
      throw new AssertionError("open cannot be called", t);
    }
  }

  /** Closes one. */
  void close(int fd) {
    int result;
    try {
      result = (int) CLOSE.invokeExact(fd);
    } catch (Throwable t) {
      throw new AssertionError("close cannot be called", t);
    }
    if (result != 0) {
      throw new IllegalStateException("descriptor " + fd + " was not open");
    }
    count.decrementAndGet();
  }

  /** How many are open now. */
  int count() {
    return count.get();
  }

  /** The most that were open at once, since the last {@link #rehearse}. */
  int peak() {
    return peak;
  }

  /**
   * Counts them anew, by a look at the links in {@code /proc/self/fd}. This opens none: it works at
   * the limit, too. Looks again for a while if something is being closed.
   *
   * @throws IllegalStateException if there are more or fewer than {@link #count}
   */
  void verify() {
    int found = found();
    for (int i = 0; found != count.get() && i < MOST_LOOKS; i++) {
      LockSupport.parkNanos(PAUSE_NANOS);
      found = found();
    }
    if (found != count.get()) {
      throw new IllegalStateException(
          "/proc/self/fd shows " + found + " descriptors of " + file + ", counted are " + count);
    }
  }

  private int found() {
    return (int) IntStream.rangeClosed(0, largest).filter(this::isFile).count();
  }

  private boolean isFile(int fd) {
    try {
      return Files.readSymbolicLink(OPEN_NOW.resolve(Integer.toString(fd))).equals(file);
    } catch (IOException e) {
      return false; // no such descriptor
    }
  }

  /**
   * Pretends a limit, so that all code has run once, and classes that are files are loaded, before
   * the limit is real.
   *
   * @param most how many; {@link Integer#MAX_VALUE} ends this
   */
  void rehearse(int most) {
    rehearsed = most;
    peak = count.get();
  }

  /**
   * Lowers the process's own limit, so that so many descriptors more can be opened.
   *
   * @param more than there are
   * @return the limit: one more than the largest descriptor there can be
   */
  long allow(int more) throws IOException {
    long limit = limit();
    int free = 0;
    int fd = 0;
    while (free < more && fd < limit) {
      Path link = OPEN_NOW.resolve(Integer.toString(fd++));
      free += Files.exists(link, LinkOption.NOFOLLOW_LINKS) ? 0 : 1;
    }
    if (free < more) {
      throw new IOException("the limit of open files, " + limit + ", leaves only " + free);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limits = readLimits(arena);
      limits.setAtIndex(JAVA_LONG, 0, fd); // the soft one
      check("setrlimit", (int) SET_LIMIT.invokeExact(NUMBER_OF_FILES, limits));
    } catch (IOException e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError("setrlimit cannot be called", t);
    }
    return fd;
  }

  private static long limit() {
    try (Arena arena = Arena.ofConfined()) {
      return readLimits(arena).getAtIndex(JAVA_LONG, 0);
    } catch (Throwable t) {
      throw new AssertionError("getrlimit cannot be called", t);
    }
  }

  private static MemorySegment readLimits(Arena arena) throws Throwable {
    MemorySegment limits = arena.allocate(JAVA_LONG, 2);
    check("getrlimit", (int) GET_LIMIT.invokeExact(NUMBER_OF_FILES, limits));
    return limits;
  }

  private static void check(String call, int result) throws IOException {
    if (result != 0) {
      throw new IOException(call + " of RLIMIT_NOFILE failed");
    }
  }
}
