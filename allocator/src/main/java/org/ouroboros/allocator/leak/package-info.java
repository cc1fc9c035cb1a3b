/**
 * What is live that should not be: {@link org.ouroboros.allocator.leak.LeakReport} groups the live
 * blocks of an allocator by who allocated them.
 *
 * <pre>{@code
 * DebugOptions options = DebugOptions.DEFAULT.withStackDepth(16);
 * try (Allocator allocator = DebugAllocator.wrap(OuroborosAllocator.create(), options)) {
 *   work(allocator);
 *   LeakReport left = LeakReport.of(allocator);
 *   if (!left.isEmpty()) {
 *     System.err.println(left);
 *   }
 * }
 * }</pre>
 *
 * <p>Tests are checked by the annotation {@code org.ouroboros.allocator.junit.LeakCheck}.
 */
@NullMarked
package org.ouroboros.allocator.leak;

import org.jspecify.annotations.NullMarked;
