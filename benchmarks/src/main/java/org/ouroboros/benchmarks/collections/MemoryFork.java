package org.ouroboros.benchmarks.collections;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ouroboros.benchmarks.collections.CollectionUnderTest.Maker;

/** Runs {@link MemoryWorker}s in JVMs of their own, whose heap is twice what is alive on it. */
final class MemoryFork {

  private static final int PLENTY_MIB = 2048;
  private static final int LEAST_MIB = 16;

  private MemoryFork() {}

  /** What a collection takes. */
  record Usage(long residentBytes, int heapMib) {}

  /**
   * Measures a collection; a run before tells how much Java heap it needs.
   *
   * @throws IOException if a fork failed
   */
  static Usage measure(Subject subject, Maker maker, int entries) throws IOException {
    long live = run(subject, maker, entries, PLENTY_MIB)[1];
    int heapMib = (int) Math.max(LEAST_MIB, 2 * live + (1 << 20) - 1 >> 20);
    return new Usage(run(subject, maker, entries, heapMib)[0], heapMib);
  }

  private static long[] run(Subject subject, Maker maker, int entries, int heapMib)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + heapMib + "m",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            MemoryWorker.class.getName(),
            subject.name(),
            maker.name(),
            Integer.toString(entries)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output;
    try (var out = process.getInputStream()) {
      output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroy();
    }
    String line =
        output
            .lines()
            .filter(l -> l.startsWith("ok "))
            .findFirst()
            .orElseThrow(
                () ->
                    new IOException(
                        subject
                            + " of "
                            + maker
                            + ": "
                            + output.lines().findFirst().orElse("the forked JVM said nothing")));
    String[] words = line.split(" ", -1);
    return new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])};
  }
}
