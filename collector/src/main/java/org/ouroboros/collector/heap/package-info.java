/**
 * The confined heap: objects, their counts, how they die, weak references, and what user code is
 * called from here.
 *
 * <p>From below: {@link org.ouroboros.collector.heap.ObjectStore} makes and unmakes objects, {@link
 * org.ouroboros.collector.heap.Counts} counts, {@link org.ouroboros.collector.heap.Death} takes
 * apart what nothing refers to, {@link org.ouroboros.collector.heap.WeakTable} knows who names whom
 * weakly, {@link org.ouroboros.collector.heap.Hooks} calls user code, and {@link
 * org.ouroboros.collector.heap.ConfinedHeap} checks what it is given and puts them together.
 *
 * <h2>Re-entrancy</h2>
 *
 * What user code may do while the heap is in the middle of something:
 *
 * <pre>
 *                     read  allocate  store, release  collect     freeze  close
 *   finalizer          yes   yes       yes             see below   yes     refused
 *   weak callback      yes   yes       yes             see below   yes     refused
 *   collection
 *     listener         yes   yes       yes             returns 0   yes     refused
 *   custom clear       yes   yes       yes             see below   yes     refused
 *   custom traverse,
 *     free listener,
 *     visitor          yes   refused   refused         refused     refused refused
 * </pre>
 *
 * A collection inside a collection returns 0. Inside a death by counting it works: what is being
 * taken apart keeps its children until it is done with them, and counts as a root. Out of memory
 * inside a hook throws there, after a collection unless one is running. What the JVM found of host
 * handles is given back where allocating is allowed; hooks that run by that and allocate, or make
 * or close handles, do not begin another round, and allocations during a collection none at all.
 */
@NullMarked
package org.ouroboros.collector.heap;

import org.jspecify.annotations.NullMarked;
