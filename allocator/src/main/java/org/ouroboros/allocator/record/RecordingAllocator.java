package org.ouroboros.allocator.record;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.leak.LeakWatch;

/**
 * Passes every call on to another allocator and records it in a malloc trace, a {@code .mtrace.gz}
 * that {@code replay} of the benchmarks reads: to learn which allocator suits a program, and where
 * its memory goes.
 *
 * <p>Recorded are sizes, alignments, the order of the calls and which thread made them; not the
 * content of blocks, nor who called. Calls that fail are not recorded. Frees of blocks that were
 * allocated before, or elsewhere, are left out. {@code realloc} to size 0 is written as to 1. A
 * thread that starts after another has ended may carry its number, and virtual threads appear as a
 * few threads, as they share the caches of the default allocator too.
 *
 * <p>The calling thread appends a word of eight bytes to a buffer, some five nanoseconds; a daemon
 * thread encodes, compresses and writes. What is not written yet takes at most a thirty-second of
 * the largest Java heap, 2 to 64 MiB. If a quarter of that is in use the thread stops compressing,
 * and the file grows by two to three bytes an event instead of about a half; a program that is
 * still faster waits. Beside that, the recorder needs Java heap to find live blocks again: 8 bytes
 * for every 16 of each 4 KiB in which one begins, so at most half of what the program has.
 *
 * <p>Once a second what there is goes to the file. It can be read at any time up to there, also
 * when the program was killed; {@link #flush} brings it up to date. A program that ends without
 * {@link #close} is recorded to its end, by a shutdown hook. A file that cannot be written never
 * disturbs the program: the recording ends, {@link #recording()} says so, the {@link
 * System.Logger} {@code org.ouroboros} gets one warning, and {@code close} throws.
 *
 * <p>Thread rule: as the allocator that is wrapped, {@code flush} and {@code recording} from any
 * thread.
 */
public final class RecordingAllocator extends ForwardingAllocator {

  /** What names of allocators end with that record. */
  public static final String SUFFIX = "_record";

  private final Allocator inner;
  private final Recording recording;
  private final EventLogs logs;

  /** The only thread that the wrapped allocator serves; null if it serves all. */
  private final @Nullable Thread owner;

  /** That thread's log; null if there are others. */
  private final @Nullable EventLog ownersLog;

  private RecordingAllocator(Allocator inner, Recording recording) {
    super(inner, inner.name() + SUFFIX);
    this.inner = inner;
    this.recording = recording;
    this.logs = recording.logs();
    this.owner = inner.capabilities().threadSafe() ? null : Thread.currentThread();
    this.ownersLog = owner == null ? null : logs.current();
  }

  /**
   * Records an allocator from now on.
   *
   * @param allocator whatever is to be recorded; closed with the new one. If it is confined, this
   *     must be called by its thread
   * @param file where the trace goes; it is emptied if it is there. A name that ends with {@code
   *     .mtrace.gz} is what {@code replay} expects
   * @return a new allocator, to be used instead
   */
  public static RecordingAllocator wrap(Allocator allocator, Path file) {
    return new RecordingAllocator(allocator, Recording.start(file, allocator.name()));
  }

  /**
   * Records an allocator from now on, to the file that the system property {@value
   * RecordingFile#PROPERTY} names, else the environment variable {@value RecordingFile#VARIABLE},
   * else to {@code ouroboros-PID.mtrace.gz} in the working directory. {@code %p} in a name stands
   * for the process id. If this process records to that file already, {@code -2}, {@code -3} and so
   * on are put before its extension.
   *
   * @param allocator as in {@link #wrap(Allocator, Path)}
   * @return a new allocator, to be used instead
   */
  public static RecordingAllocator wrap(Allocator allocator) {
    return wrap(allocator, RecordingFile.next());
  }

  // ------------------------------------------------------------------- recorded

  @Override
  public long malloc(long size) {
    long address = inner.malloc(size);
    log(EventWord.MALLOC, address, size);
    return address;
  }

  @Override
  public long calloc(long count, long size) {
    long address = inner.calloc(count, size);
    log(EventWord.CALLOC, address, count * size);
    return address;
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    long address = inner.alignedAlloc(alignment, size);
    EventLog log = log();
    if (log != null) {
      logAligned(log, address, alignment, size);
    } else {
      EventLog shared = logs.stripe();
      if (shared != null) {
        synchronized (shared) {
          logAligned(shared, address, alignment, size);
        }
      }
    }
    return address;
  }

  private static void logAligned(EventLog log, long address, long alignment, long size) {
    log.appendSlowly(EventWord.ALIGNED, address, Long.numberOfTrailingZeros(alignment), size);
  }

  @Override
  public void free(long address) {
    if (EventWord.isAddress(address) && address != 0) {
      checkThread();
      log(EventWord.FREE, address, 0);
    }
    inner.free(address);
  }

  @Override
  public long realloc(long address, long size) {
    if (address == 0) {
      long fresh = inner.realloc(0, size);
      log(EventWord.MALLOC, fresh, size);
      return fresh;
    }
    checkThread();
    EventLog log = log();
    if (log != null) {
      return realloc(log, address, size);
    }
    EventLog shared = logs.stripe();
    if (shared == null) {
      return inner.realloc(address, size);
    }
    // Held all the time, so that nobody's event comes between the two.
    synchronized (shared) {
      return realloc(shared, address, size);
    }
  }

  private long realloc(EventLog log, long address, long size) {
    long resized = 0;
    log.append(EventWord.RESIZING, EventWord.isAddress(address) ? address : 0, 0);
    try {
      resized = inner.realloc(address, size);
      return resized;
    } finally {
      log.append(EventWord.RESIZED, resized, resized == 0 ? 0 : size);
    }
  }

  private @Nullable EventLog log() {
    EventLog log = ownersLog;
    return log != null ? log : logs.current();
  }

  private void log(int op, long address, long size) {
    EventLog log = log();
    if (log != null) {
      log.append(op, address, size);
    } else {
      logShared(op, address, size);
    }
  }

  private void logShared(int op, long address, long size) {
    EventLog log = logs.stripe();
    if (log != null) {
      synchronized (log) {
        log.append(op, address, size);
      }
    }
  }

  /** A free that is going to be refused must not be recorded. */
  private void checkThread() {
    if (owner != null && Thread.currentThread() != owner) {
      throw new WrongThreadException(
          name() + ": the recorded allocator is confined to " + owner + ": record a shared one");
    }
  }

  // --------------------------------------------------------------- the recording

  /**
   * How the recording goes.
   *
   * @return its figures as of the writer's last look
   */
  public RecordingStats recording() {
    return recording.writer().stats();
  }

  /**
   * Waits until the file has all calls that returned before this one. Costs some ten milliseconds.
   * Does nothing when the recording has ended.
   */
  public void flush() {
    recording.writer().flush();
  }

  /**
   * Completes the file and closes the wrapped allocator.
   *
   * @throws RecordingException if the file is not complete; the allocator is closed nevertheless.
   *     Thrown once
   */
  @Override
  public void close() {
    LeakWatch.closing(this);
    try {
      recording.finish();
    } finally {
      inner.close();
    }
  }
}
