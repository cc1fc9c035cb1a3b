package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The mappings of this process, as Linux tells them in {@code /proc/self/smaps}. */
public final class Smaps {

  private static final Path SMAPS = Path.of("/proc/self/smaps");
  private static final String RSS = "Rss:";

  private Smaps() {}

  /** Chooses mappings. */
  @FunctionalInterface
  public interface Choice {

    /**
     * Whether a mapping counts.
     *
     * @param begin its first address
     * @param end the first address behind it
     * @param name what the kernel says it is of; empty for memory of the process itself
     * @return whether it does
     */
    boolean takes(long begin, long end, String name);
  }

  /**
   * What is resident of some mappings. One that the kernel has merged with a neighbour counts in
   * full.
   *
   * @param choice which
   * @return bytes
   * @throws IOException if that cannot be read, as elsewhere than on Linux
   */
  public static long resident(Choice choice) throws IOException {
    long[] total = {0};
    boolean[] taken = {false};
    try (Stream<String> lines = Files.lines(SMAPS)) {
      lines.forEach(
          line -> {
            if (line.startsWith(RSS)) {
              total[0] += taken[0] ? kibibytes(line) : 0;
            } else if (isMapping(line)) {
              taken[0] = takes(choice, line);
            }
          });
    }
    return total[0];
  }

  /** A line {@code begin-end perms ...} in lower-case hexadecimal; the others begin with a name. */
  private static boolean isMapping(String line) {
    return line.indexOf('-') > 0 && line.indexOf('-') < line.indexOf(' ');
  }

  private static boolean takes(Choice choice, String line) {
    int dash = line.indexOf('-');
    int blank = line.indexOf(' ');
    int path = line.indexOf('/');
    return choice.takes(
        Long.parseUnsignedLong(line, 0, dash, 16),
        Long.parseUnsignedLong(line, dash + 1, blank, 16),
        path < 0 ? "" : line.substring(path));
  }

  private static long kibibytes(String line) {
    return Long.parseLong(line.substring(RSS.length(), line.lastIndexOf(' ')).trim()) << 10;
  }
}
