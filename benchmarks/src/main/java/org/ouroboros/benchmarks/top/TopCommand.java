package org.ouroboros.benchmarks.top;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.statistics.ProcessStatistics;
import org.ouroboros.allocator.statistics.StatisticsException;
import org.ouroboros.allocator.statistics.StatisticsReader;
import org.ouroboros.allocator.statistics.StatisticsSnapshot;
import org.ouroboros.benchmarks.command.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code top}. Exit codes: 0 if the process was followed to its end, or its figures
 * were shown once, 2 if the arguments or the file are not valid.
 */
@Command(
    name = "top",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows the allocators and heaps of another process, which was started with"
          + " -Douroboros.stats=true or =FILE (or the variable OUROBOROS_STATS), again and again"
          + " until it ends; of one that has ended, its last figures.",
      "Sizes are in MiB. A heap writes its figures when it collects, and when its owner says so."
    })
public final class TopCommand implements Callable<Integer> {

  private static final double MOST_SECONDS = 86_400;
  private static final double MILLIS = 1000;

  /** Home, and erase what is below: the page stays in its place. */
  private static final String CLEAR = "\033[H\033[J";

  @Parameters(
      paramLabel = "PID|FILE",
      description = "the process, or its statistics file if that is not in the default place")
  private String target = "";

  @Option(
      names = "--interval",
      paramLabel = "S",
      defaultValue = "1",
      description = "seconds between pages (default: ${DEFAULT-VALUE})")
  private double interval;

  @Option(names = "--once", description = "show one page and end")
  private boolean once;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (!(interval > 0 && interval <= MOST_SECONDS)) {
      return invalid(
          "an interval of " + interval + " seconds: it must be more than 0, up to a day");
    }
    boolean byProcess = target.chars().allMatch(c -> c >= '0' && c <= '9');
    try (StatisticsReader reader = StatisticsReader.open(file(byProcess))) {
      follow(reader);
      return Exit.OK;
    } catch (StatisticsException e) {
      boolean missing = byProcess && e.kind() == StatisticsException.Kind.NOT_READABLE;
      return invalid(
          missing
              ? e.getMessage() + " Was the process started with -Douroboros.stats=true?"
              : e.getMessage());
    } catch (InvalidPathException | NumberFormatException e) {
      return invalid("neither a process id nor a path: '" + target + "'");
    }
  }

  private int invalid(@Nullable String message) {
    return Exit.complain(spec, message, Exit.INVALID);
  }

  private Path file(boolean byProcess) {
    return byProcess ? ProcessStatistics.defaultFile(Long.parseLong(target)) : Path.of(target);
  }

  private void follow(StatisticsReader reader) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    String between = isTerminal() ? CLEAR : System.lineSeparator();
    @Nullable StatisticsSnapshot before = null;
    while (true) {
      StatisticsSnapshot now = reader.read();
      if (before != null) {
        out.print(between);
      }
      new TopPage(now, before, System.currentTimeMillis()).lines().forEach(out::println);
      out.flush();
      if (once || now.state() != StatisticsSnapshot.State.RUNNING) {
        return;
      }
      before = now;
      Thread.sleep(Math.max(1, Math.round(interval * MILLIS)));
    }
  }

  @SuppressWarnings("SystemConsoleNull") // it is null again, from release 25 on
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
