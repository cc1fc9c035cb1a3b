package org.ouroboros.benchmarks.faq;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A main class in a JVM of its own. */
final class FaqFork {

  private static final int MAX_ERROR = 300;

  /**
   * Few threads, and none that opens files: the container's limits are read from files now and
   * then.
   */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-XX:-UseContainerSupport",
          "-XX:-CreateCoredumpOnCrash",
          "--enable-native-access=ALL-UNNAMED");

  private FaqFork() {}

  /**
   * How a JVM ended.
   *
   * @param code its exit code
   * @param lines what it wrote on both outputs
   */
  record Ended(int code, List<String> lines) {

    /** The last that it said, in one line. */
    String last() {
      String said = String.join("; ", lines);
      return said.substring(Math.max(0, said.length() - MAX_ERROR));
    }
  }

  /**
   * Runs it to its end.
   *
   * @return what came of it
   * @throws IOException if it cannot be started
   */
  static Ended run(Class<?> main, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.add("-XX:ErrorFile=" + Path.of(System.getProperty("java.io.tmpdir"), "hs_err_%p.log"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        Stream<String> lines = reader.lines()) {
      List<String> all = lines.toList();
      return new Ended(process.waitFor(), all);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + main.getSimpleName() + " ran", e);
    } finally {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(killer);
    }
  }
}
