package org.ouroboros.allocator.record;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The recorder's thread: takes events from the logs run by run, encodes them, and writes what there
 * is once a second, or when there is much of it.
 *
 * <p>A run is over when its thread has begun another one. Where the thread has fallen silent, the
 * run is over some time after another thread took the turn: by then an event that was just being
 * logged must have been. Should the operating system have held that thread up for longer, its event
 * comes late, and the encoder counts it as disordered.
 *
 * <p>A file that cannot be written ends the recording, and nothing else: the failure is kept for
 * {@link #failure()}.
 */
final class TraceWriter implements Runnable {

  /** How long an event may take from the look at the turn until it can be read. */
  private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path path;
  private final String description;
  private final EventLogs logs;
  private final TraceCounts counts = new TraceCounts();
  private final TraceEncoder encoder = new TraceEncoder(counts);

  /** The run whose events are being taken, and its log. */
  private long run;

  private @Nullable EventLog log;

  /** Runs below this are over; it is {@link #lastTurn}, read at {@link #tick}, a while later. */
  private long settled;

  private long lastTurn;
  private long tick = System.nanoTime();

  private long skippedRuns;
  private volatile long flushWanted;
  private volatile boolean closing;

  /** Guarded by this object's monitor. */
  private long flushDone;

  private boolean ended;
  private @Nullable Throwable failure;
  private RecordingStats stats;

  TraceWriter(Path path, String description, EventLogs logs) {
    this.path = path;
    this.description = description;
    this.logs = logs;
    this.stats = new RecordingStats(path, 0, 0, 0, 0, 0, Optional.empty());
  }

  @Override
  public void run() {
    Throwable reason = null;
    try (TraceFile file = TraceFile.create(path, description)) {
      write(file);
      file.complete(counts);
      report(file);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      reason = e;
      // most programs never see what close throws
      System.getLogger("org.ouroboros")
          .log(Level.WARNING, "the recording to " + path + " ended: " + Recording.reason(e));
    } finally {
      logs.end();
      end(reason);
    }
  }

  private void write(TraceFile file) throws IOException {
    long written = System.nanoTime();
    while (true) {
      boolean last = closing;
      long wanted = flushWanted;
      boolean all = last || wanted > flushDone();
      if (last) {
        logs.end();
      }
      int words = all ? takeAll(file) : take();
      long now = System.nanoTime();
      if (encoder.isFull() || all || now - written >= FLUSH_NANOS) {
        append(file, logs.isCrowded());
        written = now;
        flushed(wanted);
      }
      if (last) {
        return;
      }
      if (words == 0) {
        LockSupport.parkNanos(this, IDLE_NANOS);
      }
    }
  }

  /** Takes all that was logged before this was called. */
  private int takeAll(TraceFile file) throws IOException {
    long target = logs.turn().now();
    long enough = 2 * logs.maxWords();
    int words = 0;
    while (true) {
      boolean isSettled = settled >= target;
      int more = take();
      words += more;
      if (encoder.isFull()) {
        append(file, false);
      } else if (isSettled && more == 0) {
        return words;
      }
      // A program that goes on and on is not waited for.
      if (isSettled && words > enough) {
        return words;
      }
      if (more == 0) {
        LockSupport.parkNanos(this, GRACE_NANOS / 2);
      }
    }
  }

  private void append(TraceFile file, boolean hurry) throws IOException {
    if (encoder.size() > 0) {
      file.append(encoder.bytes(), encoder.size(), hurry);
      encoder.clear();
    }
    report(file);
  }

  // ----------------------------------------------------------------- run by run

  /** Takes events until a member is full or there are no more for now; gives how many words. */
  private int take() {
    tick();
    int words = 0;
    while (!encoder.isFull()) {
      EventLog current = log;
      if (current != null) {
        words += current.take(encoder);
        if (encoder.isFull() || current.pendingRun() == 0 && run >= settled) {
          break;
        }
      }
      EventLog next = next(current);
      if (next == null) {
        break;
      }
      run = next.pendingRun();
      next.beginRun();
      log = next;
    }
    return words;
  }

  private void tick() {
    long now = System.nanoTime();
    if (now - tick >= GRACE_NANOS) {
      settled = lastTurn;
      lastTurn = logs.turn().now();
      tick = now;
    }
  }

  /** The log in which the next run begins; null if that is not known yet. */
  private @Nullable EventLog next(@Nullable EventLog current) {
    EventLog earliest = null;
    for (EventLog candidate : logs.all()) {
      if (candidate != current) {
        // Takes only what comes late: all other events of a log follow the beginning of a run.
        candidate.take(encoder);
      }
      long begins = candidate.pendingRun();
      if (begins == run + 1) {
        return candidate;
      }
      if (begins != 0 && (earliest == null || begins < earliest.pendingRun())) {
        earliest = candidate;
      }
    }
    // A thread that took a number without logging anything has failed in between.
    if (run + 1 < settled && earliest != null) {
      skippedRuns++;
      return earliest;
    }
    return null;
  }

  // ------------------------------------------------------------ seen from outside

  /** Waits until all that was logged before is in the file, or the recording has ended. */
  synchronized void flush() {
    long mine = ++flushWanted;
    await(() -> flushDone >= mine);
  }

  /** Ends the recording and waits for its end. */
  synchronized void close() {
    closing = true;
    await(() -> false);
  }

  private void await(BooleanSupplier done) {
    boolean interrupted = false;
    while (!ended && !done.getAsBoolean()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized long flushDone() {
    return flushDone;
  }

  private synchronized void flushed(long wanted) {
    flushDone = wanted;
    notifyAll();
  }

  private synchronized void end(@Nullable Throwable reason) {
    ended = true;
    failure = reason;
    notifyAll();
  }

  private synchronized void report(TraceFile file) {
    stats =
        new RecordingStats(
            path,
            counts.events(),
            encoder.unknownBlocks(),
            encoder.disordered() + skippedRuns,
            logs.waits(),
            file.length(),
            Optional.empty());
  }

  /** What went wrong, or null. */
  synchronized @Nullable Throwable failure() {
    return failure;
  }

  synchronized RecordingStats stats() {
    return failure == null
        ? stats
        : new RecordingStats(
            path,
            stats.events(),
            stats.unknownBlocks(),
            stats.disordered(),
            stats.waits(),
            stats.fileBytes(),
            Optional.of(failure.toString()));
  }
}
