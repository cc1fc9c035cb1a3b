/**
 * Replays scenarios, recorded from CPython, on a heap: what dies, in which order, what its
 * finalizers and callbacks see and what a collection finds must be the same, op by op.
 *
 * <ul>
 *   <li>A {@code NAME.scenario.jsonl.gz} is {@link org.ouroboros.benchmarks.scenario.ScenarioReader
 *       read} once and as a whole, believing nothing of it, into a {@link
 *       org.ouroboros.benchmarks.scenario.Scenario}: steps of an {@link
 *       org.ouroboros.benchmarks.scenario.Op} and its {@link
 *       org.ouroboros.benchmarks.scenario.Expectation}.
 *   <li>A {@link org.ouroboros.benchmarks.scenario.ScenarioSubject} does the ops and fills {@link
 *       org.ouroboros.benchmarks.scenario.Observation observations}. {@link
 *       org.ouroboros.benchmarks.scenario.ScenarioHeap} is the one on a heap; the tests have a
 *       model in plain Java, a second opinion.
 *   <li>The {@link org.ouroboros.benchmarks.scenario.ReplayRunner} stops at the first {@link
 *       org.ouroboros.benchmarks.scenario.Difference}.
 * </ul>
 *
 * <p>The format is described beside the bundled scenarios, in {@code
 * src/main/resources/scenarios/README.md}.
 */
@NullMarked
package org.ouroboros.benchmarks.scenario;

import org.jspecify.annotations.NullMarked;
