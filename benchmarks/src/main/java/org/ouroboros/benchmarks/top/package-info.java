/**
 * The command {@code top}: allocators and heaps of another process, live or as its statistics file
 * has them after its end.
 */
@NullMarked
package org.ouroboros.benchmarks.top;

import org.jspecify.annotations.NullMarked;
