/**
 * What a single call costs: JMH benchmarks, each named after the question it answers, and the
 * command that sets the figures against the project's bars.
 *
 * <ul>
 *   <li>The benchmarks run on any allocator by name, see {@link
 *       org.ouroboros.benchmarks.micro.AllocatorBenchmark}: {@code jmh MallocFree -p
 *       allocator=ouroboros-confined,mimalloc}.
 *   <li>{@link org.ouroboros.benchmarks.micro.BarsCommand bars} runs {@link
 *       org.ouroboros.benchmarks.micro.Workload workloads} in {@link
 *       org.ouroboros.benchmarks.micro.JmhFork forks} that {@link
 *       org.ouroboros.benchmarks.micro.Rounds take turns}, and judges each {@link
 *       org.ouroboros.benchmarks.micro.Bar bar} by the ratios within the turns.
 * </ul>
 */
@NullMarked
package org.ouroboros.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
