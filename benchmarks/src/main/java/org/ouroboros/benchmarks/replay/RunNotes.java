package org.ouroboros.benchmarks.replay;

import java.util.ArrayList;
import java.util.List;

/** What must be known to read the figures: how they were taken, with what, on what. */
final class RunNotes {

  private final List<String> lines = new ArrayList<>();

  RunNotes(
      Results results,
      boolean threads,
      TimingPass.Schedule schedule,
      List<String> missing,
      String yardstickObstacle) {
    lines.add(
        "ns/event: median, and min, of all timed replays; calls only, thread switches not counted."
            + " Ratio: median over the turns of the time over that of the trace's fastest native"
            + " allocator called from Java; its 95 % bound by bootstrap.");
    lines.add(turns(results, schedule));
    lines.add(
        threads
            ? "Each trace thread is a platform thread; wall time; ouroboros is the shared face of"
                + " the default allocator."
            : "One thread; ouroboros is a confined view of the default allocator, what a program"
                + " with one thread would take, and ouroboros-shared its shared face.");
    lines.add(
        "Peak: resident size, every byte of blocks written, in forks of their own. Of ouroboros:"
            + " its mappings by smaps and all its tables; of native ones: growth of the process"
            + " (VmHWM), which includes some 0.1 to 0.5 MiB of the JVM's own"
            + (threads ? " and 0.1 MiB for each thread's stack" : "")
            + ". Fragm.: peak over live peak.");
    missing.forEach(lines::add);
    if (!yardstickObstacle.isEmpty()) {
      lines.add("No yardstick in C: " + yardstickObstacle + ".");
    }
    for (Subject subject : results.subjects()) {
      lines.add(subject.name() + ": " + subject.detail());
    }
    long calls = results.mostCalls();
    lines.add(
        "JVM flags, timing (heap of the longest trace): "
            + String.join(" ", ForkFlags.timing(calls)));
    lines.add("JVM flags, memory: " + String.join(" ", ForkFlags.memory(calls)));
    lines.add("Machine: " + MachineFacts.read());
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  private static String turns(Results results, TimingPass.Schedule schedule) {
    int least = Integer.MAX_VALUE;
    int most = 0;
    for (int t = 0; t < results.traces().size(); t++) {
      for (int s = 0; s < results.subjects().size(); s++) {
        Measurement cell = results.get(t, s);
        if (cell.isTimed()) {
          least = Math.min(least, cell.turnMedians().length);
          most = Math.max(most, cell.turnMedians().length);
        }
      }
    }
    String count = most == 0 ? "no" : least == most ? "" + most : least + " to " + most;
    return "Allocators took turns in forked JVMs: "
        + count
        + " turns a trace, up to "
        + schedule.waves()
        + " forks of each, one after the other.";
  }
}
