/**
 * C libraries as allocators, and what all native calls of this module share.
 *
 * <p>Not exported. {@link org.ouroboros.allocator.foreign.NativeProvider} is the way in: it finds a
 * library ({@link org.ouroboros.allocator.foreign.LibraryFinder}), binds its functions ({@link
 * org.ouroboros.allocator.foreign.NativeFunctions}) and makes a hidden copy of {@link
 * org.ouroboros.allocator.foreign.NativeAllocator} in which they are constants.
 */
@NullMarked
package org.ouroboros.allocator.foreign;

import org.jspecify.annotations.NullMarked;
