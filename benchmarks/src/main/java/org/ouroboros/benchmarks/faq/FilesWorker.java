package org.ouroboros.benchmarks.faq;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.StringJoiner;
import org.ouroboros.benchmarks.faq.Descriptors.TooManyFilesException;

/**
 * The main class of a forked JVM: the loop of {@link FilesStop} under one regime, with a limit of
 * open files. Ends with a line {@code ok PEAK REFUSED LEFT COUNTS}, where the counts of open files
 * after each turn have commas between them, or {@code failed MESSAGE}.
 */
final class FilesWorker {

  /** Turns between two looks at {@code /proc/self/fd}. */
  private static final int VERIFY_EVERY = 100;

  private static final int REHEARSED_LIMIT = 8;
  private static final int REHEARSED_TURNS = 2 * VERIFY_EVERY;

  private final Descriptors files;
  private final Regime regime;
  private int refused;

  private FilesWorker(Descriptors files, Regime regime) {
    this.files = files;
    this.regime = regime;
  }

  /** Who closes. */
  enum Kind {
    EXPLICIT("explicit close"),
    COUNTING("reference counts"),
    JAVA("the JVM's collector"),
    BOEHM("Boehm's collector");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** What it is called in tables. */
    String words() {
      return words;
    }

    /** Its name on the command line. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    Regime start(Descriptors files) {
      return switch (this) {
        case EXPLICIT -> new ExplicitRegime(files);
        case COUNTING -> new CountingRegime(files);
        case JAVA -> new JavaRegime(files);
        case BOEHM -> new BoehmRegime(files);
      };
    }
  }

  /**
   * Runs the loop.
   *
   * @param args who closes, how many turns, how many files may be open, the file
   */
  public static void main(String[] args) {
    String line;
    try {
      line = run(args);
    } catch (Exception | LinkageError e) {
      line = "failed " + e.toString().replaceAll("\\s+", " ");
    }
    System.out.println(line);
  }

  private static String run(String[] args) throws IOException {
    Kind kind = Kind.valueOf(args[0].toUpperCase(Locale.ROOT));
    int turns = Integer.parseInt(args[1]);
    int most = Integer.parseInt(args[2]);
    Descriptors files = new Descriptors(Path.of(args[3]));
    FilesWorker worker;
    String counts;
    try (Regime regime = kind.start(files)) {
      worker = new FilesWorker(files, regime);
      files.rehearse(REHEARSED_LIMIT);
      worker.loop(REHEARSED_TURNS);
      regime.collect();
      files.allow(most - files.count());
      files.rehearse(Integer.MAX_VALUE);
      worker.refused = 0;
      counts = worker.loop(turns);
    }
    files.verify();
    return "ok " + files.peak() + " " + worker.refused + " " + files.count() + " " + counts;
  }

  private String loop(int turns) throws IOException {
    StringJoiner counts = new StringJoiner(",");
    // FAQ
    // the loop, with each of them
    for (int turn = 0; turn < turns; turn++) {
      try {
        regime.next(); // f = open(name)
      } catch (TooManyFilesException e) { // EMFILE
        refused++;
        files.verify();
        regime.collect();
        again();
      }
      counts.add(Integer.toString(files.count()));
      if (turn % VERIFY_EVERY == 0) {
        files.verify(); // our count against /proc/self/fd
      }
    }
    // FAQ end
    return counts.toString();
  }

  private void again() throws IOException {
    try {
      regime.next();
    } catch (TooManyFilesException e) {
      throw new IOException("still " + files.count() + " files open after a collection", e);
    }
  }
}
