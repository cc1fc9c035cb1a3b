/**
 * C libraries that take their memory from an allocator of this project: each does a piece of work
 * whose result is known, gives everything back, and is asked whether anything is left.
 *
 * <ul>
 *   <li>A {@link org.ouroboros.benchmarks.host.Host} is such a library: it knows how to plug in the
 *       functions of a {@link org.ouroboros.allocator.export.CExport}, and what to do then.
 *   <li>{@link org.ouroboros.benchmarks.host.HostLibrary} lists them, and opens them through a
 *       {@link org.ouroboros.benchmarks.host.CLibrary}.
 *   <li>{@link org.ouroboros.benchmarks.host.HostCommand host} runs one on an allocator and prints
 *       what a {@link org.ouroboros.benchmarks.host.CountingAllocator} has seen.
 * </ul>
 *
 * <p>They are examples of the export as much as tests of it: one for each way in which C asks for
 * memory.
 */
@NullMarked
package org.ouroboros.benchmarks.host;

import org.jspecify.annotations.NullMarked;
