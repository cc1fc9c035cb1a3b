package org.ouroboros.benchmarks.workload;

import java.io.IOException;
import org.ouroboros.benchmarks.replay.ProcStatus;

/**
 * The main class of a forked JVM: one workload on one allocator. It runs thrice for the JIT, with a
 * part of the work, then once for the figures, and ends with a line: {@code ok OPERATIONS NANOS
 * PEAK_BYTES} or {@code failed MESSAGE}.
 */
public final class WorkloadWorker {

  static final double WARMUP_SHARE = 0.2;
  static final int WARMUPS = 3;

  private WorkloadWorker() {}

  /**
   * Runs the workload.
   *
   * @param args the workload, the allocator, how many threads, the scale
   */
  public static void main(String[] args) {
    String line;
    try {
      Workload workload = Workload.of(args[0]);
      int threads = Integer.parseInt(args[2]);
      Run run = run(workload, args[1], threads, Double.parseDouble(args[3]));
      line = "ok " + run.operations() + " " + run.nanos() + " " + run.peakBytes();
    } catch (Exception | LinkageError e) {
      line = "failed " + String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    }
    System.out.println(line);
    // threads may be waiting for what a failed one will never bring
    System.exit(0);
  }

  static Run run(Workload workload, String allocator, int threads, double scale)
      throws IOException {
    try (ProcStatus status = new ProcStatus()) {
      long before = status.resident();
      try (Faces faces = Faces.open(allocator)) {
        Crew crew = new Crew(faces, threads);
        for (int i = 0; i < WARMUPS; i++) {
          workload.run(crew, scale * WARMUP_SHARE);
        }
        ProcStatus.resetPeak();
        long begin = System.nanoTime();
        long operations = workload.run(crew, scale);
        long nanos = System.nanoTime() - begin;
        long peak = before < 0 ? ProcStatus.UNKNOWN : status.peakResident() - before;
        return new Run(operations, nanos, peak);
      }
    }
  }
}
