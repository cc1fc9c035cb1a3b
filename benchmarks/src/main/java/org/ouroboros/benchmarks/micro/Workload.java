package org.ouroboros.benchmarks.micro;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the bars are measured by: a benchmark method. */
enum Workload {
  PAIR("malloc+free of 64 B", MallocFreeBenchmark.class, "mallocFree"),
  RANDOM_ORDER(
      "4096 blocks of 8..256 B, freed in random order",
      RandomOrderBenchmark.class,
      "mallocThenFree"),
  CONFINED_ARENA(
      "confined arena of 64 B, not escaping",
      ArenaBenchmark.class,
      "confinedNotEscaping",
      AllocatorUnderTest.CONFINED),
  CONFINED_ARENA_ESCAPING(
      "confined arena of 64 B, escaping",
      ArenaBenchmark.class,
      "confinedEscaping",
      AllocatorUnderTest.CONFINED),
  SHARED_ARENA(
      "pooled shared arena of 64 B, amortised",
      ArenaBenchmark.class,
      "sharedAmortised",
      AllocatorUnderTest.SHARED);

  private final String title;
  private final Class<?> type;
  private final String method;

  /** The allocator below our arenas; null where allocators themselves are measured. */
  private final @Nullable String below;

  Workload(String title, Class<?> type, String method) {
    this(title, type, method, null);
  }

  Workload(String title, Class<?> type, String method, @Nullable String below) {
    this.title = title;
    this.type = type;
    this.method = method;
    this.below = below;
  }

  /** What it runs on: all allocators, or our arenas and the JDK's. */
  List<String> subjects(List<String> allocators) {
    return below == null ? allocators : List.of(below, ArenasUnderTest.JDK);
  }

  /** What ours are compared with: the C libraries, or the JDK's arenas. */
  List<String> peers(List<String> natives) {
    return below == null ? natives : List.of(ArenasUnderTest.JDK);
  }

  String title() {
    return title;
  }

  /** JMH's name of the benchmark. */
  String benchmark() {
    return type.getName() + "." + method;
  }
}
