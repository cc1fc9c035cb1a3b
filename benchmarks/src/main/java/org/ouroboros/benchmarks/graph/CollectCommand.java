package org.ouroboros.benchmarks.graph;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.command.SpaceOptions;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.MachineFacts;
import org.ouroboros.benchmarks.replay.Progress;
import org.ouroboros.benchmarks.replay.TextTable;
import org.ouroboros.collector.HeapException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code collect}. Exit codes: 0 if all was timed, 1 if a heap failed, 2 if the
 * arguments are not valid, in which case there is one line on the error output and nothing else.
 */
@Command(
    name = "collect",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Times full collections, and CPython's of the same graphs in turns with them.",
      "A case is a shape (rings, nested, ring, random2, tree, web, lists), a shape with its size",
      "(ring:10000), or a graph as for the command graph. Without arguments: all shapes and all",
      "bundled graphs."
    })
public final class CollectCommand implements Callable<Integer> {

  private static final int MOST_PAIRS = 1000;
  private static final int MOST_SECONDS = 3600;
  private static final int WARM_UP_ROUNDS = 3;
  private static final String PYTHON = "python3";
  private static final int MILLION = 1_000_000;

  @Parameters(paramLabel = "CASE", description = "what to time; default: everything")
  private List<String> cases = new ArrayList<>();

  @Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "10",
      description = "rounds of each side, 10 by default")
  private int pairs = 10;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description = "how long each case is run before, 3 by default")
  private int warmUp = 3;

  @Option(
      names = "--python",
      paramLabel = "PROGRAM",
      defaultValue = PYTHON,
      description = "the peer, python3 by default; 'none' for no peer")
  private String python = PYTHON;

  @Mixin private SpaceOptions heaps = new SpaceOptions();

  @Option(
      names = "--marking-threads",
      paramLabel = "N",
      defaultValue = "1",
      description = {
        "threads that mark, 1 by default. With more of them the peer is not CPython, but the same",
        "with one thread, in the same process"
      })
  private int markingThreads = 1;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Progress progress = new Progress(spec.commandLine().getErr(), Progress.isTerminal());
    int code;
    String message;
    try {
      Exit.check(pairs >= 1 && pairs <= MOST_PAIRS, "--pairs takes 1 to " + MOST_PAIRS);
      Exit.check(warmUp >= 0 && warmUp <= MOST_SECONDS, "--warm-up takes 0 to " + MOST_SECONDS);
      time(progress);
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      code = Exit.INVALID;
      message = e.getMessage();
    } catch (HeapException | AllocatorException | WrongCountException e) {
      code = Exit.FAILED;
      message = e.getMessage();
    }
    progress.end();
    return Exit.complain(spec, message, code);
  }

  private void time(Progress progress) throws IOException {
    SpaceChoice choice = SpaceChoice.of(heaps.space(), heaps.mode());
    boolean threaded = markingThreads != 1;
    List<CollectCase> found = find(choice.withMarkingThreads(markingThreads));
    List<CollectCase> peers = threaded ? find(choice) : List.of();
    TextTable table = new TextTable().row(CollectRow.HEAD);
    String version = "";
    try (PythonPeer peer = new PythonPeer(python)) {
      if (!threaded && !python.equals("none")) {
        version = peer.version();
        Exit.check(
            !version.isEmpty() || python.equals(PYTHON),
            "'" + python + "' cannot be run; --python takes a program, or none");
      }
      for (int i = 0; i < found.size(); i++) {
        CollectCase one = found.get(i);
        progress.phase(one.name());
        progress.at(0, "warming up");
        warmUp(one);
        if (threaded) {
          warmUp(peers.get(i));
        }
        CollectRow row = new CollectRow(one);
        for (int pair = 0; pair < pairs; pair++) {
          progress.at((double) pair / pairs, "pair " + (pair + 1));
          CollectTimes own = one.round();
          if (threaded) {
            row.add(own, peers.get(i).round());
          } else {
            row.add(own, version.isEmpty() ? null : peer.round(one));
          }
        }
        progress.end();
        table.row(row.cells());
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    table.lines().forEach(out::println);
    out.println(notes(version));
    out.println(MachineFacts.read());
    out.flush();
  }

  private void warmUp(CollectCase one) {
    long begin = System.nanoTime();
    for (int i = 0;
        i < WARM_UP_ROUNDS || System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(warmUp);
        i++) {
      one.round();
    }
  }

  private String notes(String version) {
    return "ns an object, median and least of "
        + pairs
        + " rounds. live: a full collection with everything held, median of 5 after one that does"
        + " not count. dead: letting go, with automatic collection on, and the full collection"
        + " after it. Peer: "
        + peerNotes(version)
        + "; times faster: median of the pairs' ratios and its 95 % bootstrap bound. Space "
        + heaps.space()
        + ", mode "
        + heaps.mode()
        + ", marking threads "
        + markingThreads
        + "; warm-up "
        + Figures.count(warmUp)
        + " s a case in the same JVM.";
  }

  private String peerNotes(String version) {
    if (markingThreads != 1) {
      return "one marking thread, in turns in the same process";
    }
    return version.isEmpty() ? "none" : version + ", a process a round, in turns";
  }

  private List<CollectCase> find(SpaceChoice choice) throws IOException {
    List<CollectCase> found = new ArrayList<>();
    List<String> graphs = new ArrayList<>(cases);
    if (cases.isEmpty()) {
      for (Shape shape : Shape.values()) {
        found.add(new ShapeCase(shape, size(shape), choice));
      }
    }
    for (String name : cases) {
      for (Shape shape : Shape.values()) {
        String[] parts = name.split(":", 2);
        if (parts[0].equals(shape.function())) {
          graphs.remove(name);
          int size = parts.length == 1 ? size(shape) : size(name, parts[1]);
          found.add(new ShapeCase(shape, size, choice));
        }
      }
    }
    if (cases.isEmpty() || !graphs.isEmpty()) {
      for (GraphInput input : GraphInput.find(graphs)) {
        found.add(new GraphCase(input.decode(), choice));
      }
    }
    return found;
  }

  private static int size(String name, String text) {
    try {
      int size = Integer.parseInt(text.toLowerCase(Locale.ROOT));
      if (size > 0) {
        return size;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException(name + " has no size: a positive number is needed");
  }

  /** The size that the bars are for. */
  private static int size(Shape shape) {
    return switch (shape) {
      case RINGS -> 100;
      case NESTED -> 1000;
      default -> MILLION;
    };
  }
}
