/**
 * The collections on the heap beside Agrona's and Java's: what an operation takes, and what memory.
 * The command {@code collections} shows the ratios; {@code jmh MapBenchmark} and {@code jmh
 * ListBenchmark} time single operations.
 */
@NullMarked
package org.ouroboros.benchmarks.collections;

import org.jspecify.annotations.NullMarked;
