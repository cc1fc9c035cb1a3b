package org.ouroboros.benchmarks.faq;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Availability;
import org.ouroboros.allocator.bdwgc.BoehmAllocator;
import org.ouroboros.benchmarks.replay.Scratch;
import org.ouroboros.benchmarks.replay.TextTable;

/** The loop of the FAQ that opens files and never closes them, on real descriptors. */
final class FilesStop implements Stop {

  /** Turns of the loop. */
  static final int TURNS = 2_000;

  /** How many files can be open. */
  static final int LIMIT = 200;

  @Override
  public String label() {
    return "files";
  }

  @Override
  public String title() {
    return "for name in names: f = open(name)";
  }

  @Override
  public String text() {
    return """
    This loop of the FAQ works in CPython, where the assignment drops the file of the turn \
    before, and so closes it. Under other collectors it can run out of file descriptors, since \
    dropped files stay open until the next collection, and a collection comes when memory is \
    short, not when descriptors are.

    Here is the loop on real descriptors, in forked JVMs whose limit of open files was lowered \
    by setrlimit. Those that hit the limit get EMFILE from open, collect, and try again: who \
    does not know this trick crashes here. The count of open files is compared \
    with /proc/self/fd at every EMFILE and every hundred turns.

    Of Boehm's collector: BoehmAllocator has no finalizers and collects when asked only, so \
    libgc's own finalizers are registered by a direct call. In a C program libgc also collects \
    by itself after so many bytes; 200 blocks of 16 bytes are far from that.\
    """;
  }

  @Override
  public List<String> sources() {
    return List.of("ExplicitRegime", "CountingRegime", "JavaRegime", "BoehmRegime", "FilesWorker");
  }

  /**
   * What came of the loop.
   *
   * @param peak the most files that were open
   * @param refused how often the limit was hit
   * @param left how many were open at the end, when the last one had been dropped and all collected
   * @param counts of open files after each turn
   */
  record Outcome(int peak, int refused, int left, int[] counts) {}

  @Override
  public void run(Transcript out) throws SkippedException, IOException {
    if (!Files.isDirectory(Path.of("/proc/self/fd"))) {
      throw new SkippedException("there is no /proc/self/fd here, only Linux has it");
    }
    out.line(TURNS + " turns, at most " + LIMIT + " files open at once; open files:");
    TextTable table = new TextTable().row("closed by", "peak", "at the end", "EMFILE");
    List<String> varying = new ArrayList<>();
    Map<String, int[]> curves = new LinkedHashMap<>();
    for (FilesWorker.Kind kind : FilesWorker.Kind.values()) {
      Availability boehm = Allocators.availability(BoehmAllocator.NAME);
      if (kind == FilesWorker.Kind.BOEHM && !boehm.available()) {
        out.line(kind.words() + " is left out: " + boehm.detail());
        continue;
      }
      Outcome outcome = outcome(kind, TURNS, LIMIT);
      table.row(
          kind.words(),
          Integer.toString(outcome.peak()),
          Integer.toString(outcome.left()),
          outcome.refused() == 0 ? "never" : "yes");
      if (outcome.refused() > 0) {
        varying.add(kind.words() + ": EMFILE " + outcome.refused() + " times");
      }
      curves.put(kind.words(), outcome.counts());
    }
    table.lines().forEach(out::line);
    varying.forEach(out::varying);
    out.chart(SeriesChart.html("Open files after each turn", "turn", curves));
  }

  /** Runs the loop in a JVM of its own. */
  static Outcome outcome(FilesWorker.Kind kind, int turns, int limit) throws IOException {
    try (Scratch scratch = new Scratch()) {
      Path file = Files.writeString(scratch.folder().resolve("resource"), "data");
      FaqFork.Ended ended =
          FaqFork.run(
              FilesWorker.class,
              List.of(
                  kind.label(), Integer.toString(turns), Integer.toString(limit), file.toString()));
      String[] words = ended.lines().isEmpty() ? new String[0] : ended.lines().getLast().split(" ");
      if (words.length != 5 || !words[0].equals("ok")) {
        throw new IOException(kind.words() + ": " + ended.last());
      }
      int[] counts = Arrays.stream(words[4].split(",", -1)).mapToInt(Integer::parseInt).toArray();
      return new Outcome(
          Integer.parseInt(words[1]),
          Integer.parseInt(words[2]),
          Integer.parseInt(words[3]),
          counts);
    }
  }
}
