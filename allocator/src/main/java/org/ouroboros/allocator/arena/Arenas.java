package org.ouroboros.allocator.arena;

import java.lang.foreign.Arena;
import java.util.Objects;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.foreign.NativeAccess;

/**
 * Arenas over an allocator.
 *
 * <p>Thread rule: every method may be called from any thread; what it returns says its own.
 */
public final class Arenas {

  private Arenas() {}

  /**
   * A confined arena whose memory comes from an allocator and goes back to it when the arena is
   * closed. Otherwise it is what {@link Arena#ofConfined()} is:
   *
   * <ul>
   *   <li>Segments are zeroed, aligned as asked, and do not overlap. An empty one has an address of
   *       its own.
   *   <li>Only the calling thread may allocate, close, and touch segments; others get {@link
   *       WrongThreadException}.
   *   <li>After {@link Arena#close()} allocating, closing again and touching a segment throw {@link
   *       IllegalStateException}. Close throws it too, and frees nothing, while a segment is in use
   *       by a native call.
   *   <li>What is mapped into the arena, or bound to it by {@code reinterpret}, ends with it.
   * </ul>
   *
   * <p>Two things differ. Where there is no memory, {@link
   * org.ouroboros.allocator.AllocationFailedException} is thrown instead of {@link
   * OutOfMemoryError}. And the memory is the allocator's: closing the allocator first takes it away
   * under the open arena, so that touching a segment may then end the process. The allocator may be
   * a thread-safe one, or a confined one of the calling thread, such as {@link
   * org.ouroboros.allocator.OuroborosAllocator#confined()}; confined views are the fastest. An
   * allocator that does not reclaim gets the blocks back and keeps them.
   *
   * <p>Cost: a block of the allocator for each segment, zeroed, and nothing else where the JIT sees
   * that arena and segment do not escape; else five small Java objects for an arena with one
   * segment, and two for each further segment.
   *
   * <p>Without native access this returns {@link Arena#ofConfined()}, and the allocator is not
   * used.
   *
   * @param allocator where memory comes from; it must stay open until the arena is closed
   * @return a new arena, confined to the calling thread
   */
  public static Arena ofConfined(Allocator allocator) {
    Objects.requireNonNull(allocator, "allocator");
    return NativeAccess.isEnabled() ? new ConfinedArena(allocator) : Arena.ofConfined();
  }
}
