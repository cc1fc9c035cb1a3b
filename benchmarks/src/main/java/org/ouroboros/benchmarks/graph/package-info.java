/**
 * Loads object graphs, dumped from heaps of real programs, into a {@link
 * org.ouroboros.collector.Heap} and collects them.
 *
 * <ul>
 *   <li>A {@code NAME.graph.gz} is {@link org.ouroboros.benchmarks.graph.GraphDecoder decoded},
 *       believing nothing of it, to a {@link org.ouroboros.benchmarks.graph.Graph} of flat arrays.
 *   <li>A {@link org.ouroboros.benchmarks.graph.LoadedGraph} is such a graph in a heap of its own.
 *   <li>{@link org.ouroboros.benchmarks.graph.ExperimentRun Experiments} drop what holds some
 *       objects and count what is freed, which is known beforehand; a {@link
 *       org.ouroboros.benchmarks.graph.TimingRun} takes the times; a {@link
 *       org.ouroboros.benchmarks.graph.Survey} sees what lies in the heap.
 *   <li>{@link org.ouroboros.benchmarks.graph.GraphRun} does all that to a graph; the {@link
 *       org.ouroboros.benchmarks.graph.GraphResult} becomes tables, JSON Lines and a page.
 * </ul>
 *
 * <p>The format of a graph is described beside the bundled ones, in {@code
 * src/main/resources/graphs/README.md}.
 */
@NullMarked
package org.ouroboros.benchmarks.graph;

import org.jspecify.annotations.NullMarked;
