package org.ouroboros.benchmarks.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link BufferPattern} took on an allocator.
 *
 * @param live bytes that live buffers were asked for
 * @param peak bytes resident at the most, above what was before
 * @param after bytes resident when three of four were released
 * @param heap bytes of Java heap: buffers and tables
 */
record BufferMemory(long live, long peak, long after, long heap) {

  /** The heap is touched at the start, so that the resident size is the allocator's. */
  private static final List<String> FLAGS =
      List.of(
          "-Xms256m",
          "-Xmx256m",
          "-XX:+AlwaysPreTouch",
          "-XX:+UseSerialGC",
          "-XX:MaxDirectMemorySize=8g",
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private static final int WORDS = 5;

  /** The JVM flags of the forks. */
  static List<String> flags() {
    List<String> flags = new ArrayList<>(FLAGS);
    flags.addAll(Peer.Library.NETTY.flags());
    return flags;
  }

  /** All at the most: resident and on the Java heap. */
  double total() {
    return (double) peak + heap;
  }

  /** Runs the pattern in a JVM of its own. */
  static BufferMemory measure(Peer peer, int live) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(BufferPattern.class.getName(), peer.title(), Integer.toString(live)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    try (BufferedReader output = process.inputReader()) {
      return parse(peer.title(), output.lines().toList());
    } finally {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(killer);
    }
  }

  /** Reads what a fork said. */
  static BufferMemory parse(String what, List<String> lines) throws IOException {
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("ok") && words.length == WORDS) {
        return new BufferMemory(
            Long.parseLong(words[1]),
            Long.parseLong(words[2]),
            Long.parseLong(words[3]),
            Long.parseLong(words[4]));
      }
    }
    throw new IOException(what + ": the JVM died: " + String.join("; ", lines));
  }
}
