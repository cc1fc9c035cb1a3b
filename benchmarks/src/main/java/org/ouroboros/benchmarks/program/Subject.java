package org.ouroboros.benchmarks.program;

import java.util.Arrays;
import java.util.List;

/** What a program runs on. */
enum Subject {
  OUROBOROS("ouroboros", Kind.HEAP, Flags.HEAP),
  OUROBOROS_ACYCLIC("ouroboros-acyclic", Kind.HEAP, Flags.HEAP),
  SERIAL("serial", Kind.JAVA, "-XX:+UseSerialGC", Flags.WIDE),
  SERIAL_COMPACT("serial-compact", Kind.JAVA, "-XX:+UseSerialGC", Flags.COMPACT),
  G1("g1", Kind.JAVA, "-XX:+UseG1GC", Flags.WIDE),
  G1_COMPACT("g1-compact", Kind.JAVA, "-XX:+UseG1GC", Flags.COMPACT),
  G1_DEFAULT("g1-default", Kind.JAVA, "-XX:+UseG1GC", Flags.WIDE),
  ZGC("zgc", Kind.JAVA, "-XX:+UseZGC", Flags.WIDE),
  ZGC_COMPACT("zgc-compact", Kind.JAVA, "-XX:+UseZGC", Flags.COMPACT),
  CPYTHON("cpython", Kind.PYTHON),
  BOEHM("boehm", Kind.C);

  /** What kind of memory. */
  enum Kind {
    /** A confined heap of the collector's, normal mode, paged space. */
    HEAP,
    /** Java's own objects. */
    JAVA,
    /** CPython's. */
    PYTHON,
    /** C with the Boehm-Demers-Weiser collector. */
    C
  }

  private final String label;
  private final Kind kind;
  private final String flags;

  Subject(String label, Kind kind, String... flags) {
    this.label = label;
    this.kind = kind;
    this.flags = String.join(" ", flags);
  }

  /** How it is called on the command line. */
  String label() {
    return label;
  }

  Kind kind() {
    return kind;
  }

  boolean isOurs() {
    return kind == Kind.HEAP;
  }

  /** Whether the Java heap of its JVM is limited to twice what is alive. */
  boolean isLimited() {
    return kind == Kind.JAVA && this != G1_DEFAULT;
  }

  /** Whether the types of its objects are declared to take no part in cycles. */
  boolean isAcyclic() {
    return this == OUROBOROS_ACYCLIC;
  }

  /** The flags of its JVM, without the limit of a Java heap under test; none if it has no JVM. */
  List<String> flags() {
    return flags.isEmpty() ? List.of() : List.of(flags.split(" ", -1));
  }

  /** All that run Java objects, and those on our heap. */
  static List<Subject> jvms() {
    return Arrays.stream(values())
        .filter(one -> one.isOurs() && !one.isAcyclic() || one.kind == Kind.JAVA)
        .toList();
  }

  /**
   * One by its name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  static Subject of(String label) {
    return Arrays.stream(values())
        .filter(one -> one.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown subject '"
                        + label
                        + "'; known are "
                        + String.join(", ", Arrays.stream(values()).map(Subject::label).toList())));
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
