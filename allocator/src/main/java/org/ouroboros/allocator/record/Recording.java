package org.ouroboros.allocator.record;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A recording in progress: the logs, the thread that writes them, and the hook that completes the
 * file when the program ends without having done so.
 *
 * <p>Thread rule: any thread.
 */
final class Recording {

  private static final long LEAST_BACKLOG = 2L << 20;
  private static final long MOST_BACKLOG = 64L << 20;
  private static final int PART_OF_HEAP = 32;

  private final Path file;
  private final EventLogs logs;
  private final TraceWriter writer;
  private @Nullable Thread hook;
  private boolean finished;

  private Recording(Path file, EventLogs logs, TraceWriter writer) {
    this.file = file;
    this.logs = logs;
    this.writer = writer;
  }

  static Recording start(Path file, String allocator) {
    long part = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
    long backlog = Math.clamp(part, LEAST_BACKLOG, MOST_BACKLOG);
    EventLogs logs = new EventLogs(new Turn(), backlog);
    TraceWriter writer = new TraceWriter(file, description(allocator), logs);
    Recording recording = new Recording(file, logs, writer);
    recording.hook = recording.addHook();
    Thread.ofPlatform().daemon().name("ouroboros-recorder").start(writer);
    return recording;
  }

  private @Nullable Thread addHook() {
    Thread thread = new Thread(writer::close, "ouroboros-recorder-end");
    try {
      Runtime.getRuntime().addShutdownHook(thread);
      return thread;
    } catch (IllegalStateException e) {
      // The JVM is ending: the writer flushes for as long as it can.
      return null;
    }
  }

  EventLogs logs() {
    return logs;
  }

  TraceWriter writer() {
    return writer;
  }

  /** Completes the file, the first time; throws if that cannot be. */
  void finish() {
    Thread waiting;
    synchronized (this) {
      if (finished) {
        return;
      }
      finished = true;
      waiting = hook;
    }
    writer.close();
    if (waiting != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(waiting);
      } catch (IllegalStateException e) {
        // The JVM is ending: the hook finds nothing to do.
      }
    }
    Throwable failure = writer.failure();
    if (failure != null) {
      throw new RecordingException(file.toString(), reason(failure), failure);
    }
  }

  /** What went wrong, and what to do. */
  static String reason(Throwable failure) {
    return failure
        + (failure instanceof IOException
            ? "; make room, or choose another file with -D" + RecordingFile.PROPERTY + "=FILE"
            : "");
  }

  /** The texts of the header, as members of a JSON object. The arguments may hold secrets. */
  private static String description(String allocator) {
    String command = System.getProperty("sun.java.command", "java").split(" ", 2)[0];
    int slash = Math.max(command.lastIndexOf('/'), command.lastIndexOf('\\'));
    return String.format(
        Locale.ROOT,
        "\"program\":\"%s\",\"arguments\":\"\",\"description\":\"recorded over %s on Java %s\"",
        text(command.substring(slash + 1)),
        text(allocator),
        text(System.getProperty("java.version", "?")));
  }

  private static String text(String any) {
    return any.replaceAll("[^ -~]|[\"\\\\]", "?").substring(0, Math.min(any.length(), 200));
  }
}
