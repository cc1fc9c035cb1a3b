package org.ouroboros.benchmarks.latency;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.DataFormatException;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.command.OutputOptions;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.MachineFacts;
import org.ouroboros.benchmarks.replay.Progress;
import org.ouroboros.benchmarks.replay.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code latency}. Exit codes: 0 if all went well, 1 if an allocator failed, 2 if the
 * arguments are not valid.
 */
@Command(
    name = "latency",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Times single calls of malloc and free at fixed arrival times, and shows their percentiles.",
      "Ours is pre-touched and never purges; each allocator runs in forked JVMs, by turns."
    })
public final class LatencyCommand implements Callable<Integer> {

  private static final int MILLIS = 1000;

  @Option(
      names = "--allocators",
      paramLabel = "NAMES",
      defaultValue = "all",
      description = "names separated by commas, or 'all' (the default)")
  private String allocators = "all";

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100000",
      description = "calls a second (default: 100000)")
  private int rate = 100_000;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "3",
      description = "how long calls are timed in each fork (default: 3)")
  private double seconds = 3;

  @Option(
      names = "--forks",
      paramLabel = "N",
      defaultValue = "3",
      description = "JVMs for each allocator (default: 3)")
  private int forks = 3;

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "20000",
      description = "places for blocks, half of which are live at a time (default: 20000)")
  private int slots = 20_000;

  @Option(
      names = "--syscalls",
      description = "count the system calls of a warmed-up thread instead; needs strace")
  private boolean syscalls;

  @Mixin private OutputOptions output = new OutputOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<String> chosen;
    try (OutputOptions.Outputs files = output.open()) {
      Exit.check(rate >= 1 && rate <= 10_000_000, "--rate takes 1 to 10000000");
      Exit.check(seconds >= 0.001 && seconds <= 3600, "--seconds takes 0.001 to 3600");
      Exit.check(forks >= 1 && forks <= 1000, "--forks takes 1 to 1000");
      Exit.check(slots >= 2 && slots <= 10_000_000, "--slots takes 2 to 10000000");
      chosen = Subjects.choose(allocators);
      return syscalls ? count(chosen) : measure(chosen, files);
    } catch (IOException | IllegalArgumentException e) {
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    }
  }

  private int measure(List<String> chosen, OutputOptions.Outputs files) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Progress progress = new Progress(err, Progress.isTerminal());
    Map<String, Tails> tails = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    chosen.forEach(name -> tails.put(name, new Tails()));
    progress.phase("timing");
    for (int fork = 0; fork < forks; fork++) {
      for (int i = 0; i < chosen.size(); i++) {
        String name = chosen.get(i);
        progress.at((double) (fork * chosen.size() + i) / (forks * chosen.size()), name);
        try {
          Plan plan = new Plan(name, rate, (int) (seconds * MILLIS), slots);
          tails.getOrDefault(name, new Tails()).add(Tails.decode(LatencyFork.run(plan, List.of())));
        } catch (IOException | DataFormatException e) {
          faults.add(String.valueOf(e.getMessage()));
        }
      }
    }
    progress.end();
    tails.values().removeIf(of -> of.malloc().getTotalCount() == 0);
    List<String> notes = notes();
    notes.addAll(faults);
    LatencyReport results = new LatencyReport(tails, notes);
    results.print(spec.commandLine().getOut());
    files.json().write(results.json());
    files.report().write(results.html());
    return faults.isEmpty() ? 0 : Exit.FAILED;
  }

  private List<String> notes() {
    return new ArrayList<>(
        List.of(
            Figures.count(rate)
                + " calls a second, due at fixed times, for "
                + Figures.fixed(seconds, 1)
                + " s in each of "
                + forks
                + " forks by turns; "
                + Figures.count(slots)
                + " slots, half of them live; 1 to 512 B, a tenth up to 8 KiB, 0.1 % up to 256 KiB",
            "malloc, free: wall time of the call with reading the clock, nothing subtracted; late:"
                + " from due time to begin; sleep: how much too long a thread slept beside it",
            "JVM flags: " + String.join(" ", LatencyFork.FLAGS),
            MachineFacts.read()));
  }

  private int count(List<String> chosen) {
    PrintWriter out = spec.commandLine().getOut();
    if (!SystemCalls.isPossible()) {
      out.println("no system calls counted: strace is not installed");
      out.flush();
      return 0;
    }
    TextTable table = new TextTable().row("allocator", "system calls", "page faults", "which");
    int code = 0;
    for (String name : chosen) {
      try {
        SystemCalls of = SystemCalls.of(name, rate, slots);
        table.row(name, "" + of.total(), Figures.count(of.pageFaults()), of.names());
      } catch (IOException e) {
        table.row(name, Figures.NONE, Figures.NONE, String.valueOf(e.getMessage()));
        code = Exit.FAILED;
      }
    }
    table.lines().forEach(out::println);
    out.println();
    out.println("of one thread, warmed up, during 2,000,000 calls of malloc and free;");
    out.println("futex: the thread had the JVM compile a rare path, which wakes the compiler");
    out.flush();
    return code;
  }
}
