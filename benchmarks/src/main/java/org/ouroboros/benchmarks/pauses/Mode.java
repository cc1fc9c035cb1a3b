package org.ouroboros.benchmarks.pauses;

import java.util.Arrays;
import java.util.List;

/** What the mutator runs on. */
enum Mode {
  /** A heap whose automatic collections stop the mutator until they are done. */
  STOP("stop", true, Flags.HEAP),
  /** A heap whose automatic full collections are done in slices. */
  INCREMENTAL("incremental", true, Flags.HEAP),
  /** A heap for many threads, whose collections stop the mutator as well; it has one here. */
  SHARED("shared", true, Flags.HEAP),
  /** The same, but that an agent marks beside the mutator, on a thread of its own. */
  SHARED_BESIDE("shared-beside", true, Flags.HEAP),
  JAVA_G1("java-g1", false, "-XX:+UseG1GC " + Flags.WIDE),
  JAVA_G1_COMPACT("java-g1-compact", false, "-XX:+UseG1GC " + Flags.COMPACT),
  JAVA_ZGC("java-zgc", false, "-XX:+UseZGC " + Flags.WIDE),
  JAVA_ZGC_COMPACT("java-zgc-compact", false, "-XX:+UseZGC " + Flags.COMPACT);

  private final String label;
  private final boolean heap;
  private final String flags;

  Mode(String label, boolean heap, String flags) {
    this.label = label;
    this.heap = heap;
    this.flags = flags;
  }

  /** How it is called on the command line. */
  String label() {
    return label;
  }

  /** Whether it runs on a heap of the collector's; else on Java objects. */
  boolean isHeap() {
    return heap;
  }

  /** The flags of its JVM, without the limit of a Java heap under test. */
  List<String> flags() {
    return List.of(flags.split(" ", -1));
  }

  /** Those of Java objects. */
  static List<Mode> peers() {
    return Arrays.stream(values()).filter(mode -> !mode.heap).toList();
  }

  /**
   * One by its name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  static Mode of(String label) {
    return Arrays.stream(values())
        .filter(mode -> mode.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown mode '" + label + "'; known are " + String.join(", ", labels())));
  }

  private static List<String> labels() {
    return Arrays.stream(values()).map(Mode::label).toList();
  }

  /** The flags; an enum cannot have them itself before its constants. */
  private static final class Flags {

    static final String COMMON = "-XX:-UsePerfData -XX:-CreateCoredumpOnCrash";

    /** A small young generation: next to no Java objects are made, what there is shall not show. */
    static final String HEAP =
        "-XX:+UseSerialGC -Xmn4m -Xmx512m " + COMMON + " --enable-native-access=ALL-UNNAMED";

    static final String WIDE = "-XX:-UseCompactObjectHeaders " + COMMON;
    static final String COMPACT = "-XX:+UseCompactObjectHeaders " + COMMON;
  }
}
