/**
 * A decorator that records what a program asks of its allocator, as a malloc trace that {@code
 * replay} of the benchmarks reads.
 *
 * <p>A program's thread only appends a word to a log of its own, an {@code EventLog}; a thread of
 * the recorder puts the logs in order, numbers the blocks, and writes the file.
 */
@NullMarked
package org.ouroboros.allocator.record;

import org.jspecify.annotations.NullMarked;
