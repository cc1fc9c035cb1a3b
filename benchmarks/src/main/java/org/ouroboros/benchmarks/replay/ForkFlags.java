package org.ouroboros.benchmarks.replay;

import java.util.List;

/**
 * The JVM flags of the forks. The heap is as large as the largest trace needs and never changes; no
 * garbage is made while a trace is replayed, so the collector has nothing to do but when a trace is
 * loaded.
 *
 * @param timing of the forks that are timed, and of those that verify
 * @param memory of the forks whose memory is read: pre-touched heap and the quick compiler only, in
 *     the foreground, so that the JVM's own memory does not move
 */
record ForkFlags(List<String> timing, List<String> memory) {

  private static final long BASE_MIB = 80;

  /** Arrays for the calls, their sizes, threads and dependencies, and two for their blocks. */
  private static final long BYTES_PER_CALL = 48;

  ForkFlags {
    timing = List.copyOf(timing);
    memory = List.copyOf(memory);
  }

  /** Flags for traces of at most {@code calls} calls. */
  static ForkFlags forCalls(long calls) {
    String heap = BASE_MIB + (calls * BYTES_PER_CALL >> 20) + "m";
    List<String> timing =
        List.of(
            "-Xms" + heap,
            "-Xmx" + heap,
            "-Xmn16m",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED");
    List<String> memory =
        List.of(
            "-Xms" + heap,
            "-Xmx" + heap,
            "-Xmn16m",
            "-XX:+UseSerialGC",
            "-XX:+AlwaysPreTouch",
            "-XX:TieredStopAtLevel=1",
            "-Xbatch",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED");
    return new ForkFlags(timing, memory);
  }
}
