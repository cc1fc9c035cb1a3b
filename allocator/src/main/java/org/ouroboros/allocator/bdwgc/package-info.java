/**
 * The collector of Boehm, Demers and Weiser (libgc) as an allocator: a {@code malloc} family whose
 * blocks stay until they are freed, and beside it memory that nobody frees.
 *
 * <p>{@link org.ouroboros.allocator.bdwgc.BoehmAllocator} is the allocator and says what it can and
 * cannot do under a JVM; a {@link org.ouroboros.allocator.bdwgc.BoehmRoot} keeps a block alive that
 * the collector would take.
 */
@NullMarked
package org.ouroboros.allocator.bdwgc;

import org.jspecify.annotations.NullMarked;
