package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Availability;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.command.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code replay}. Exit codes: 0 if all went well, 1 if an allocator failed, 2 if the
 * arguments or a trace are not valid, in which case there is one line on the error output and
 * nothing else.
 */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Replays malloc traces of real programs on every allocator, and shows what each costs.",
      "Without arguments: all bundled traces on all allocators found, in under two minutes."
    })
public final class ReplayCommand implements Callable<Integer> {

  /** What a run may take if no number of replays is given. */
  private static final long MAX_SECONDS = 95;

  private static final long SECONDS_A_TRACE = 30;

  @Parameters(
      paramLabel = "TRACE",
      description = "a .mtrace.gz file or the name of a bundled trace; default: all of those")
  private List<String> traces = new ArrayList<>();

  @Option(
      names = "--allocators",
      paramLabel = "NAMES",
      defaultValue = "all",
      description = "names separated by commas, or 'all' (the default)")
  private String allocators = "all";

  @Option(
      names = "--repeat",
      paramLabel = "K",
      description = "timed replays of each trace on each allocator; default: as time allows")
  private @Nullable Integer repeat;

  @Option(
      names = "--forks",
      paramLabel = "N",
      defaultValue = "2",
      description = "JVMs for each trace and allocator, one after the other (default: 2)")
  private int forks = 2;

  @Option(names = "--threads", description = "replay trace threads on threads of their own")
  private boolean threads;

  @Option(
      names = "--yardstick",
      description = "also replay from C with LD_PRELOAD; needs cc and zlib's headers")
  private boolean yardstick;

  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--list", description = "list allocators and bundled traces, and end")
  private boolean list;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (list) {
      printList();
      return 0;
    }
    Progress progress = new Progress(spec.commandLine().getErr(), Progress.isTerminal());
    try (Scratch scratch = new Scratch()) {
      return replay(scratch.folder(), progress);
    } catch (IOException | IllegalArgumentException e) {
      progress.end();
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    }
  }

  private int replay(Path scratch, Progress progress) throws IOException {
    Exit.check(repeat == null || repeat >= 1 && repeat <= 10_000, "--repeat takes 1 to 10000");
    Exit.check(forks >= 1 && forks <= 1000, "--forks takes 1 to 1000");
    SubjectChoice choice = SubjectChoice.of(allocators, threads);
    try (OutputOptions.Outputs files = output.open()) {
      List<TraceInput> inputs = new TraceLoader(scratch).load(traces);
      Yardstick c = yardstick ? Yardstick.compile(scratch) : Yardstick.none();
      List<Subject> subjects = new ArrayList<>(choice.subjects());
      subjects.addAll(c.subjects());
      Results results = new Results(inputs, subjects);
      RunNotes notes = measure(results, choice, c, scratch, progress);
      progress.end();
      new TableReport(results, notes, spec.commandLine().getOut()).print();
      files.json().write(JsonLines.of(results));
      files.report().write(HtmlReport.of(results, notes));
      return results.anyFault() ? Exit.FAILED : 0;
    }
  }

  private RunNotes measure(
      Results results, SubjectChoice choice, Yardstick c, Path scratch, Progress progress)
      throws IOException {
    long begin = System.nanoTime();
    Passes passes = new Passes(results, threads, scratch, progress);
    passes.verify();
    passes.memory();
    c.memory(results, threads);
    long seconds = Math.min(MAX_SECONDS, SECONDS_A_TRACE * results.traces().size());
    TimingPass.Schedule schedule =
        new TimingPass.Schedule(
            repeat == null ? 0 : repeat, forks, begin + TimeUnit.SECONDS.toNanos(seconds));
    new TimingPass(results, threads, schedule, scratch, progress, c).run();
    return new RunNotes(results, threads, schedule, choice.missing(), c.obstacle());
  }

  private void printList() {
    PrintWriter out = spec.commandLine().getOut();
    out.println("allocators:");
    for (Availability one : SubjectChoice.known(threads).values()) {
      out.printf(
          "  %-18s %-9s %s%n", one.name(), one.available() ? "found" : "not found", one.detail());
    }
    out.println("bundled traces:");
    BundledTraces.NAMES.forEach(name -> out.println("  " + name));
    out.flush();
  }
}
