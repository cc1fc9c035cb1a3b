/**
 * Memory outside the Java heap, in the shape of C's {@code malloc} and {@code free}, from an
 * allocator that can be swapped.
 *
 * <p>{@link org.ouroboros.allocator.Allocator} is the interface that callers use and that other
 * allocators implement. {@link org.ouroboros.allocator.OuroborosAllocator} is the default: written
 * in Java, it needs no native library. {@link org.ouroboros.allocator.Allocators} finds allocators
 * by name: the default one and those of C libraries that are installed. All of them stand on {@link
 * org.ouroboros.allocator.source memory sources}, or on their library's own.
 *
 * <p>Around them: {@link org.ouroboros.allocator.arena arenas} over any allocator, the {@link
 * org.ouroboros.allocator.region region} allocator, {@link org.ouroboros.allocator.budget budgets},
 * the {@link org.ouroboros.allocator.debug debug}, {@link org.ouroboros.allocator.guard guarding},
 * {@link org.ouroboros.allocator.trace tracing} and {@link org.ouroboros.allocator.record
 * recording} decorators, {@link org.ouroboros.allocator.leak leak reports} and their {@link
 * org.ouroboros.allocator.junit check in tests}, {@link org.ouroboros.allocator.export C function
 * pointers}, and buffers of {@link org.ouroboros.allocator.agrona Agrona}, {@link
 * org.ouroboros.allocator.netty Netty} and {@link org.ouroboros.allocator.arrow Arrow}. Figures are
 * shown by {@link org.ouroboros.allocator.report pages in HTML}, {@link
 * org.ouroboros.allocator.management JMX beans}, {@link org.ouroboros.allocator.jfr Flight Recorder
 * events}, and in a {@link org.ouroboros.allocator.statistics file for other processes}.
 *
 * <h2>Layers</h2>
 *
 * <pre>
 *   Java code, FFM code
 *        |   SegmentAllocator, or long addresses
 *   Allocator:     ouroboros (shared face, confined views) | libc | mimalloc | jemalloc | tcmalloc
 *        |
 *   MemorySource:  mmap | mapped file                        (reserve, commit, purge, release)
 * </pre>
 *
 * <h2>Rules for all of it</h2>
 *
 * <ul>
 *   <li>Nothing is null unless {@code @Nullable} says so.
 *   <li>Failures are typed ({@link org.ouroboros.allocator.AllocatorException}), say what, where
 *       and what to do, and leave state as it was.
 *   <li>Metadata is kept apart from the blocks: writing past the end of a block can spoil a
 *       neighbour's content, never the allocator.
 *   <li>Without native access (see {@link java.lang.Module#isNativeAccessEnabled()}) the default
 *       allocator stands on the mapped file, and native libraries are listed as unavailable.
 * </ul>
 */
@NullMarked
package org.ouroboros.allocator;

import org.jspecify.annotations.NullMarked;
