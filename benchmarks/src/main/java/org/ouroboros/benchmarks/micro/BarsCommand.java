package org.ouroboros.benchmarks.micro;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Availability;
import org.ouroboros.allocator.bdwgc.BoehmAllocator;
import org.ouroboros.allocator.region.RegionAllocator;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.command.JvmOptions;
import org.ouroboros.benchmarks.command.OptionalOutput;
import org.ouroboros.benchmarks.replay.MachineFacts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code bars}. Exit codes: 0 if everything was measured, whether or not the bars are
 * met; 1 if a fork failed; 2 if the arguments are not valid.
 */
@Command(
    name = "bars",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures single calls of the default allocator and of every C library found, in forked JVMs"
          + " that take turns, and tells whether the project's bars are met.",
      "The default takes about seven minutes; leave the machine alone meanwhile."
    })
public final class BarsCommand implements Callable<Integer> {

  private static final int MAX_ROUNDS = 1000;

  /** Fewer rounds show where one stands and are no claim. */
  private static final int ENOUGH_ROUNDS = 10;

  private static final int QUICK_ROUNDS = 3;

  @Option(
      names = "--rounds",
      paramLabel = "R",
      description = "forks of each allocator on each workload (default: 10)")
  private @Nullable Integer rounds;

  @Option(names = "--quick", description = "3 rounds, unless --rounds says otherwise")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "write figures as JSON Lines")
  private @Nullable Path json;

  @Mixin private JvmOptions jvm = new JvmOptions();

  @Spec private CommandSpec spec;

  /** For picocli. */
  public BarsCommand() {}

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    BarsProgress progress = new BarsProgress(err, BarsProgress.isTerminal());
    int count = rounds != null ? rounds : quick ? QUICK_ROUNDS : ENOUGH_ROUNDS;
    if (count < 1 || count > MAX_ROUNDS) {
      return Exit.complain(spec, "--rounds takes 1 to " + MAX_ROUNDS, Exit.INVALID);
    }
    try (OptionalOutput file = OptionalOutput.open(json)) {
      BarsReport report = measure(count, progress);
      progress.end();
      report.print(spec.commandLine().getOut());
      file.write(report.json());
      return 0;
    } catch (Rounds.ForkFailure e) {
      progress.end();
      return Exit.complain(spec, e.getMessage(), Exit.FAILED);
    } catch (IOException e) {
      progress.end();
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    }
  }

  private BarsReport measure(int count, BarsProgress progress) throws Rounds.ForkFailure {
    List<String> notes = new ArrayList<>();
    notes.add(
        "Ratio: median over the rounds of our time over that of the C library which is fastest by"
            + " its median; its 95 % bound by bootstrap. A bar is met when the median meets it and"
            + " the upper bound is at most 10 % above it.");
    notes.add(
        "ouroboros is the shared face on a platform thread, ouroboros-confined a confined view;"
            + " NAME calls a C library as the product does (critical malloc, ordinary free),"
            + " NAME-critical by critical downcalls only and without any check. heap B/op: Java"
            + " heap allocated, by JMH's gc profiler, the harness's own included. Arenas are"
            + " measured over those two, against Arena.ofConfined and Arena.ofShared (jdk).");
    List<String> natives = natives(Allocators.list(), notes);
    List<String> allocators = new ArrayList<>();
    allocators.add(AllocatorUnderTest.CONFINED);
    allocators.add(AllocatorUnderTest.SHARED);
    allocators.addAll(natives);
    JmhFork fork = new JmhFork(jvm.flags());
    notes.add(turns(count, fork));
    notes.add("JVM flags: " + String.join(" ", fork.flags()));
    notes.add("Machine: " + MachineFacts.read());
    Timings timings = new Rounds(allocators, count).run(fork, progress::at);
    return BarsReport.of(timings, natives, notes);
  }

  /** The C libraries by both ways to call them; adds to the notes what is found and what is not. */
  static List<String> natives(List<Availability> found, List<String> notes) {
    List<String> natives = new ArrayList<>();
    for (Availability one : found) {
      if (one.name().equals(AllocatorUnderTest.SHARED)
          || one.name().equals(RegionAllocator.NAME)
          || one.name().equals(BoehmAllocator.NAME)) {
        continue; // no C library, or none with a malloc family
      }
      if (one.available()) {
        natives.add(one.name());
        natives.add(one.name() + AllocatorUnderTest.CRITICAL_SUFFIX);
        notes.add(one.name() + ": " + one.detail());
      } else {
        notes.add(one.name() + " not measured: " + one.detail());
      }
    }
    return natives;
  }

  private static String turns(int count, JmhFork fork) {
    return "Single forks in turns, "
        + count
        + (count == 1 ? " round" : " rounds")
        + (count < ENOUGH_ROUNDS ? " (a claim needs " + ENOUGH_ROUNDS + ")" : "")
        + ", the order reversed every other time; each fork "
        + fork.description();
  }
}
