/**
 * Pauses: {@code pauses} runs a mutator that drops cycles all the time, and shows how long single
 * library calls took, how much of each 10 ms the mutator had for itself, and how much garbage
 * waited to be found meanwhile.
 *
 * <ul>
 *   <li>{@link org.ouroboros.benchmarks.pauses.Churn} is the program, and knows what is garbage;
 *       {@link org.ouroboros.benchmarks.pauses.Rings} is what it runs on: a heap, or Java objects.
 *   <li>{@link org.ouroboros.benchmarks.pauses.Mutator} does its operations at due times, or as
 *       fast as it can; {@link org.ouroboros.benchmarks.pauses.CallClock} times single calls,
 *       {@link org.ouroboros.benchmarks.pauses.Utilization} says what they left of each window.
 *   <li>{@link org.ouroboros.benchmarks.pauses.PausesCommand} starts a {@link
 *       org.ouroboros.benchmarks.pauses.PausesWorker} for each {@link
 *       org.ouroboros.benchmarks.pauses.Mode} in turn.
 * </ul>
 */
@NullMarked
package org.ouroboros.benchmarks.pauses;

import org.jspecify.annotations.NullMarked;
