package org.ouroboros.benchmarks.replay;

import java.util.ArrayList;
import java.util.List;

/**
 * The JVM flags of the forks. The heap is as large as the trace needs and never changes; no garbage
 * is made while a trace is replayed, so the collector has nothing to do but when one is loaded.
 */
final class ForkFlags {

  private static final long BASE_MIB = 80;

  /** Arrays for the calls, their sizes, threads and dependencies, and two for their blocks. */
  private static final long BYTES_PER_CALL = 48;

  private ForkFlags() {}

  /** Of the forks that are timed, and of those that verify, for traces of at most so many calls. */
  static List<String> timing(long calls) {
    return flags(calls);
  }

  /**
   * Of the forks whose memory is read: pre-touched heap, and the quick compiler only, in the
   * foreground, so that the JVM's own memory does not move.
   */
  static List<String> memory(long calls) {
    return flags(calls, "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1", "-Xbatch");
  }

  private static List<String> flags(long calls, String... more) {
    String heap = BASE_MIB + (calls * BYTES_PER_CALL >> 20) + "m";
    List<String> flags = new ArrayList<>();
    flags.add("-Xms" + heap);
    flags.add("-Xmx" + heap);
    flags.add("-Xmn16m");
    flags.add("-XX:+UseSerialGC");
    flags.add("-XX:-UsePerfData");
    flags.add("--enable-native-access=ALL-UNNAMED");
    flags.addAll(List.of(more));
    return flags;
  }
}
