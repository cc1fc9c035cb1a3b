package org.ouroboros.benchmarks.latency;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The system calls that a warmed-up thread makes while it does nothing but allocate and free, as
 * {@code strace} shows them, and its page faults.
 *
 * @param calls how often each was made
 * @param pageFaults of the same thread; those of the JVM's own memory among them
 */
record SystemCalls(Map<String, Integer> calls, long pageFaults) {

  private static final Pattern LINE = Pattern.compile("(\\d+) +(\\w+)\\(.*");

  /** Whether there is a strace to be run. */
  static boolean isPossible() {
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(File.pathSeparator, -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, "strace"))) {
        return true;
      }
    }
    return false;
  }

  /** Counts for an allocator. */
  static SystemCalls of(String allocator, int callsPerSecond, int slots) throws IOException {
    Path trace = Files.createTempFile("ouroboros-latency", ".strace");
    try {
      List<String> strace = List.of("strace", "-f", "-qq", "-o", trace.toString());
      String faults = LatencyFork.run(new Plan(allocator, callsPerSecond, 0, slots), strace);
      return parse(
          Files.readAllLines(trace, StandardCharsets.ISO_8859_1), Long.parseLong(faults.strip()));
    } finally {
      Files.delete(trace);
    }
  }

  /** Counts what the thread that made the marks did between the last of them. */
  static SystemCalls parse(List<String> lines, long faults) {
    Map<String, Integer> calls = new TreeMap<>();
    String thread = "";
    for (String line : lines) {
      Matcher call = LINE.matcher(line);
      if (!call.matches()) {
        continue;
      }
      if (line.contains(LatencyWorker.BEGIN)) {
        thread = call.group(1);
        calls.clear();
      } else if (line.contains(LatencyWorker.END)) {
        thread = "";
      } else if (call.group(1).equals(thread)) {
        calls.merge(call.group(2), 1, Integer::sum);
      }
    }
    return new SystemCalls(calls, faults);
  }

  int total() {
    return calls.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The calls in words. */
  String names() {
    StringBuilder names = new StringBuilder();
    calls.forEach(
        (name, count) ->
            names.append(names.isEmpty() ? "" : ", ").append(count).append(' ').append(name));
    return names.isEmpty() ? "none" : names.toString();
  }
}
