package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The machine and the JVM in one line. */
public final class MachineFacts {

  private MachineFacts() {}

  /**
   * Reads them.
   *
   * @return the line
   */
  public static String read() {
    return String.join(
        ", ",
        processor() + " x " + Runtime.getRuntime().availableProcessors(),
        memory(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        "transparent huge pages " + hugePages(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
  }

  /** Bytes that could be had without swapping, or {@link Long#MAX_VALUE} where that is not told. */
  static long availableMemory() {
    String kibibytes = field("/proc/meminfo", "MemAvailable", "").replaceAll("\\D", "");
    return kibibytes.isEmpty() ? Long.MAX_VALUE : Long.parseLong(kibibytes) << 10;
  }

  private static String processor() {
    return field("/proc/cpuinfo", "model name", System.getProperty("os.arch"));
  }

  private static String memory() {
    String kibibytes = field("/proc/meminfo", "MemTotal", "").replaceAll("\\D", "");
    return kibibytes.isEmpty()
        ? "memory unknown"
        : Math.round(Long.parseLong(kibibytes) / 1048576.0) + " GiB";
  }

  private static String hugePages() {
    try {
      String modes = Files.readString(Path.of("/sys/kernel/mm/transparent_hugepage/enabled"));
      return modes.replaceAll("(?s).*\\[(\\w+)\\].*", "$1");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String field(String file, String key, String otherwise) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }
}
