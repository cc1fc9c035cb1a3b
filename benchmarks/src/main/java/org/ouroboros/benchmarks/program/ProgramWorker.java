package org.ouroboros.benchmarks.program;

import java.io.IOException;
import org.ouroboros.benchmarks.replay.ProcStatus;
import org.ouroboros.collector.HeapStats;

/**
 * The main class of a forked JVM: one program on one subject. It ends with a line: {@code ok
 * OPERATIONS NANOS CHECK MEMORY_BYTES PEAK_BYTES PROCESS_BYTES} and three histograms, or {@code
 * failed MESSAGE}; if asked what a program keeps alive, with {@code ok BYTES}.
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
      Program program = Program.of(args[1], Sizes.of(args, SIZES));
      Subject subject = Subject.of(args[2]);
      if (args[0].equals(LIVE)) {
        line = "ok " + live(program, subject);
      } else {
        Run run = run(program, subject);
        line =
            "ok "
                + run.operations()
                + " "
                + run.nanos()
                + " "
                + run.check()
                + " "
                + run.memoryBytes()
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
  static Run run(Program program, Subject subject) throws IOException {
    Latencies latencies = new Latencies();
    try (ProcStatus status = new ProcStatus()) {
      long before = status.resident();
      try (Task task = task(program, subject)) {
        task.warmUp();
        Task.Outcome outcome = task.run(latencies.calls());
        if (task.serves() && program.sizes().millis() > 0) {
          Sizes sizes = program.sizes();
          Arrivals.serve(task, sizes.rate(), sizes.millis(), latencies);
        }
        long process = status.peakResident();
        return new Run(
            outcome.operations(),
            outcome.nanos(),
            outcome.check(),
            memory(task),
            before < 0 ? ProcStatus.UNKNOWN : process - before,
            process,
            latencies);
      }
    }
  }

  /** What the memory under test takes when as much is alive as ever. */
  private static long memory(Task task) throws IOException {
    task.refillToPeak();
    HeapStats stats = task.stats();
    return stats == null
        ? JavaHeapMemory.resident()
        : stats.committedBytes() + stats.metadataBytes();
  }

  /**
   * The bytes that the Java heap grows by until as much is alive as ever is. A difference, because
   * ZGC counts whole pages, and one of the JVM's own takes 32 MiB if the heap is large.
   */
  static long live(Program program, Subject subject) {
    long before = usedAfterCollection();
    try (Task task = task(program, subject)) { // which is needed after the collection too
      task.fillToPeak();
      return usedAfterCollection() - before;
    }
  }

  private static long usedAfterCollection() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static Task task(Program program, Subject subject) {
    return subject.isOurs() ? program.onHeap(subject.isAcyclic()) : program.onJava();
  }
}
