package org.ouroboros.benchmarks.program;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.MachineFacts;
import org.ouroboros.benchmarks.replay.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code footprint}. Exit codes: 0 if everything was measured, 1 if a process failed, 2
 * if the arguments are not valid.
 */
@Command(
    name = "footprint",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "What objects of two references take: a doubly linked ring on the collector's heap, and the"
          + " same of Java objects with G1, each in a process of its own."
    })
public final class FootprintCommand implements Callable<Integer> {

  private static final int MOST = 100_000_000;

  /** Java objects take this at most, so that a JVM with a heap so large holds them. */
  private static final long MOST_EACH = 64;

  private static final int FIGURES = 2;

  private static final List<Subject> SUBJECTS =
      List.of(Subject.OUROBOROS, Subject.G1, Subject.G1_COMPACT);

  @Option(
      names = "--objects",
      paramLabel = "N",
      defaultValue = "4000000",
      description = "how many objects (default: ${DEFAULT-VALUE})")
  private int objects;

  @Spec private CommandSpec spec;

  /** For picocli. */
  public FootprintCommand() {}

  @Override
  public Integer call() {
    if (objects < 1 || objects > MOST) {
      return Exit.complain(spec, "--objects takes 1 to " + MOST, Exit.INVALID);
    }
    try {
      measure();
      return 0;
    } catch (IOException e) {
      return Exit.complain(spec, String.valueOf(e.getMessage()), Exit.FAILED);
    }
  }

  private void measure() throws IOException {
    TextTable table =
        new TextTable()
            .row(
                "on", "used MiB", "bytes each", "ours/it", "resident MiB", "bytes each", "ours/it");
    List<String> notes = new ArrayList<>();
    long[] ours = new long[FIGURES];
    for (Subject subject : SUBJECTS) {
      List<String> flags = new ArrayList<>(subject.flags());
      long[] found = fork(subject, flags);
      if (subject.isOurs()) {
        ours = found;
      } else {
        // as in the other programs: a heap of twice what is alive
        flags.add("-Xmx" + Launch.heapMib(found[0]) + "m");
        found = fork(subject, flags);
      }
      notes.add(subject.label() + ": " + String.join(" ", flags));
      table.row(
          subject.label(),
          Figures.mebibytes(found[0]),
          each(found[0]),
          Figures.ratio((double) ours[0] / found[0]),
          Figures.mebibytes(found[1]),
          each(found[1]),
          Figures.ratio((double) ours[1] / found[1]));
    }
    PrintWriter out = spec.commandLine().getOut();
    table.lines().forEach(out::println);
    out.println(
        Figures.count(objects)
            + " objects of two references, all alive. Used: after a full collection; on our heap"
            + " committed memory and all tables. Resident: growth of VmRSS, everything the process"
            + " has in it.");
    notes.forEach(out::println);
    out.println(MachineFacts.read());
    out.flush();
  }

  private long[] fork(Subject subject, List<String> flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-Xms16m");
    if (flags.stream().noneMatch(flag -> flag.startsWith("-Xmx"))) {
      command.add("-Xmx" + Launch.heapMib(objects * MOST_EACH) + "m");
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(FootprintWorker.class.getName());
    command.add(subject.isOurs() ? FootprintWorker.HEAP : FootprintWorker.JAVA);
    command.add(Integer.toString(objects));
    String[] words = ProgramFork.words(command, "footprint on " + subject.label());
    try {
      return new long[] {Long.parseLong(words[0]), Long.parseLong(words[1])};
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IOException("footprint: cannot be read: " + String.join(" ", words), e);
    }
  }

  private String each(long bytes) {
    return Figures.fixed((double) bytes / objects, 1);
  }
}
