/**
 * The JDK's arenas over any {@link org.ouroboros.allocator.Allocator}: memory from an allocator,
 * life and access checked by the JDK.
 *
 * <p>{@link org.ouroboros.allocator.arena.Arenas#ofConfined} is a drop-in for {@link
 * java.lang.foreign.Arena#ofConfined()}. {@link org.ouroboros.allocator.arena.SharedArenaPool}
 * hands out arenas for all threads whose close does not stop them all, at the price of weaker
 * promises about old segments, which its page says.
 *
 * <p>A custom arena cannot have a scope of its own ({@link java.lang.foreign.MemorySegment.Scope}
 * is sealed), so these borrow the scope of a JDK arena that holds no memory, and put it on blocks
 * of the allocator by {@code reinterpret}. That is a restricted method: without native access they
 * are the JDK's own arenas.
 */
@NullMarked
package org.ouroboros.allocator.arena;

import org.jspecify.annotations.NullMarked;
