package org.ouroboros.benchmarks.latency;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a {@link LatencyWorker} in a JVM of its own. */
final class LatencyFork {

  /** A heap that never changes and is touched; no garbage is made while calls are timed. */
  static final List<String> FLAGS =
      List.of(
          "-Xms64m",
          "-Xmx64m",
          "-XX:+AlwaysPreTouch",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED");

  private LatencyFork() {}

  /**
   * Runs a plan.
   *
   * @param wrapper what runs the JVM, such as a tracer with its options; empty for nothing
   * @return the worker's line without its first word
   * @throws IOException if the worker failed; the message is one line
   */
  static String run(Plan plan, List<String> wrapper) throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith("ouroboros.native.")) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(LatencyWorker.class.getName());
    command.addAll(plan.arguments());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output;
    try (var out = process.getInputStream()) {
      output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroy();
    }
    return output
        .lines()
        .filter(line -> line.startsWith("ok "))
        .map(line -> line.substring("ok ".length()))
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    plan.allocator()
                        + " failed: "
                        + output.lines().findFirst().orElse("the forked JVM said nothing")));
  }
}
