package org.ouroboros.benchmarks.latency;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;

/** Measures one allocator in a JVM of its own, as a {@link Plan} says, and prints one line. */
public final class LatencyWorker {

  /** Names of files that are not there: asking for them shows in a trace of system calls. */
  static final String BEGIN = "ouroboros-latency-begin";

  static final String END = "ouroboros-latency-end";

  private static final int CLOSED_CALLS = 2_000_000;

  /** A thread that has a method compiled wakes the compiler, which is a system call: rare paths. */
  private static final int ROUNDS_TO_COUNT = 15;

  private static final int ROUNDS_TO_TIME = 3;
  private static final long WARM_UP_NANOS = 500_000_000;

  private LatencyWorker() {}

  /**
   * Runs.
   *
   * @param args a plan's
   * @throws IOException if the machine does not tell what it should
   */
  public static void main(String[] args) throws IOException {
    Plan plan = Plan.of(args);
    Tails tails = new Tails();
    // Not closed: its thread ends with the JVM, and some natives do not like to be unloaded.
    @Nullable Allocator allocator = Subjects.open(plan.allocator());
    OpenLoop loop = new OpenLoop(allocator, plan.slots(), tails);
    for (int i = 0; i < (plan.millis() == 0 ? ROUNDS_TO_COUNT : ROUNDS_TO_TIME); i++) {
      loop.runClosed(CLOSED_CALLS);
    }
    loop.run(plan.callsPerSecond(), WARM_UP_NANOS);
    if (plan.millis() == 0) {
      System.out.println("ok " + faultsOf(loop));
    } else {
      tails.reset();
      Sleeper.beside(
          tails.sleep(), () -> loop.run(plan.callsPerSecond(), plan.millis() * 1_000_000L));
      System.out.println("ok " + tails.encode());
    }
  }

  /** How many page faults this thread has while it makes calls between two marks. */
  private static long faultsOf(OpenLoop loop) throws IOException {
    Path begin = Path.of(BEGIN);
    Path end = Path.of(END);
    // Once before, so that asking itself is warm.
    mark(begin);
    mark(end);
    long before = minorFaults();
    mark(begin);
    loop.runClosed(CLOSED_CALLS);
    mark(end);
    return minorFaults() - before;
  }

  private static void mark(Path name) throws IOException {
    if (Files.exists(name)) {
      throw new IOException("there is a file " + name + ": start this elsewhere");
    }
  }

  private static long minorFaults() throws IOException {
    Path stat = Path.of("/proc/thread-self/stat");
    if (!Files.isReadable(stat)) {
      return 0;
    }
    String fields = Files.readString(stat);
    // Behind the name in brackets: state, five numbers, flags, and the tenth of all fields is
    // minflt.
    return Long.parseLong(fields.substring(fields.lastIndexOf(')') + 2).split(" ", -1)[7]);
  }
}
