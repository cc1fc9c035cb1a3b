package org.ouroboros.benchmarks.faq;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.command.OptionalOutput;
import org.ouroboros.benchmarks.replay.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code faq}. Exit codes: 0 if every stop went as it says, or was skipped because this
 * machine lacks what it needs; 1 if one failed; 2 if the arguments are not valid.
 */
@Command(
    name = "faq",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Python's FAQ on memory as a tour: what it says, a small program that shows it, and what the"
          + " program printed. All stops together take half a minute to two.",
      "Stops: counting, cycle, gc, files, errors, handles, embed, traditional."
    })
public final class FaqCommand implements Callable<Integer> {

  @Parameters(paramLabel = "STOP", arity = "0..*", description = "stops (default: all)")
  private List<String> labels = new ArrayList<>();

  @Option(names = "--report", paramLabel = "FILE.html", description = "write a page with charts")
  private @Nullable Path report;

  @Option(names = "--page", paramLabel = "FILE.md", description = "write the page as Markdown")
  private @Nullable Path page;

  @Spec private CommandSpec spec;

  /** For picocli. */
  public FaqCommand() {}

  @Override
  public Integer call() {
    List<Stop> stops;
    try {
      stops = Stops.of(labels);
    } catch (IllegalArgumentException e) {
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    }
    try (OptionalOutput html = OptionalOutput.open(report);
        OptionalOutput markdown = OptionalOutput.open(page)) {
      List<Visit> visits = visits(stops);
      html.write(FaqPages.html(visits));
      markdown.write(FaqPages.markdown(visits));
      return visits.stream().allMatch(visit -> visit.failure() == null) ? 0 : Exit.FAILED;
    } catch (IOException e) {
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    }
  }

  private List<Visit> visits(List<Stop> stops) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    boolean watched = Progress.isTerminal();
    Progress progress = new Progress(spec.commandLine().getErr(), watched);
    List<Visit> visits = new ArrayList<>();
    for (Stop stop : stops) {
      if (watched) {
        progress.phase("faq");
        progress.at((double) visits.size() / stops.size(), stop.label() + ": " + stop.title());
      }
      Visit visit = Visit.of(stop);
      if (watched) {
        progress.end();
      }
      visits.add(visit);
      FaqPages.text(visit).forEach(out::println);
      out.flush();
      if (visit.failure() != null) {
        Exit.complain(spec, stop.label() + " failed: " + visit.failure(), Exit.FAILED);
      }
    }
    return visits;
  }
}
