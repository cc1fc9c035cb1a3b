package org.ouroboros.benchmarks.graph;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.benchmarks.replay.OptionalOutput;
import org.ouroboros.benchmarks.replay.Progress;
import org.ouroboros.collector.HeapException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code graph}. Exit codes: 0 if all experiments came out as the files say, 1 if one
 * did not or a heap failed, 2 if the arguments or a file are not valid, in which case there is one
 * line on the error output and nothing else.
 */
@Command(
    name = "graph",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Loads object graphs of real programs into a heap and collects them.",
      "Without arguments: all bundled graphs, on the paged space."
    })
public final class GraphCommand implements Callable<Integer> {

  private static final int FAILED = 1;
  private static final int INVALID = 2;

  @Parameters(
      paramLabel = "GRAPH",
      description = "a .graph.gz file or the name of a bundled graph; default: all of those")
  private List<String> graphs = new ArrayList<>();

  @Option(
      names = "--space",
      paramLabel = "SPACE",
      defaultValue = "paged",
      description = "where objects lie: 'paged' (the default) or 'allocator:NAME'")
  private String space = "paged";

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "normal",
      description = "how much misuse heaps detect: normal (the default), checked or debug")
  private String mode = "normal";

  @Option(names = "--experiments-only", description = "do not take times")
  private boolean experimentsOnly;

  @Option(names = "--json", paramLabel = "FILE", description = "write results as JSON Lines")
  private @Nullable Path json;

  @Option(names = "--report", paramLabel = "FILE", description = "write an HTML report")
  private @Nullable Path report;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Progress progress = new Progress(err, Progress.isTerminal());
    int code;
    String message;
    try {
      return collect(progress);
    } catch (IOException | IllegalArgumentException e) {
      code = INVALID;
      message = e.getMessage();
    } catch (HeapException | AllocatorException | WrongCountException e) {
      code = FAILED;
      message = e.getMessage();
    } catch (OutOfMemoryError e) {
      code = FAILED;
      message = "the heap of this JVM is too small for the graph; enlarge it with -Xmx";
    }
    progress.end();
    err.println("graph: " + String.valueOf(message).replaceAll("\\R", " "));
    err.flush();
    return code;
  }

  private int collect(Progress progress) throws IOException {
    SpaceChoice choice = SpaceChoice.of(space, mode);
    try (OptionalOutput jsonFile = OptionalOutput.open(json);
        OptionalOutput reportFile = OptionalOutput.open(report)) {
      List<GraphInput> inputs = GraphInput.find(graphs);
      // all files are read before anything is said, so that a broken one is the only thing told;
      // a single one is read once, as it may be a pipe, several would not fit together
      Graph single = inputs.size() == 1 ? inputs.getFirst().decode() : null;
      for (GraphInput input : single == null ? inputs : List.<GraphInput>of()) {
        input.decode();
      }
      PrintWriter out = spec.commandLine().getOut();
      GraphRun run = new GraphRun(choice, !experimentsOnly, progress);
      List<GraphResult> results = new ArrayList<>();
      for (GraphInput input : inputs) {
        GraphResult result = run.run(single == null ? input.decode() : single);
        progress.end();
        GraphTable.print(result, out);
        results.add(result);
      }
      List<String> notes = GraphNotes.lines(choice, !experimentsOnly);
      notes.forEach(out::println);
      out.flush();
      jsonFile.write(GraphJson.of(results));
      reportFile.write(GraphReport.of(results, notes));
      return results.stream().allMatch(GraphResult::isOk) ? 0 : FAILED;
    }
  }
}
