package org.ouroboros.benchmarks.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The scenarios that come with the program. */
final class BundledScenarios {

  static final String EXTENSION = ".scenario.jsonl.gz";

  static final List<String> NAMES =
      List.of(
          "assignments",
          "chain_long",
          "components",
          "cross_generation",
          "cycle_finalizer",
          "cycle_n",
          "cycle_self",
          "deref_in_finalizer",
          "finalizer_breaks_cycle",
          "freeze",
          "leaves",
          "nested_deep",
          "promotion",
          "raising",
          "rand_all_1",
          "rand_basic_1",
          "rand_basic_2",
          "rand_basic_3",
          "rand_big_1",
          "rand_dense_1",
          "rand_dense_2",
          "rand_deref_1",
          "rand_fin_1",
          "rand_fin_2",
          "rand_freeze_1",
          "rand_full_1",
          "rand_resurrect_1",
          "rand_resurrect_2",
          "rand_sparse_1",
          "rand_sparse_2",
          "rand_weak_1",
          "rand_weak_2",
          "rand_weakslot_1",
          "rand_weakslot_2",
          "rand_young_1",
          "rc_order",
          "resurrect_cycle",
          "resurrect_partial",
          "resurrect_rc",
          "ring_long",
          "store_other",
          "trees",
          "weakref_generations",
          "weakref_inside",
          "weakref_outside");

  private BundledScenarios() {}

  /** Whether there is a scenario of that name, with or without its extension. */
  static boolean has(String name) {
    return NAMES.contains(strip(name));
  }

  /** The gzip file of a scenario. */
  static InputStream open(String name) throws IOException {
    String resource = "/scenarios/" + strip(name) + EXTENSION;
    InputStream in = BundledScenarios.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IOException("this build lacks the bundled scenario " + name);
    }
    return in;
  }

  private static String strip(String name) {
    return name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
  }
}
