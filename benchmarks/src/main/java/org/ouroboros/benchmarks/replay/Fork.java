package org.ouroboros.benchmarks.replay;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@link ReplayWorker} in a JVM of its own, seen from the process that drives it. */
final class Fork implements AutoCloseable {

  private static final long EXIT_SECONDS = 5;
  private static final int MAX_STDERR_LINES = 2;

  private final String allocator;
  private final Process process;
  private final Path errors;
  private final BufferedWriter requests;
  private final BufferedReader replies;
  private final Thread killer;

  /** Starts the JVM; it is not waited for. Its error output goes to a file in {@code scratch}. */
  Fork(String allocator, boolean threads, List<String> flags, Path scratch) throws IOException {
    this.allocator = allocator;
    this.errors = Files.createTempFile(scratch, "fork", ".err");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith("ouroboros.") && !name.startsWith("ouroboros.launcher.")) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    command.add("-XX:ErrorFile=" + scratch.resolve("hs_err_%p.log"));
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ReplayWorker.class.getName());
    command.add(allocator);
    command.add(threads ? "threads" : "single");
    process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    requests =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    replies =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Sends a request and waits for its end.
   *
   * @param points takes the lines that come before the last, without their first word
   * @return the words of the last line after {@code ok}
   * @throws VerificationFailure if the worker found the allocator wrong
   * @throws ForkException if the worker failed or died
   */
  String[] request(String request, List<String> points) throws IOException {
    try {
      requests.write(request);
      requests.newLine();
      requests.flush();
    } catch (IOException e) {
      throw died();
    }
    for (String line = replies.readLine(); line != null; line = replies.readLine()) {
      int space = line.indexOf(' ');
      String word = space < 0 ? line : line.substring(0, space);
      String rest = space < 0 ? "" : line.substring(space + 1);
      switch (word) {
        case "ok" -> {
          return rest.isEmpty() ? new String[0] : rest.split(" ", -1);
        }
        case "point" -> points.add(rest);
        case "failed" -> throw new VerificationFailure(rest);
        case "error" -> throw new ForkException(rest);
        default -> {
          // a library that prints: not for us
        }
      }
    }
    throw died();
  }

  String[] request(String request) throws IOException {
    return request(request, new ArrayList<>());
  }

  String allocator() {
    return allocator;
  }

  private ForkException died() {
    String code = "did not end";
    try {
      if (process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
        code = "ended with exit code " + process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new ForkException("the forked JVM " + code + lastErrors());
  }

  private String lastErrors() {
    try (Stream<String> lines = Files.lines(errors, StandardCharsets.ISO_8859_1)) {
      List<String> some =
          lines
              .map(line -> line.replaceAll("^[#\\s]+", ""))
              .filter(line -> !line.isBlank())
              .limit(MAX_STDERR_LINES)
              .toList();
      return some.isEmpty() ? "" : ": " + String.join("; ", some);
    } catch (IOException e) {
      return "";
    }
  }

  /** Ends the JVM. */
  @Override
  public void close() throws IOException {
    try {
      requests.close();
    } catch (IOException e) {
      // it is gone already
    }
    boolean ended = false;
    try {
      ended = process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      process.destroyForcibly();
    }
    replies.close();
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) {
      // shutting down: the hook runs
    }
  }

  /** What a worker's verifying pass found wrong, in one line. */
  static final class VerificationFailure extends IOException {

    private static final long serialVersionUID = 1L;

    VerificationFailure(String message) {
      super(message);
    }
  }
}
