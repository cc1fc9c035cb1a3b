/**
 * A decorator for production that finds misuse of memory in a few blocks, which cost next to
 * nothing: what GWP-ASan does for C.
 *
 * <p>{@link org.ouroboros.allocator.guard.GuardAllocator} goes around any allocator. One block in a
 * thousand comes from a {@link org.ouroboros.allocator.debug.DebugAllocator} instead, on memory of
 * its own, with guards, stacks and a quarantine. A bug that happens often enough, in enough
 * processes, meets such a block in the end.
 *
 * {@snippet lang="java" :
 * try (Allocator allocator = GuardAllocator.wrap(OuroborosAllocator.create())) {
 *   serve(allocator);
 * } catch (DamagedBlockException | InvalidBlockException e) {
 *   log(e.getMessage()); // what was done to which block, where it was allocated and freed
 * }
 * }
 *
 * <p>By name it is the suffix {@code _guard}: {@code -Douroboros.malloc=ouroboros_guard}, with the
 * options of {@link org.ouroboros.allocator.guard.GuardOptions#fromProperties}.
 */
@NullMarked
package org.ouroboros.allocator.guard;

import org.jspecify.annotations.NullMarked;
