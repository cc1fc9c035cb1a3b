package org.ouroboros.benchmarks.pauses;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;

/**
 * Runs a {@link PausesWorker} in a JVM of its own. The Java heap of a peer is twice what the
 * population takes, which is measured first, in a JVM with the default limit.
 */
final class PausesFork {

  private static final long LEAST_HEAP_MIB = 16;
  private static final double MEBIBYTE = 1 << 20;
  private static final int MAX_ERROR = 200;

  private final List<String> moreFlags;
  private final Map<Mode, List<String>> flags = new EnumMap<>(Mode.class);

  PausesFork(List<String> moreFlags) {
    this.moreFlags = List.copyOf(moreFlags);
  }

  /** Chooses the flags of a mode's JVM; for a peer this takes a run. */
  void choose(Plan plan) throws IOException {
    List<String> all = new ArrayList<>(plan.mode().flags());
    all.addAll(moreFlags);
    if (!plan.mode().isHeap()) {
      String last = lines(all, PausesWorker.LIVE, plan).getLast();
      long live = Long.parseLong(last.substring("ok ".length()));
      long mebibytes = (long) Math.ceil(2 * live / MEBIBYTE);
      all.addFirst("-Xmx" + Math.max(LEAST_HEAP_MIB, mebibytes) + "m");
    }
    flags.put(plan.mode(), all);
  }

  /** The flags that were chosen. */
  List<String> flags(Mode mode) {
    return flags.getOrDefault(mode, mode.flags());
  }

  /**
   * Makes a run.
   *
   * @throws IOException if it failed; the message is one line
   */
  Run run(Plan plan) throws IOException {
    try {
      return Run.decode(lines(flags(plan.mode()), PausesWorker.RUN, plan));
    } catch (DataFormatException | IllegalArgumentException e) {
      throw new IOException(plan.mode().label() + ": its figures cannot be read: " + e, e);
    }
  }

  private static List<String> lines(List<String> flags, String task, Plan plan) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-XX:ErrorFile=" + Path.of(System.getProperty("java.io.tmpdir"), "hs_err_%p.log"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(PausesWorker.class.getName());
    command.add(task);
    command.addAll(plan.arguments());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    List<String> lines;
    try (BufferedReader reader = process.inputReader();
        Stream<String> all = reader.lines()) {
      lines = all.toList();
    } finally {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(killer);
    }
    return checked(lines, plan.mode().label());
  }

  private static List<String> checked(List<String> lines, String what) throws IOException {
    String last = lines.isEmpty() ? "" : lines.getLast();
    if (last.equals("ok") || last.startsWith("ok ")) {
      return lines;
    }
    if (last.startsWith("failed ")) {
      throw new IOException(what + ": " + last.substring("failed ".length()));
    }
    String said = String.join("; ", lines);
    throw new IOException(
        what + ": the process died: " + said.substring(0, Math.min(MAX_ERROR, said.length())));
  }
}
