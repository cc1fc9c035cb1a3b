/**
 * Programs that do nothing but allocate, each known for what it makes hard: the workloads by which
 * allocators are compared, written anew for the allocator interface.
 *
 * <ul>
 *   <li>A {@link org.ouroboros.benchmarks.workload.Workload} is run by a {@link
 *       org.ouroboros.benchmarks.workload.Crew} of threads, each of which calls the allocator by
 *       the face that {@link org.ouroboros.benchmarks.workload.Faces} gives it.
 *   <li>A {@link org.ouroboros.benchmarks.workload.WorkloadWorker} runs one, once, in a JVM of its
 *       own, because threads die in some and what they leave behind is part of the question.
 *   <li>{@link org.ouroboros.benchmarks.workload.WorkloadCommand workload} starts such JVMs in
 *       turns and sets the throughputs of each turn against those of the C libraries.
 * </ul>
 *
 * <p>The parameters are those of the suite mimalloc-bench (daanx/mimalloc-bench, {@code bench.sh}),
 * with the number of rounds such that a run takes a second or two here. Contents are written and
 * checked where the original does, at the same cost for every allocator.
 */
@NullMarked
package org.ouroboros.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
