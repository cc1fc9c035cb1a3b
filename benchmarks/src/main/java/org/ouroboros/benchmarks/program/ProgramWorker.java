package org.ouroboros.benchmarks.program;

import java.io.IOException;
import org.ouroboros.benchmarks.replay.ProcStatus;

/**
 * The main class of a forked JVM: one program on one subject. It ends with a line: {@code ok
 * OPERATIONS NANOS CHECK PEAK_BYTES PROCESS_BYTES} and three histograms, or {@code failed MESSAGE};
 * if asked what a program keeps alive, with {@code ok BYTES}.
 */
public final class ProgramWorker {

  /** The first argument. */
  static final String RUN = "run";

  static final String LIVE = "live";

  private static final int SIZES = 3;

  private ProgramWorker() {}

  /**
   * Runs the program.
   *
   * @param args what to do, the program, the subject, the sizes
   */
  public static void main(String[] args) {
    String line;
    try {
      Program program = Program.of(args[1]);
      Subject subject = Subject.of(args[2]);
      Sizes sizes = Sizes.of(args, SIZES);
      if (args[0].equals(LIVE)) {
        line = "ok " + live(program, subject, sizes);
      } else {
        Run run = run(program, subject, sizes);
        line =
            "ok "
                + run.operations()
                + " "
                + run.nanos()
                + " "
                + run.check()
                + " "
                + run.peakBytes()
                + " "
                + run.processBytes()
                + " "
                + run.latencies().encode();
      }
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      line = "failed " + e.toString().replaceAll("\\s+", " ");
    }
    System.out.println(line);
  }

  /** Runs the program in this JVM, on a heap or on the Java objects that this JVM has. */
  static Run run(Program program, Subject subject, Sizes sizes) throws IOException {
    Latencies latencies = new Latencies();
    try (ProcStatus status = new ProcStatus()) {
      long before = status.resident();
      try (Task task = task(program, subject, sizes)) {
        task.warmUp();
        Task.Outcome outcome = task.run(latencies.calls());
        if (task.serves() && sizes.millis() > 0) {
          Arrivals.serve(task, sizes.rate(), sizes.millis(), latencies);
        }
        long process = status.peakResident();
        return new Run(
            outcome.operations(),
            outcome.nanos(),
            outcome.check(),
            before < 0 ? ProcStatus.UNKNOWN : process - before,
            process,
            latencies);
      }
    }
  }

  /**
   * The bytes that the Java heap grows by until as much is alive as ever is. A difference, because
   * ZGC counts whole pages, and one of the JVM's own takes 32 MiB if the heap is large.
   */
  static long live(Program program, Subject subject, Sizes sizes) {
    long before = usedAfterCollection();
    try (Task task = task(program, subject, sizes)) { // which is needed after the collection too
      task.fillToPeak();
      return usedAfterCollection() - before;
    }
  }

  private static long usedAfterCollection() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static Task task(Program program, Subject subject, Sizes sizes) {
    return subject.isOurs() ? program.onHeap(sizes, subject.isAcyclic()) : program.onJava(sizes);
  }
}
