package org.ouroboros.benchmarks.pauses;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.command.JvmOptions;
import org.ouroboros.benchmarks.command.OutputOptions;
import org.ouroboros.benchmarks.replay.MachineFacts;
import org.ouroboros.benchmarks.replay.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code pauses}. Exit codes: 0 if everything was measured, 1 if a process failed or a
 * full collection found something else to be garbage than the program did, 2 if the arguments are
 * not valid.
 */
@Command(
    name = "pauses",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs a mutator that makes, links and drops rings of 2 to 8 objects at fixed arrival times:"
          + " 95 %% die within 10,000 operations, 5 %% replace some of a large live population."
          + " Times single library calls and whole operations, and counts the garbage that is"
          + " outstanding.",
      "Each run has a JVM of its own; they take turns."
    })
public final class PausesCommand implements Callable<Integer> {

  private static final int MILLIS = 1000;
  private static final int MOST_OBJECTS = 100_000_000;
  private static final int MOST_RATE = 10_000_000;

  /** Of the time that is measured: the loop is compiled, and collections fall into step. */
  private static final int WARM_UP_PART = 4;

  @Option(
      names = "--objects",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "the live population (default: ${DEFAULT-VALUE})")
  private int objects;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description =
          "how long each run is timed, after a quarter of that or more to warm up, as long on a"
              + " small population before (default: ${DEFAULT-VALUE})")
  private double seconds;

  @Option(
      names = "--mode",
      paramLabel = "MODES",
      split = ",",
      defaultValue = "stop",
      description =
          "one or more of stop (automatic collections stop the mutator), incremental (full ones are"
              + " done in slices), shared (as stop, on a heap for many threads), shared-beside (an"
              + " agent marks on a thread of its own), java-g1, java-zgc and these with -compact"
              + " (the same on Java objects, without and with compact object headers, -Xmx twice"
              + " what is alive) (default: ${DEFAULT-VALUE})")
  private List<String> modes = new ArrayList<>();

  @Option(names = "--peers", description = "the four of Java objects as well")
  private boolean peers;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100000",
      description = "operations a second, each a ring (default: ${DEFAULT-VALUE})")
  private int rate;

  @Option(
      names = "--closed",
      description =
          "make operations as fast as can be instead, for their throughput; single calls are not"
              + " timed then")
  private boolean closed;

  @Option(
      names = "--full-at",
      paramLabel = "RATIO",
      defaultValue = "0",
      description =
          "stop: collect everything when there is so much garbage, over what is alive, and not"
              + " when the heap's own rule says so; 0: by that rule (default: ${DEFAULT-VALUE})")
  private double fullAt;

  @Option(
      names = "--forks",
      paramLabel = "N",
      defaultValue = "1",
      description = "runs of each mode (default: ${DEFAULT-VALUE})")
  private int forks;

  @Mixin private OutputOptions output = new OutputOptions();

  @Mixin private JvmOptions jvm = new JvmOptions();

  @Spec private CommandSpec spec;

  /** For picocli. */
  public PausesCommand() {}

  @Override
  public Integer call() {
    List<Plan> plans;
    try {
      plans = plans();
    } catch (IllegalArgumentException e) {
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    }
    try (OutputOptions.Outputs files = output.open()) {
      List<String> faults = new ArrayList<>();
      PausesReport results = measure(plans, faults);
      results.print(spec.commandLine().getOut());
      files.json().write(PausesJson.of(results));
      files.report().write(PausesPage.of(results));
      faults.forEach(fault -> Exit.complain(spec, fault, Exit.FAILED));
      return faults.isEmpty() ? 0 : Exit.FAILED;
    } catch (IOException e) {
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    }
  }

  private PausesReport measure(List<Plan> plans, List<String> faults) {
    Progress progress = new Progress(spec.commandLine().getErr(), Progress.isTerminal());
    PausesFork fork =
        new PausesFork(jvm.flags());
    List<Plan> able = new ArrayList<>();
    progress.phase("live sizes");
    for (Plan plan : plans) {
      try {
        fork.choose(plan);
        able.add(plan);
      } catch (IOException e) {
        faults.add(String.valueOf(e.getMessage()));
      }
    }
    List<PausesReport.Result> results = new ArrayList<>();
    progress.phase("runs");
    for (int round = 0; round < forks; round++) {
      for (int i = 0; i < able.size(); i++) {
        // the order is reversed every other round
        Plan plan = able.get(round % 2 == 0 ? i : able.size() - 1 - i);
        progress.at(
            (double) (round * able.size() + i) / (forks * able.size()), plan.mode().label());
        try {
          results.add(new PausesReport.Result(plan, fork.flags(plan.mode()), fork.run(plan)));
        } catch (IOException e) {
          faults.add(String.valueOf(e.getMessage()));
        }
      }
    }
    progress.end();
    return new PausesReport(results, notes(faults));
  }

  private List<String> notes(List<String> faults) {
    List<String> notes = new ArrayList<>();
    notes.add(
        (closed
                ? "Operations one after the other, "
                : rate + " operations a second at fixed arrival times, ")
            + seconds
            + " s after a quarter of that; an operation makes a ring of 2 to 8 doubly linked"
            + " objects of two references and drops another, 95 % of them young. live: reachable"
            + " objects.");
    notes.add(
        "call: wall time of a single library call, reading the clock included; on Java objects of"
            + " a single new or store. answer: from due time to the end of an operation. sleep: how"
            + " much too long a thread slept that did nothing else. Nothing is subtracted.");
    notes.add(
        "MMU 10ms: the least part of any window of 10 ms, wherever it begins, that was not in calls"
            + " of 20 us or more, which count whole; on Java objects gaps while the mutator waits"
            + " count as well. running: the same, and the longest call, by the time in which the"
            + " thread had a processor: what it lacks is the machine's. gap: the longest time"
            + " between two readings of the clock while the mutator only waited, and what is left"
            + " of a window by such gaps alone: so much the machine takes from calls as well.");
    notes.add(
        "garbage: objects that exist and are not reachable, over those that are, by the program's"
            + " own count, sampled every 5 ms; late: the most in the last quarter of the run. RSS:"
            + " of the whole process at the end of the run; growth: since before the population was"
            + " made; memory: all that the heap has committed, and its tables, or what is resident"
            + " of the Java heap. behind: how late the last operation was.");
    faults.forEach(fault -> notes.add("Failed: " + fault));
    notes.add("Machine: " + MachineFacts.read());
    return notes;
  }

  private List<Plan> plans() {
    Exit.check(objects >= 2 && objects <= MOST_OBJECTS, "--objects takes 2 to " + MOST_OBJECTS);
    Exit.check(seconds >= 0.02 && seconds <= 3600, "--seconds takes 0.02 to 3600");
    Exit.check(rate >= 1 && rate <= MOST_RATE, "--rate takes 1 to " + MOST_RATE);
    Exit.check(forks >= 1 && forks <= 1000, "--forks takes 1 to 1000");
    Exit.check(
        fullAt == 0 || fullAt >= 0.001 && fullAt <= 100, "--full-at takes 0, or 0.001 to 100");
    List<Mode> chosen = new ArrayList<>();
    modes.stream().map(String::strip).map(Mode::of).forEach(chosen::add);
    if (peers) {
      chosen.addAll(Mode.peers());
    }
    Exit.check(
        fullAt == 0 || chosen.stream().allMatch(mode -> mode == Mode.STOP),
        "--full-at is for the mode stop alone");
    int millis = (int) (seconds * MILLIS);
    return chosen.stream()
        .distinct()
        .map(
            mode ->
                new Plan(
                    mode,
                    objects,
                    rate,
                    millis,
                    Math.max(1, millis / WARM_UP_PART),
                    closed,
                    fullAt))
        .toList();
  }
}
