/**
 * Apache Arrow's buffers on any allocator: {@link
 * org.ouroboros.allocator.arrow.OuroborosAllocationManager}.
 *
 * <p>Arrow knows two managers of its own by name and offers no way to register a third, so whoever
 * makes the root allocator names the factory. Children of that root have it too:
 *
 * {@snippet :
 * try (Allocator memory = OuroborosAllocator.create();
 *     BufferAllocator arrow =
 *         new RootAllocator(
 *             RootAllocator.configBuilder()
 *                 .allocationManagerFactory(OuroborosAllocationManager.factory(memory))
 *                 .maxAllocation(1L << 30)
 *                 .build());
 *     IntVector numbers = new IntVector("numbers", arrow)) {
 *   numbers.setSafe(0, 42);
 *   numbers.setValueCount(1);
 *   System.out.println(numbers + " in " + memory.stats().liveBlocks() + " block");
 * }
 * }
 *
 * <p>Code that calls {@code new RootAllocator()} without naming a factory stays on Arrow's own.
 *
 * <h2>What has to be there</h2>
 *
 * <p>Arrow is an optional dependency ({@code org.apache.arrow:arrow-memory-core} 19.x): who uses
 * this package brings it, and two things that Arrow itself cannot start without:
 *
 * <ul>
 *   <li>one of its own managers, though it is not used: {@code arrow-memory-unsafe} is the smaller.
 *       Where jars are merged into one, {@code -Darrow.allocation.manager.type=Unsafe} names it;
 *   <li>the JVM's option {@code --add-opens=java.base/java.nio=ALL-UNNAMED}, or {@code
 *       ...=org.apache.arrow.memory.core} where Arrow is on the module path. {@code
 *       --sun-misc-unsafe-memory-access=allow} keeps the JVM from warning of Arrow's own accesses.
 * </ul>
 */
@NullMarked
package org.ouroboros.allocator.arrow;

import org.jspecify.annotations.NullMarked;
