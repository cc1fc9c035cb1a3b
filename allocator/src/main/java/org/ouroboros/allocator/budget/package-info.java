/**
 * Budgets: who may take how much of an allocator's memory, as a tree of names, reservations and
 * limits.
 *
 * <pre>{@code
 * try (Budget app = Budget.root(OuroborosAllocator.create(), "app").limit(1L << 30).open()) {
 *   try (Budget cache = app.child("cache").limit(256 << 20).open();
 *       Budget query = app.child("query-7").reservation(16 << 20).limit(128 << 20).open()) {
 *     long block = query.malloc(100);
 *     try {
 *       cache.malloc(1 << 30);
 *     } catch (BudgetExceededException e) {
 *       // app/cache: cannot allocate 1073741824 bytes: the budget app/cache has a limit of ...
 *       System.err.println(e.outcome());
 *     }
 *     System.out.println(app); // the tree, a line for each budget
 *     query.free(block);
 *   } // a BudgetLeakException, if a block were left
 * }
 * }</pre>
 *
 * <p>A {@link org.ouroboros.allocator.budget.Budget} is an {@link
 * org.ouroboros.allocator.Allocator} and a {@link java.lang.foreign.SegmentAllocator}: it can back
 * arenas, buffers of Netty and Arrow, and what else stands on an allocator. A {@link
 * org.ouroboros.allocator.budget.BudgetListener} may veto allocations, or free something when one
 * is refused. The model is that of Apache Arrow's {@code BufferAllocator}.
 */
@NullMarked
package org.ouroboros.allocator.budget;

import org.jspecify.annotations.NullMarked;
