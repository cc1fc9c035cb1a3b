/**
 * Replays malloc traces, recorded from real programs, on every allocator at hand.
 *
 * <ul>
 *   <li>A {@code NAME.mtrace.gz} is {@link org.ouroboros.benchmarks.replay.GunzipInput inflated}
 *       and {@link org.ouroboros.benchmarks.replay.TraceDecoder decoded} once, believing nothing of
 *       it. The decoded {@link org.ouroboros.benchmarks.replay.Trace} is written to an {@link
 *       org.ouroboros.benchmarks.replay.TraceImage image} that the forks read.
 *   <li>An allocator is replayed on in a {@link org.ouroboros.benchmarks.replay.ReplayWorker forked
 *       JVM}, so that there is one in a JVM: {@link org.ouroboros.benchmarks.replay.VerifyingReplay
 *       verifying} contents, zeroing and alignment; reading its {@link
 *       org.ouroboros.benchmarks.replay.MemoryReplay memory} with every byte written; and {@link
 *       org.ouroboros.benchmarks.replay.TimedReplay timed}, the forks {@link
 *       org.ouroboros.benchmarks.replay.TimingPass taking turns}.
 *   <li>The {@link org.ouroboros.benchmarks.replay.Results} become a table, JSON Lines, and a page.
 * </ul>
 *
 * <p>The format of a trace is described beside the bundled ones, in {@code
 * src/main/resources/traces/README.md}.
 */
@NullMarked
package org.ouroboros.benchmarks.replay;

import org.jspecify.annotations.NullMarked;
