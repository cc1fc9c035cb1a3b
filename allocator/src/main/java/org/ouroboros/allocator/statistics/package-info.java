/**
 * Figures of allocators and heaps for tools outside of the process, through a small memory-mapped
 * file: what {@code jstat} is to the JVM's own memory.
 *
 * <p>Switched on for a program as it is, in the folder for temporary files or wherever it is said:
 *
 * <pre>{@code
 * java -Douroboros.stats=true ...
 * OUROBOROS_STATS=/run/app/%p.stats java ...
 * }</pre>
 *
 * <p>or by the program, before it makes its allocators and heaps:
 *
 * <pre>{@code
 * ProcessStatistics.start(Path.of("/run/app/memory.stats"));
 * }</pre>
 *
 * <p>and read from any other process, while it runs or after its end:
 *
 * <pre>{@code
 * try (StatisticsReader reader = StatisticsReader.open(Path.of("/run/app/memory.stats"))) {
 *   for (EntryReading entry : reader.read().entries()) {
 *     if (entry.kind() == EntryKind.ALLOCATOR) {
 *       System.out.println(entry.name() + " " + entry.figure(AllocatorFigure.LIVE_BYTES));
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>The file is kept when the process ends, so that a crash can be looked into; its layout is
 * written down in {@code allocator/DESIGN.md}. The command {@code top} of the benchmarks shows it
 * as a table.
 */
@NullMarked
package org.ouroboros.allocator.statistics;

import org.jspecify.annotations.NullMarked;
