package org.ouroboros.benchmarks.graph;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.command.OutputOptions;
import org.ouroboros.benchmarks.command.SpaceOptions;
import org.ouroboros.benchmarks.replay.Progress;
import org.ouroboros.collector.HeapException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Parameters(
      paramLabel = "GRAPH",
      description = "a .graph.gz file or the name of a bundled graph; default: all of those")
  private List<String> graphs = new ArrayList<>();

  @Mixin private SpaceOptions heaps = new SpaceOptions();

  @Option(names = "--experiments-only", description = "do not take times")
  private boolean experimentsOnly;

  @Mixin private OutputOptions output = new OutputOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Progress progress = new Progress(spec.commandLine().getErr(), Progress.isTerminal());
    int code;
    String message;
    try {
      return collect(progress);
    } catch (IOException | IllegalArgumentException e) {
      code = Exit.INVALID;
      message = e.getMessage();
    } catch (HeapException | AllocatorException | WrongCountException e) {
      code = Exit.FAILED;
      message = e.getMessage();
    } catch (OutOfMemoryError e) {
      code = Exit.FAILED;
      message = "the heap of this JVM is too small for the graph; enlarge it with -Xmx";
    }
    progress.end();
    return Exit.complain(spec, message, code);
  }

  private int collect(Progress progress) throws IOException {
    SpaceChoice choice = SpaceChoice.of(heaps.space(), heaps.mode());
    try (OutputOptions.Outputs files = output.open()) {
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
      files.json().write(GraphJson.of(results));
      files.report().write(GraphReport.of(results, notes));
      return results.stream().allMatch(GraphResult::isOk) ? 0 : Exit.FAILED;
    }
  }
}
