/**
 * The engine of the default allocator: pages of 64 KiB that each serve one size class, with their
 * metadata out of band.
 *
 * <ul>
 *   <li>{@link org.ouroboros.allocator.page.Page} is the metadata of one page: one bit for each
 *       block, set while the block is free.
 *   <li>{@link org.ouroboros.allocator.page.PageHeap} hands out pages and runs of pages of one
 *       reservation, commits and purges them.
 *   <li>{@link org.ouroboros.allocator.page.LocalHeap} allocates and frees blocks for one thread at
 *       a time; {@link org.ouroboros.allocator.page.Bin} is what it keeps for one class: a few
 *       freed blocks, its current page, the pages that have room.
 *   <li>{@link org.ouroboros.allocator.page.RemoteFrees} takes blocks freed by other threads to the
 *       heap that owns their page.
 *   <li>{@link org.ouroboros.allocator.page.HeapRegistry} knows all local heaps, and who may use
 *       which.
 *   <li>{@link org.ouroboros.allocator.page.HugeBlocks} holds the blocks too large for pages.
 *   <li>{@link org.ouroboros.allocator.page.Engine} is what all of these have in common; {@link
 *       org.ouroboros.allocator.page.BlockContent} zeroes and copies blocks, {@link
 *       org.ouroboros.allocator.page.EngineReport} counts them.
 * </ul>
 *
 * <p>Why bits and not lists through the free blocks: freeing and allocating never touch the block
 * (one cache miss less for each), blocks come in address order, a second free shows, and no write
 * past the end of a block can mislead the allocator.
 */
@NullMarked
package org.ouroboros.allocator.page;

import org.jspecify.annotations.NullMarked;
