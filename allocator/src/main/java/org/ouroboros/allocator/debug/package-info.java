/**
 * A decorator that finds misuse of memory: writes before and behind a block, writes to a block that
 * was freed, and frees of what is not a live block.
 *
 * <p>{@link org.ouroboros.allocator.debug.DebugAllocator} goes around any allocator, by the suffix
 * {@code _debug} of a name or by hand. Its bytes in memory are those of CPython's debug hooks, so
 * that a memory dump reads alike; what CPython ends the process for is thrown here: {@link
 * org.ouroboros.allocator.debug.DamagedBlockException} and {@link
 * org.ouroboros.allocator.debug.InvalidBlockException}, which tell the {@link
 * org.ouroboros.allocator.debug.BlockReport block}.
 *
 * <p>What it knows of a block is kept twice: in the block, where a debugger sees it, and out of
 * band, where no stray write reaches it.
 */
@NullMarked
package org.ouroboros.allocator.debug;

import org.jspecify.annotations.NullMarked;
