package org.ouroboros.allocator.record;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Where a recording goes that was asked for by name. */
final class RecordingFile {

  /** The system property that names the file. */
  static final String PROPERTY = "ouroboros.record";

  /** The environment variable that names it where the property is not set. */
  static final String VARIABLE = "OUROBOROS_RECORD";

  private static final String EXTENSION = ".mtrace.gz";

  /** How many recordings of this process were asked for by name. */
  private static final AtomicInteger RECORDINGS = new AtomicInteger();

  private RecordingFile() {}

  static Path next() {
    return of(wanted(), RECORDINGS.incrementAndGet(), ProcessHandle.current().pid());
  }

  private static String wanted() {
    String property = System.getProperty(PROPERTY);
    if (property != null && !property.isBlank()) {
      return property.strip();
    }
    String variable = System.getenv(VARIABLE);
    return variable != null && !variable.isBlank() ? variable.strip() : "ouroboros-%p" + EXTENSION;
  }

  /** The file of the so many-th recording. A name that is no path is left to fail when opened. */
  static Path of(String wanted, int recording, long pid) {
    String name = wanted.replace("%p", Long.toString(pid));
    if (recording > 1) {
      int dot = name.endsWith(EXTENSION) ? name.length() - EXTENSION.length() : name.length();
      name = name.substring(0, dot) + "-" + recording + name.substring(dot);
    }
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      return Path.of(name.replaceAll("[^ -~]", "_"));
    }
  }
}
