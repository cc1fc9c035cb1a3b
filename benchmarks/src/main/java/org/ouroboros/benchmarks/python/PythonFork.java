package org.ouroboros.benchmarks.python;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ouroboros.benchmarks.Main;

/** The command {@code python} in JVMs of their own, since CPython starts once in a process. */
final class PythonFork {

  private static final int MAX_ERROR = 300;

  private final String library;
  private final List<String> flags;

  /** Forks that use a library, with {@code flags} for the JVM. */
  PythonFork(String library, List<String> flags) {
    this.library = library;
    this.flags = List.copyOf(flags);
  }

  /**
   * Runs a program that is a resource beside this class.
   *
   * @return what it wrote on both outputs, in lines
   * @throws IOException if its exit code is not 0; the message is one line
   */
  List<String> run(String allocator, String resource, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:ErrorFile=" + Path.of(System.getProperty("java.io.tmpdir"), "hs_err_%p.log"));
    command.add("-XX:-CreateCoredumpOnCrash");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("python", "--library", library, "--allocator", allocator));
    command.addAll(List.of("-c", Interpreter.resource(resource)));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeAll(List.of("PYTHONMALLOC", "PYTHONDEVMODE", "PYTHONTRACEMALLOC"));
    environment.put("PYTHONHASHSEED", "0"); // the same work every time
    Process process = builder.start();
    Thread killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    try (BufferedReader reader = process.inputReader(StandardCharsets.ISO_8859_1);
        Stream<String> lines = reader.lines()) {
      List<String> all = lines.toList();
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(
            resource + " on " + allocator + " ended with exit code " + code + ": " + last(all));
      }
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + resource + " ran on " + allocator, e);
    } finally {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(killer);
    }
  }

  private static String last(List<String> lines) {
    String said = String.join("; ", lines);
    return said.substring(Math.max(0, said.length() - MAX_ERROR));
  }
}
