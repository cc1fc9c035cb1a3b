/** The command line: replays malloc traces on every allocator and runs the JMH benchmarks. */
@NullMarked
package org.ouroboros.benchmarks;

import org.jspecify.annotations.NullMarked;
