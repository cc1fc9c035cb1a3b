/**
 * The region allocator: blocks side by side, given back all at once.
 *
 * <p>{@link org.ouroboros.allocator.region.RegionAllocator} is the allocator, which cuts blocks
 * from chunks of another allocator or of a memory source.
 */
@NullMarked
package org.ouroboros.allocator.region;

import org.jspecify.annotations.NullMarked;
