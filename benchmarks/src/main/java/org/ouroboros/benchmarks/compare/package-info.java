/**
 * What other ways there are to have memory outside the Java heap, and what they cost: one pair of
 * calls, an allocation and its end, on this project's allocators, on C libraries and on the
 * libraries that JVM programs use today.
 *
 * <ul>
 *   <li>A {@link org.ouroboros.benchmarks.compare.Peer} is one of them, with the JVM flags that it
 *       needs; its {@link org.ouroboros.benchmarks.compare.Pair} is what is timed, by {@link
 *       org.ouroboros.benchmarks.compare.PairBenchmark}.
 *   <li>{@link org.ouroboros.benchmarks.compare.CompareCommand compare} runs all peers in forks
 *       that take turns, and judges them by the ratios within the turns.
 * </ul>
 */
@NullMarked
package org.ouroboros.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
