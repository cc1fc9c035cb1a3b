/**
 * Allocators for C: any {@link org.ouroboros.allocator.Allocator} as C function pointers, for
 * libraries that let an embedder bring a {@code malloc} of its own.
 *
 * <p>{@link org.ouroboros.allocator.export.CExport} makes them, {@link
 * org.ouroboros.allocator.export.CFunction} lists the signatures that C libraries ask for.
 */
@NullMarked
package org.ouroboros.allocator.export;

import org.jspecify.annotations.NullMarked;
