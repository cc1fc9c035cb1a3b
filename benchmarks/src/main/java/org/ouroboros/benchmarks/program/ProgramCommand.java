package org.ouroboros.benchmarks.program;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.command.JvmOptions;
import org.ouroboros.benchmarks.command.OutputOptions;
import org.ouroboros.benchmarks.replay.MachineFacts;
import org.ouroboros.benchmarks.replay.Progress;
import org.ouroboros.benchmarks.replay.Scratch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code program}. Exit codes: 0 if everything was measured, whether or not the goals
 * are met; 1 if a process failed or something else came out of it than of another; 2 if the
 * arguments are not valid.
 */
@Command(
    name = "program",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs whole programs on the collector's heap, the same on Java's objects with three"
          + " collectors, and where there are such in CPython and in C with the Boehm collector;"
          + " in processes that take turns.",
      "Programs: trees (one for each depth), gc-cycles, gc-traversal, lru."
    })
public final class ProgramCommand implements Callable<Integer> {

  private static final double MILLIS = 1000;

  /** Fewer show where one stands and are no claim. */
  private static final int ENOUGH_FORKS = 10;

  @Parameters(paramLabel = "NAME", arity = "0..*", description = "programs (default: all)")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--subjects",
      paramLabel = "NAMES",
      split = ",",
      description =
          "what they run on (default: all): ouroboros, ouroboros-acyclic (trees: the node's type is"
              + " declared acyclic), serial, g1, zgc, each also with -compact, g1-default (no"
              + " -Xmx), cpython, boehm")
  private List<String> subjects = new ArrayList<>();

  @Option(
      names = "--forks",
      paramLabel = "N",
      defaultValue = "10",
      description = "processes for each program and subject (default: ${DEFAULT-VALUE})")
  private int forks;

  @Option(
      names = "--depth",
      paramLabel = "N",
      split = ",",
      defaultValue = "16,18,20",
      description = "trees: of the tree that stays, one or more (default: ${DEFAULT-VALUE})")
  private List<Integer> depths = new ArrayList<>();

  @Option(
      names = "--loops",
      paramLabel = "N",
      defaultValue = "200",
      description = "gc-...: collections that are timed (default: ${DEFAULT-VALUE})")
  private int loops;

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "10000000",
      description = "lru: what the cache holds (default: ${DEFAULT-VALUE})")
  private int entries;

  @Option(
      names = "--operations",
      paramLabel = "N",
      defaultValue = "5000000",
      description = "lru: accesses that are timed together (default: ${DEFAULT-VALUE})")
  private int operations;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100000",
      description = "lru: accesses a second, timed one by one (default: ${DEFAULT-VALUE})")
  private int rate;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "5",
      description = "lru: how long those are made; 0: not at all (default: ${DEFAULT-VALUE})")
  private double seconds;

  @Mixin private OutputOptions output = new OutputOptions();

  @Mixin private JvmOptions jvm = new JvmOptions();

  @Spec private CommandSpec spec;

  /** For picocli. */
  public ProgramCommand() {}

  @Override
  public Integer call() {
    List<Program> programs;
    List<Subject> chosen;
    try {
      programs = programs(sizes());
      chosen = chosen();
    } catch (IllegalArgumentException e) {
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    }
    try (OutputOptions.Outputs files = output.open()) {
      ProgramReport result = measure(programs, chosen);
      if (result == null) {
        return Exit.FAILED;
      }
      result.print(spec.commandLine().getOut());
      files.json().write(ProgramJson.of(result));
      files.report().write(ProgramPage.of(result));
      result.runs().faults().forEach(fault -> Exit.complain(spec, fault, Exit.FAILED));
      return result.runs().faults().isEmpty() ? 0 : Exit.FAILED;
    } catch (IOException e) {
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    }
  }

  private @Nullable ProgramReport measure(List<Program> programs, List<Subject> chosen) {
    PrintWriter err = spec.commandLine().getErr();
    Progress progress = new Progress(err, Progress.isTerminal());
    Peers peers = new Peers();
    Launch launch =
        new Launch(peers, jvm.flags());
    Runs runs = new Runs();
    List<String> flags = new ArrayList<>();
    try (Scratch scratch = new Scratch()) {
      progress.phase("live sizes");
      for (Program program : programs) {
        List<Subject> able = new ArrayList<>();
        for (Subject subject : program.subjects()) {
          progress.at(0, program.title() + " on " + subject.label());
          if (chosen.contains(subject) && isReady(program, subject, peers, launch, scratch)) {
            able.add(subject);
            flags.add(flagsLine(program, subject, launch));
          }
        }
        if (!able.isEmpty()) {
          runs.plan(program, able);
        }
      }
      progress.phase("programs");
      runs.measure(forks, launch::run, progress::at);
    } catch (IOException e) {
      progress.end();
      Exit.complain(spec, e.getMessage(), Exit.FAILED);
      return null;
    }
    progress.end();
    flags.removeIf(String::isEmpty);
    return new ProgramReport(runs, Goal.judge(runs), flags, notes(peers, runs.faults()));
  }

  private static boolean isReady(
      Program program, Subject subject, Peers peers, Launch launch, Scratch scratch)
      throws IOException {
    if (subject.kind() == Subject.Kind.PYTHON || subject.kind() == Subject.Kind.C) {
      peers.prepare(program, subject, scratch.folder());
    } else {
      launch.choose(program, subject);
    }
    return launch.isPossible(program, subject);
  }

  private static String flagsLine(Program program, Subject subject, Launch launch) {
    List<String> flags = launch.flags(program, subject);
    return flags.isEmpty()
        ? ""
        : program.title() + " on " + subject.label() + ": " + String.join(" ", flags);
  }

  private List<String> notes(Peers peers, List<String> faults) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "Processes in turns, "
            + forks
            + " for each program and subject"
            + (forks < ENOUGH_FORKS ? " (a claim needs " + ENOUGH_FORKS + ")" : "")
            + ", the order reversed every other round; median and least of the rounds; JVMs warm"
            + " up before the clock starts, CPython and C need not.");
    notes.add(
        "ouroboros: a confined heap in normal mode, paged space, automatic collection on, with its"
            + " default thresholds. Java: -Xmx is twice what was alive at the peak after a"
            + " collection, measured for each collector and header size, at least 16 MiB;"
            + " g1-default has no -Xmx.");
    notes.add(
        "Memory: ours: all that the heap has committed, and all of its tables, when as much is"
            + " alive as ever. Java: what is resident of the Java heap then (smaps), without its"
            + " collector's tables. CPython and C: as growth.");
    notes.add(
        "Growth: the peak of the resident size (VmHWM) less what the same process had before the"
            + " program began (of a JVM: an idle one of the same flags); so with compiled code and"
            + " the compilers. Process: all of VmHWM.");
    notes.add(
        "call: wall time of a single operation or collection; answer: from due time to end, in"
            + " open-loop arrival; sleep: how much too long a thread slept that did nothing else."
            + " Nothing is subtracted.");
    notes.addAll(peers.notes());
    faults.forEach(fault -> notes.add("Failed: " + fault));
    notes.add("Machine: " + MachineFacts.read());
    return notes;
  }

  private Sizes sizes() {
    check("--forks", forks, 1, 1000);
    if (depths.isEmpty()) {
      throw new IllegalArgumentException("--depth takes 4 to 24");
    }
    depths.forEach(depth -> check("--depth", depth, 4, 24));
    check("--loops", loops, 1, 100_000);
    check("--entries", entries, 1, 100_000_000);
    check("--operations", operations, 1, 1_000_000_000);
    check("--rate", rate, 1, 10_000_000);
    if (!(seconds >= 0 && seconds <= 3600)) {
      throw new IllegalArgumentException("--seconds takes 0 to 3600");
    }
    return new Sizes(depths.getFirst(), loops, entries, operations, rate, (int) (seconds * MILLIS));
  }

  private static void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(option + " takes " + least + " to " + most);
    }
  }

  private List<Program> programs(Sizes sizes) {
    List<Program> chosen =
        names.isEmpty()
            ? Program.all(sizes)
            : names.stream().distinct().map(name -> Program.of(name, sizes)).toList();
    return chosen.stream().flatMap(this::withDepths).toList();
  }

  /** Of trees one for each depth. */
  private Stream<Program> withDepths(Program program) {
    return program instanceof Trees(Sizes sizes)
        ? depths.stream().distinct().map(depth -> new Trees(sizes.withDepth(depth)))
        : Stream.of(program);
  }

  private List<Subject> chosen() {
    return subjects.isEmpty()
        ? List.of(Subject.values())
        : subjects.stream().map(String::strip).distinct().map(Subject::of).toList();
  }
}
