/**
 * The tails of single calls: {@code latency} makes calls at times that were fixed beforehand, and
 * shows how long each took, with the delays that the machine alone makes beside them.
 *
 * <p>{@link org.ouroboros.benchmarks.latency.LatencyCommand} starts a {@link
 * org.ouroboros.benchmarks.latency.LatencyWorker} for each allocator in turn; what it does is in
 * {@link org.ouroboros.benchmarks.latency.OpenLoop}. {@link
 * org.ouroboros.benchmarks.latency.SystemCalls} counts instead of timing.
 */
@NullMarked
package org.ouroboros.benchmarks.latency;

import org.jspecify.annotations.NullMarked;
