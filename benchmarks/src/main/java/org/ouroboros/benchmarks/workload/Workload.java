package org.ouroboros.benchmarks.workload;

import java.util.List;

/** A program that allocates. It keeps nothing between runs: what it allocates it frees. */
interface Workload {

  /** How it is called on the command line: what the suite calls it. */
  String name();

  /** What it makes hard, in a few words. */
  String question();

  /**
   * Runs it to its end.
   *
   * @param crew the threads
   * @param scale how much of the work is done: 1 for a second or two
   * @return how many operations that was, the same at every run with the same arguments
   * @throws CorruptBlockException if a block did not hold what was written to it
   */
  long run(Crew crew, double scale);

  /** All of them, in the order of the tables. */
  static List<Workload> all() {
    return List.of(
        new Larson(),
        new Mstress(),
        new Rptest(),
        new AllocTest(),
        new XmallocTest(),
        new GlibcSimple(),
        new GlibcThread(),
        new CacheObject(true),
        new CacheObject(false),
        new MallocLarge(),
        new Mleak());
  }

  /**
   * One by its name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  static Workload of(String name) {
    return all().stream()
        .filter(workload -> workload.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown workload '"
                        + name
                        + "'; known are "
                        + String.join(", ", all().stream().map(Workload::name).toList())));
  }

  /** A number of rounds at a scale, at least one. */
  static int scaled(double scale, int rounds) {
    return (int) Math.max(1, Math.round(scale * rounds));
  }
}
