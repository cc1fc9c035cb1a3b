package org.ouroboros.benchmarks.scenario;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.command.OptionalOutput;
import org.ouroboros.benchmarks.command.SpaceOptions;
import org.ouroboros.benchmarks.replay.Progress;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code scenario}. Exit codes: 0 if every scenario went as its file says, 1 if one did
 * not, 2 if the arguments or a file are not valid, in which case there is one line on the error
 * output.
 */
@Command(
    name = "scenario",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Replays scenarios, recorded from CPython, on a heap, and stops each at the first"
          + " difference.",
      "Without arguments: all bundled scenarios, on a paged heap."
    })
public final class ScenarioCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "FILE",
      description =
          "a .scenario.jsonl.gz file or the name of a bundled scenario; default: all of those")
  private List<String> files = new ArrayList<>();

  @Mixin private SpaceOptions heaps = new SpaceOptions();

  @Option(names = "--json", paramLabel = "FILE", description = "write results as JSON Lines")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  /** Made by picocli. */
  public ScenarioCommand() {}

  @Override
  public Integer call() throws IOException {
    boolean watched = Progress.isTerminal();
    Progress progress = new Progress(spec.commandLine().getErr(), watched);
    if (watched) {
      // elsewhere the error output is for errors only
      progress.phase("replaying");
    }
    try {
      return replay(progress);
    } catch (IOException | IllegalArgumentException | AllocatorUnavailableException e) {
      progress.end();
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    } catch (OutOfMemoryError e) {
      progress.end();
      return Exit.complain(
          spec, "not enough memory for a scenario of this size; see java -Xmx", Exit.INVALID);
    }
  }

  private int replay(Progress progress) throws IOException {
    HeapMode heapMode = mode(heaps.mode());
    Space heapSpace = Space.of(heaps.space());
    try (OptionalOutput jsonFile = OptionalOutput.open(json)) {
      List<Scenario> scenarios = ScenarioLoader.load(files);
      HeapOptions options = heapSpace.options(HeapOptions.DEFAULT.withMode(heapMode));
      String what = heapSpace.text() + ", " + heaps.mode() + " mode";
      ScenarioReport report = new ScenarioReport(scenarios, what, spec.commandLine().getOut());
      List<Outcome> outcomes = new ArrayList<>();
      double before = 0;
      for (Scenario scenario : scenarios) {
        double begin = before;
        Outcome outcome =
            ReplayRunner.replay(
                scenario,
                () -> new ScenarioHeap(options.withName(scenario.name())),
                ops -> progress.at((begin + ops) / report.ops(), scenario.name()));
        before += scenario.steps().size();
        outcomes.add(outcome);
        progress.end();
        report.print(outcome);
      }
      report.printTotals(outcomes);
      jsonFile.write(ScenarioJson.of(outcomes));
      return outcomes.stream().allMatch(Outcome::ok) ? 0 : Exit.FAILED;
    }
  }

  private static HeapMode mode(String name) {
    for (HeapMode one : HeapMode.values()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(name)) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "unknown mode '" + name + "'; known are normal, checked, debug");
  }
}
