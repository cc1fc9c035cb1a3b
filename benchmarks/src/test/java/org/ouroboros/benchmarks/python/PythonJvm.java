package org.ouroboros.benchmarks.python;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ouroboros.benchmarks.Main;

/** A forked JVM with CPython in it. */
final class PythonJvm {

  private static final long SECONDS = 120;

  private PythonJvm() {}

  /**
   * What a JVM said and how it ended.
   *
   * @param code its exit code
   * @param out its output
   * @param err its error output
   */
  record Ended(int code, String out, String err) {}

  /** Skips the test where CPython is not installed. */
  static void assumeInstalled() {
    String reason = "";
    try {
      PythonLibrary.open(PythonLibrary.NAME).home();
    } catch (PythonException e) {
      reason = String.valueOf(e.getMessage());
    }
    assumeTrue(reason.isEmpty(), reason);
  }

  /** The command {@code python}. */
  static Ended command(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("python"));
    all.addAll(List.of(arguments));
    return main(Main.class, environment, all);
  }

  /** A main class, in a JVM with native access. */
  static Ended main(Class<?> main, Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("python", ".out");
    Path err = Files.createTempFile("python", ".err");
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("--enable-native-access=ALL-UNNAMED");
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
      command.addAll(arguments);
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("PYTHON"));
      builder.environment().putAll(environment);
      Process process = builder.start();
      try {
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
          throw new IOException(command + " did not end in " + SECONDS + " s");
        }
      } finally {
        process.destroyForcibly();
      }
      return new Ended(
          process.exitValue(),
          Files.readString(out, StandardCharsets.ISO_8859_1),
          Files.readString(err, StandardCharsets.ISO_8859_1));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
