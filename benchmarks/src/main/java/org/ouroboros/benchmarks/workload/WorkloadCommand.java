package org.ouroboros.benchmarks.workload;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Availability;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.command.JvmOptions;
import org.ouroboros.benchmarks.command.OutputOptions;
import org.ouroboros.benchmarks.replay.MachineFacts;
import org.ouroboros.benchmarks.replay.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code workload}. Exit codes: 0 if everything was measured, whether or not the goals
 * are met; 1 if a fork failed or a block was corrupt; 2 if the arguments are not valid.
 */
@Command(
    name = "workload",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs programs that do nothing but allocate, on each allocator in forked JVMs that take"
          + " turns, and tells whether the project's goals are met.",
      "Workloads: larson, mstress, rptest, alloc-test, xmalloc-test, glibc-simple, glibc-thread,"
          + " cache-scratch, cache-thrash, malloc-large, mleak."
    })
public final class WorkloadCommand implements Callable<Integer> {

  private static final int MAX_FORKS = 1000;
  private static final int MAX_THREADS = 256;
  private static final double MAX_SCALE = 100;

  /** Fewer show where one stands and are no claim. */
  private static final int ENOUGH_FORKS = 10;

  @Parameters(paramLabel = "NAME", arity = "0..*", description = "workloads (default: all)")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--allocators",
      paramLabel = "NAMES",
      split = ",",
      defaultValue = "ouroboros,ouroboros-confined,mimalloc,libc",
      description = "default: ${DEFAULT-VALUE}; ouroboros-confined: a view for each thread")
  private List<String> allocators = List.of();

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "of those workloads that have several (default: ${DEFAULT-VALUE})")
  private int threads;

  @Option(
      names = "--scale",
      paramLabel = "S",
      defaultValue = "1",
      description = "how much work: 1 for a second or two a run")
  private double scale;

  @Option(
      names = "--forks",
      paramLabel = "N",
      defaultValue = "10",
      description = "JVMs for each allocator and workload (default: ${DEFAULT-VALUE})")
  private int forks;

  @Mixin private OutputOptions output = new OutputOptions();

  @Mixin private JvmOptions jvm = new JvmOptions();

  @Spec private CommandSpec spec;

  /** For picocli. */
  public WorkloadCommand() {}

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Runs runs;
    List<String> notes = new ArrayList<>();
    try {
      checkRanges();
      runs = new Runs(workloads(), chosen(notes));
    } catch (IllegalArgumentException e) {
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    }
    try (OutputOptions.Outputs files = output.open()) {
      if (!measure(runs, notes, err)) {
        return Exit.FAILED;
      }
      WorkloadReport result = WorkloadReport.of(runs, notes);
      result.print(spec.commandLine().getOut());
      files.json().write(result.json());
      files.report().write(WorkloadPage.of(result));
      return 0;
    } catch (IOException e) {
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    }
  }

  private boolean measure(Runs runs, List<String> notes, PrintWriter err) {
    WorkloadFork fork =
        new WorkloadFork(
            threads, scale, jvm.flags());
    notes.add(turns());
    notes.add(
        "Peak: growth of the resident size from before the allocator was opened to its highest"
            + " value in the run; what the JVM itself grew by (code, stacks) is in it.");
    notes.add("JVM flags: " + String.join(" ", fork.flags()));
    notes.add("Machine: " + MachineFacts.read());
    Progress progress = new Progress(err, Progress.isTerminal());
    progress.phase("workloads");
    try {
      runs.measure(forks, fork::run, progress::at);
      return true;
    } catch (IOException e) {
      Exit.complain(spec, e.getMessage(), Exit.FAILED);
      return false;
    } finally {
      progress.end();
    }
  }

  private String turns() {
    return "Single-shot JVMs in turns, "
        + forks
        + " of each allocator and workload"
        + (forks < ENOUGH_FORKS ? " (a claim needs " + ENOUGH_FORKS + ")" : "")
        + ", the order reversed every other round; "
        + threads
        + " threads (twice that in xmalloc-test, 10 in mleak, one in glibc-simple and malloc-large)"
        + ", scale "
        + scale
        + "; before each run "
        + WorkloadWorker.WARMUPS
        + " with "
        + Math.round(100 * WorkloadWorker.WARMUP_SHARE)
        + " % of the work to warm up.";
  }

  private void checkRanges() {
    if (forks < 1 || forks > MAX_FORKS) {
      throw new IllegalArgumentException("--forks takes 1 to " + MAX_FORKS);
    }
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException("--threads takes 1 to " + MAX_THREADS);
    }
    if (!(scale > 0 && scale <= MAX_SCALE)) {
      throw new IllegalArgumentException("--scale takes numbers above 0 and up to 100");
    }
  }

  private List<Workload> workloads() {
    return names.isEmpty() ? Workload.all() : names.stream().distinct().map(Workload::of).toList();
  }

  /** Checks that the allocators can be had, and notes what they are. */
  private List<String> chosen(List<String> notes) {
    Map<String, Availability> known =
        Allocators.list().stream()
            .collect(Collectors.toMap(Availability::name, Function.identity()));
    List<String> chosen = allocators.stream().map(String::strip).distinct().toList();
    for (String name : chosen) {
      Availability found = known.get(name.equals(Faces.CONFINED) ? Faces.SHARED : name);
      if (found == null && !Allocators.names().contains(name)) {
        throw new IllegalArgumentException(
            "unknown allocator '"
                + name
                + "'; known are "
                + Faces.CONFINED
                + ", "
                + String.join(", ", Allocators.names()));
      }
      if (found != null && !found.available()) {
        throw new IllegalArgumentException(
            "allocator " + name + " cannot be had: " + found.detail());
      }
      notes.add(name + ": " + (found == null ? "the same library as another" : found.detail()));
    }
    return chosen;
  }
}
