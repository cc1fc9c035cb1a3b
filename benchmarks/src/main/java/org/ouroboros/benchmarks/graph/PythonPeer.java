package org.ouroboros.benchmarks.graph;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** CPython, a process of its own for each round. */
final class PythonPeer implements AutoCloseable {

  private static final String SCRIPT = "collect_peer.py";

  private final String python;
  private final Path scratch;

  /**
   * Looks for it.
   *
   * @param python the program
   * @throws IOException if no temporary folder can be made
   */
  PythonPeer(String python) throws IOException {
    this.python = python;
    this.scratch = Files.createTempDirectory("ouroboros-collect");
    try (InputStream script = PythonPeer.class.getResourceAsStream(SCRIPT)) {
      if (script == null) {
        throw new IOException("this build lacks " + SCRIPT);
      }
      Files.copy(script, scratch.resolve(SCRIPT), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** What it says of itself; an empty text if it cannot be run. */
  String version() throws IOException {
    try {
      return run(List.of(python, "--version")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** Lets it build a case and take the times. */
  CollectTimes round(CollectCase one) throws IOException {
    List<String> command = new ArrayList<>(List.of(python, scratch.resolve(SCRIPT).toString()));
    command.addAll(one.peerArguments(scratch));
    String[] times = run(command).strip().split(" ", -1);
    if (times.length != 4) {
      throw new IOException("the peer failed on " + one.name());
    }
    return new CollectTimes(
        Double.parseDouble(times[0]), Double.parseDouble(times[1]), Double.parseDouble(times[2]));
  }

  private static String run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? output : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(scratch)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
