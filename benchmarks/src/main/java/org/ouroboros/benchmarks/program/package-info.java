/**
 * Whole programs: {@code program} runs each on objects of the collector's heap, on Java's own
 * objects under three collectors, and some in CPython and in C with the Boehm collector.
 *
 * <ul>
 *   <li>A {@link org.ouroboros.benchmarks.program.Program} is written twice, as a {@link
 *       org.ouroboros.benchmarks.program.Task} on a heap and as its twin on Java objects; what both
 *       do alike is in a class above them. The other languages' versions are resources beside it.
 *   <li>A {@link org.ouroboros.benchmarks.program.Subject} is what it runs on, in a process of its
 *       own, a {@link org.ouroboros.benchmarks.program.ProgramWorker}; {@link
 *       org.ouroboros.benchmarks.program.Launch} gives each Java heap twice what is alive.
 *   <li>{@link org.ouroboros.benchmarks.program.ProgramCommand program} starts them in turns, and
 *       compares time, resident memory and, where it makes sense, latency. What comes out must be
 *       the same on all.
 *   <li>{@link org.ouroboros.benchmarks.program.FootprintCommand footprint} compares what small
 *       objects take on the heap and as Java objects.
 * </ul>
 */
@NullMarked
package org.ouroboros.benchmarks.program;

import org.jspecify.annotations.NullMarked;
