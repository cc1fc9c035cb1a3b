package org.ouroboros.benchmarks.program;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same programs in other languages: their sources are resources, run by the machine's own
 * {@code python3}, or compiled by its own {@code cc} into a temporary folder. What is not to be had
 * is told with the reason, and left out.
 */
final class Peers {

  private static final String PYTHON = "python3";
  private static final int MAX_REASON = 160;

  private final Map<String, List<String>> commands = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  /** What prints a line of which the version is known. */
  private record Output(int exitCode, String text) {

    String firstLine() {
      String line = text.lines().filter(one -> !one.isBlank()).findFirst().orElse("no message");
      return line.substring(0, Math.min(MAX_REASON, line.length()));
    }
  }

  /** Gets a program ready for a subject, if it can be. */
  void prepare(Program program, Subject subject, Path scratch) throws IOException {
    switch (subject.kind()) {
      case PYTHON -> preparePython(program, subject, scratch);
      case C -> prepareBoehm(program, subject, scratch);
      default -> throw new IllegalArgumentException(subject.label() + " needs no preparation");
    }
  }

  /** What runs a program, without its sizes; empty if it is not to be had. */
  List<String> command(Program program, Subject subject) {
    return commands.getOrDefault(key(program, subject), List.of());
  }

  /** What was found, and what was not and why, a line each. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  private void preparePython(Program program, Subject subject, Path scratch) throws IOException {
    Path script = resource(program.name() + ".py", scratch);
    Output version = output(List.of(PYTHON, "--version"));
    if (version.exitCode() != 0) {
      note("cpython: unavailable: no " + PYTHON + " runs here: " + version.firstLine());
      return;
    }
    note("cpython: " + version.firstLine());
    commands.put(key(program, subject), List.of(PYTHON, script.toString()));
  }

  private void prepareBoehm(Program program, Subject subject, Path scratch) throws IOException {
    Path source = resource(program.name() + ".c", scratch);
    Path binary = scratch.resolve(program.name());
    Output compiled =
        output(List.of("cc", "-O2", "-o", binary.toString(), source.toString(), "-lgc"));
    if (compiled.exitCode() != 0) {
      note("boehm: unavailable: cc with libgc (libgc-dev) is needed: " + compiled.firstLine());
      return;
    }
    note("boehm: libgc " + output(List.of(binary.toString(), "version")).firstLine() + ", cc -O2");
    commands.put(key(program, subject), List.of(binary.toString()));
  }

  private void note(String line) {
    if (!notes.contains(line)) {
      notes.add(line);
    }
  }

  private static Path resource(String name, Path scratch) throws IOException {
    Path file = scratch.resolve(name);
    try (InputStream in = Peers.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("this build lacks " + name);
      }
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  private static Output output(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Output(process.waitFor(), text);
    } catch (IOException e) {
      return new Output(-1, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Output(-1, "interrupted");
    }
  }

  private static String key(Program program, Subject subject) {
    return program.name() + " " + subject.label();
  }
}
