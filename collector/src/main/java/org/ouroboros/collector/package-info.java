/**
 * Heaps of reference-counted objects outside the Java heap, and the generational collector that
 * frees their cycles. This page fixes the terms; then read {@link org.ouroboros.collector.Heap},
 * {@link org.ouroboros.collector.ObjectType} and {@link org.ouroboros.collector.Collector}.
 *
 * <p>A <em>heap</em> hands out objects: a header of 8 bytes, then the fields, inline. A field that
 * refers to another object holds a 32-bit <em>object id</em>, and id 0 is null, so a heap does not
 * depend on where it is mapped. In calls a reference is a {@code long}: the id, a tag of 16 bits
 * that names the heap, and a version of 16 bits that tells a reused slot from the object that it
 * was read for.
 *
 * <p>An object lives on an <em>object space</em>. The paged space decodes ids by arithmetic within
 * one contiguous reservation; the other kind looks them up in a table and takes each object from
 * any {@link org.ouroboros.allocator.Allocator}, so that an embedder can put objects on the
 * allocator of its choice.
 *
 * <p>Every object has two counts. The <em>internal</em> count is the number of fields of other
 * objects that refer to it; the heap keeps it when a field is set. The <em>external</em> count is
 * the number of holds that Java or C code has taken and not yet given back. Their sum is the
 * reference count. Whatever has an external count is a root, so no thread stack is ever scanned. A
 * reference that the collector cannot follow counts as external: the worst that follows is a leak,
 * never an object freed while it is in use.
 *
 * <p>An object whose counts reach zero dies at once, and what it alone kept alive dies with it, in
 * an order that does not depend on the Java stack. What counting cannot free are cycles, and they
 * are the collector's part. A pass over the young generations subtracts the edges among its
 * candidates from their counts: what stays above zero is held from outside and survives, with all
 * it reaches. A full pass marks from the roots. For what is left, in this order, weak references
 * are cleared, finalizers run, once per object and on objects that are still whole, and a second
 * look spares what they brought back; only when the rest has let go of everything else is its
 * memory reused.
 *
 * <p>Types that cannot take part in a cycle are declared so and cost the collector nothing. A heap
 * is confined to one thread, or shared, as an {@link java.lang.foreign.Arena} is.
 */
@NullMarked
package org.ouroboros.collector;

import org.jspecify.annotations.NullMarked;
