package org.ouroboros.benchmarks.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;

/** Runs a program in a process of its own, and reads the line it ends with. */
final class ProgramFork {

  private static final int FIGURES = 6;
  private static final int HISTOGRAMS = 3;
  private static final int MAX_ERROR = 200;

  private ProgramFork() {}

  /** The command that has a {@link ProgramWorker} do something in a JVM with some flags. */
  static List<String> jvm(List<String> flags, String task, Program program, Subject subject) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-XX:ErrorFile=" + Path.of(System.getProperty("java.io.tmpdir"), "hs_err_%p.log"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ProgramWorker.class.getName());
    command.addAll(List.of(task, program.name(), subject.label()));
    command.addAll(program.sizes().arguments());
    return command;
  }

  /**
   * Starts a process and waits for its end.
   *
   * @param what it does, for messages
   * @return the words after {@code ok}
   * @throws IOException if it failed; the message is one line
   */
  static String[] words(List<String> command, String what) throws IOException {
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
    for (String line : lines) {
      if (line.startsWith("ok ")) {
        return line.substring("ok ".length()).split(" ", -1);
      }
      if (line.startsWith("failed ")) {
        throw new IOException(what + ": " + line.substring("failed ".length()));
      }
    }
    String said = String.join("; ", lines);
    throw new IOException(
        what + ": the process died: " + said.substring(0, Math.min(MAX_ERROR, said.length())));
  }

  /**
   * Runs a program to its end.
   *
   * @throws IOException if it failed; the message is one line
   */
  static Run run(List<String> command, String what) throws IOException {
    String[] words = words(command, what);
    try {
      return new Run(
          Long.parseLong(words[0]),
          Long.parseLong(words[1]),
          Long.parseLong(words[2]),
          Long.parseLong(words[3]),
          Long.parseLong(words[4]),
          Long.parseLong(words[5]),
          words.length < FIGURES + HISTOGRAMS ? new Latencies() : Latencies.decode(words, FIGURES));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException | DataFormatException e) {
      throw new IOException(what + ": its figures cannot be read: " + String.join(" ", words), e);
    }
  }
}
