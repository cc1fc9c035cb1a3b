package org.ouroboros.benchmarks.scenario;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What CPython showed right after an op.
 *
 * @param dead which objects died; the order means nothing
 * @param finalized whose finalizer ran
 * @param callbacks which weak references were called back
 * @param events how the two lists above were interleaved, as {@code "f1"} and {@code "c1"}; null if
 *     that was not noted
 * @param derefs which weak references finalizers dereferenced
 * @param unraisable how many finalizers threw
 * @param ordered whether the lists are in the order in which things happened
 * @param result the answer as JSON text; null if the op has none
 */
record Expectation(
    IdRuns dead,
    IdRuns finalized,
    IdRuns callbacks,
    @Nullable List<String> events,
    List<Deref> derefs,
    long unraisable,
    boolean ordered,
    @Nullable String result) {

  /** That nothing is to be seen, as after most ops. */
  static final Expectation NOTHING =
      new Expectation(IdRuns.EMPTY, IdRuns.EMPTY, IdRuns.EMPTY, null, List.of(), 0, true, null);
}
