package org.ouroboros.benchmarks.python;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Availability;
import org.ouroboros.benchmarks.command.JvmOptions;
import org.ouroboros.benchmarks.replay.MachineFacts;
import org.ouroboros.benchmarks.replay.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code python}. Exit codes: that of the program; 1 if it ended with an exception, or
 * if regression tests went otherwise than with pymalloc; 2 if the arguments are not valid, or
 * CPython or the allocator cannot be had, in which case there is one line on the error output.
 */
@Command(
    name = "python",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = {
      "ouroboros-benchmarks python [--allocator NAME] (-c CODE | -m MODULE | FILE) [ARG...]",
      "ouroboros-benchmarks python --compare [--turns N] [--allocator NAME,...]",
      "ouroboros-benchmarks python --regression[=MODULE,...] [--allocator NAME,...]"
    },
    description = {
      "Runs a Python program in this JVM, on CPython 3.11 whose memory comes from an allocator, and"
          + " tells on the error output what it took and did not free.",
      "Behind -c and -m, put -- before arguments that begin with a hyphen.",
      "--compare times a JSON and dict workload, --regression runs CPython's own tests; both in"
          + " forked JVMs, against pymalloc.",
      "Signals stay with the JVM: a program must not set handlers, use faulthandler, or fork"
          + " without exec."
    })
public final class PythonCommand implements Callable<Integer> {

  /** Stands for CPython's own allocator. */
  static final String OWN = "pymalloc";

  private static final String DEFAULT = "ouroboros";
  private static final List<String> REGRESSION_ALLOCATORS = List.of(DEFAULT, "ouroboros_debug");
  private static final String ALL = "all";
  private static final int MAX_TURNS = 1000;
  private static final int FAILED = 1;
  private static final int INVALID = 2;

  @Option(
      names = "--allocator",
      paramLabel = "NAME",
      description =
          "such as ouroboros (the default), ouroboros_debug, ouroboros_record, mimalloc, libc; or"
              + " pymalloc, which is CPython's own")
  private @Nullable String allocator;

  @Option(names = "-c", paramLabel = "CODE", description = "runs this text")
  private @Nullable String code;

  @Option(names = "-m", paramLabel = "MODULE", description = "runs a module as a program")
  private @Nullable String module;

  @Parameters(paramLabel = "FILE ARG", description = "a program, and what it gets")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--library",
      paramLabel = "FILE",
      defaultValue = PythonLibrary.NAME,
      description = "a path, or a name for the dynamic linker (default: ${DEFAULT-VALUE})")
  private String library = PythonLibrary.NAME;

  @Option(names = "--compare", description = "times a workload on several allocators")
  private boolean compare;

  @Option(
      names = "--turns",
      paramLabel = "N",
      defaultValue = "10",
      description = "forks of each allocator (default: ${DEFAULT-VALUE})")
  private int turns;

  @Option(
      names = "--regression",
      paramLabel = "MODULE",
      split = ",",
      arity = "0..1",
      fallbackValue = ALL,
      description = "runs CPython's tests; default: test_gc, test_dict and six more")
  private @Nullable List<String> regression;

  @Mixin private JvmOptions jvm = new JvmOptions();

  private @Nullable CommandSpec spec;

  /** Made by picocli. */
  public PythonCommand() {}

  /** What follows the first word is the program's. */
  @Spec
  void setSpec(CommandSpec command) {
    spec = command;
    command.parser().stopAtPositional(true);
  }

  @Override
  public Integer call() {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    try {
      if (compare) {
        return compare(err);
      }
      return regression != null ? regression(regression) : run(err);
    } catch (IOException | IllegalArgumentException | AllocatorUnavailableException e) {
      err.println("python: " + e.getMessage());
      err.flush();
      return INVALID;
    }
  }

  private int run(PrintWriter err) throws IOException {
    PythonProgram program = program();
    String name = allocator == null ? DEFAULT : allocator;
    Allocator made = name.equals(OWN) ? null : Allocators.of(name);
    try {
      PythonRun run = PythonRun.of(library, made, program);
      PythonReport.of(run).forEach(line -> err.println("python: " + line));
      err.flush();
      return run.exitCode(); // the allocator stays open: CPython keeps blocks
    } catch (PythonException e) {
      if (made != null && e.kind() != PythonException.Kind.START_REFUSED) {
        made.close();
      }
      throw e;
    }
  }

  private int compare(PrintWriter err) throws IOException {
    if (turns < 1 || turns > MAX_TURNS) {
      throw new IllegalArgumentException("--turns takes 1 to " + MAX_TURNS);
    }
    List<String> flags = jvm.flags();
    PythonTimes times = new PythonTimes(library, names(PythonTimes.ALLOCATORS), flags);
    Progress progress = new Progress(err, Progress.isTerminal());
    progress.phase("python");
    try {
      times.measure(turns, progress);
    } finally {
      progress.end();
    }
    times.table().forEach(this::print);
    print("JVM flags: " + (flags.isEmpty() ? "none" : String.join(" ", flags)));
    print("Machine: " + MachineFacts.read());
    return 0;
  }

  private int regression(List<String> named) throws IOException {
    List<String> modules = named.equals(List.of(ALL)) ? Regression.MODULES : named;
    Regression own = Regression.of(library, OWN, modules);
    print(String.format("%-16s %s", OWN, own.summary()));
    boolean same = true;
    for (String name : names(REGRESSION_ALLOCATORS)) {
      Regression other = Regression.of(library, name, modules);
      List<String> differences = own.differences(other);
      same &= differences.isEmpty();
      String verdict = differences.isEmpty() ? "the same" : differences.size() + " DIFFERENCES";
      print(String.format("%-16s %s: %s", name, other.summary(), verdict));
      differences.forEach(line -> print("  " + line));
    }
    return same ? 0 : FAILED;
  }

  /** Those asked for; all can be had. */
  private List<String> names(List<String> usual) {
    List<String> names = allocator == null ? usual : List.of(allocator.split(",", -1));
    List<String> known = new ArrayList<>();
    for (String name : names) {
      Availability found = name.equals(OWN) ? null : Allocators.availability(name);
      if (found == null || found.available()) {
        known.add(name);
      } else if (allocator == null) {
        print(name + " is left out: " + found.detail());
      } else {
        throw new AllocatorUnavailableException(name, found.detail(), null);
      }
    }
    return known;
  }

  private void print(String line) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private PythonProgram program() {
    if (code != null && module != null) {
      throw new IllegalArgumentException("-c and -m exclude each other");
    }
    if (code != null) {
      return new PythonProgram(PythonProgram.Kind.CODE, code, words);
    }
    if (module != null) {
      return new PythonProgram(PythonProgram.Kind.MODULE, module, words);
    }
    if (words.isEmpty()) {
      throw new IllegalArgumentException("nothing to run: give a FILE, -c CODE or -m MODULE");
    }
    return new PythonProgram(
        PythonProgram.Kind.FILE, words.getFirst(), words.subList(1, words.size()));
  }
}
