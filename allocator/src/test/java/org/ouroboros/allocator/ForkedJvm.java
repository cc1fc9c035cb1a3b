package org.ouroboros.allocator;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a main class of the tests in a JVM of its own: with other options, or under limits of the
 * operating system. It has this module and its tests on the class path, and nothing else.
 */
public final class ForkedJvm {

  /** Lets the forked JVM call native code. */
  public static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

  private static final long TIMEOUT_SECONDS = 60;

  private ForkedJvm() {}

  /**
   * Runs a main class.
   *
   * @param main the class
   * @param options of the JVM
   * @return what became of it
   */
  public static Result run(Class<?> main, String... options) throws Exception {
    return run("", main, options);
  }

  /**
   * Runs a main class under a shell.
   *
   * @param setUp shell commands that come first, each ended by a semicolon
   * @param main the class
   * @param options of the JVM
   * @return what became of it
   */
  public static Result run(String setUp, Class<?> main, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", setUp + "exec \"$0\" \"$@\""));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-cp", classPath()));
    command.addAll(List.of(options));
    command.add(main.getName());
    Path out = Files.createTempFile("forked-", ".out");
    Path err = Files.createTempFile("forked-", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      // They make the JVM itself write to standard error.
      builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
      Process process = builder.start();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("no end after " + TIMEOUT_SECONDS + " s: " + command);
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /**
   * The class path of the JVMs.
   *
   * @return where this module and its tests are
   */
  public static String classPath() throws Exception {
    return root(Allocator.class) + System.getProperty("path.separator") + root(ForkedJvm.class);
  }

  /** Where a class was read from; a patched module does not tell itself. */
  private static Path root(Class<?> type) throws Exception {
    String name = type.getName().replace('.', '/') + ".class";
    var resource = type.getResource("/" + name);
    if (resource == null) {
      throw new IOException(name + " is not to be found");
    }
    String location = resource.toString();
    String root = location.substring(0, location.length() - name.length());
    return root.startsWith("jar:")
        ? Path.of(URI.create(root.substring("jar:".length(), root.length() - "!/".length())))
        : Path.of(URI.create(root));
  }

  /**
   * What became of a forked JVM.
   *
   * @param exitCode its exit code
   * @param out what it wrote to standard output
   * @param err what it wrote to standard error
   */
  public record Result(int exitCode, String out, String err) {}
}
