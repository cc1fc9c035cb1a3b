package org.ouroboros.benchmarks.micro;

/** What the bars are measured by: a benchmark method. */
enum Workload {
  PAIR("malloc+free of 64 B", MallocFreeBenchmark.class, "mallocFree"),
  RANDOM_ORDER(
      "4096 blocks of 8..256 B, freed in random order",
      RandomOrderBenchmark.class,
      "mallocThenFree");

  private final String title;
  private final Class<?> type;
  private final String method;

  Workload(String title, Class<?> type, String method) {
    this.title = title;
    this.type = type;
    this.method = method;
  }

  String title() {
    return title;
  }

  /** JMH's name of the benchmark. */
  String benchmark() {
    return type.getName() + "." + method;
  }
}
