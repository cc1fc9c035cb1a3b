package org.ouroboros.benchmarks.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs a {@link WorkloadWorker} in a JVM of its own. */
final class WorkloadFork {

  /**
   * The heap is small, touched at the start and never resized, so that the resident size is the
   * allocator's; there is next to no garbage.
   */
  private static final List<String> FLAGS =
      List.of(
          "-Xms64m",
          "-Xmx64m",
          "-XX:+AlwaysPreTouch",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-XX:-CreateCoredumpOnCrash",
          "--enable-native-access=ALL-UNNAMED");

  private static final int MAX_ERROR = 200;

  private final List<String> flags = new ArrayList<>(FLAGS);
  private final int threads;
  private final double scale;

  WorkloadFork(int threads, double scale, List<String> more) {
    this.threads = threads;
    this.scale = scale;
    flags.addAll(more);
  }

  List<String> flags() {
    return List.copyOf(flags);
  }

  /**
   * Starts the JVM and waits for its end.
   *
   * @throws IOException if it failed; the message is one line
   */
  Run run(Workload workload, String allocator) throws IOException {
    Process process =
        new ProcessBuilder(command(workload, allocator)).redirectErrorStream(true).start();
    Thread killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    try {
      return read(process, workload.name() + " on " + allocator);
    } finally {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(killer);
    }
  }

  private List<String> command(Workload workload, String allocator) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-XX:ErrorFile=" + Path.of(System.getProperty("java.io.tmpdir"), "hs_err_%p.log"));
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith("ouroboros.native.")) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(WorkloadWorker.class.getName());
    command.addAll(
        List.of(workload.name(), allocator, Integer.toString(threads), Double.toString(scale)));
    return command;
  }

  private static Run read(Process process, String what) throws IOException {
    List<String> lines;
    try (BufferedReader reader = process.inputReader();
        Stream<String> all = reader.lines()) {
      lines = all.toList();
    }
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("ok") && words.length == 4) {
        return new Run(
            Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
      }
      if (words[0].equals("failed")) {
        throw new IOException(what + ": " + line.substring("failed ".length()));
      }
    }
    String said = String.join("; ", lines);
    throw new IOException(
        what + ": the JVM died: " + said.substring(0, Math.min(MAX_ERROR, said.length())));
  }
}
