package org.ouroboros.benchmarks.micro;

import java.lang.foreign.Arena;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.arena.Arenas;
import org.ouroboros.allocator.arena.SharedArenaPool;

/**
 * Arenas of one kind, by name.
 *
 * @param confined opens a confined one
 * @param shared opens one for all threads
 * @param owner what is closed at the end
 */
record ArenasUnderTest(Opener confined, Opener shared, AutoCloseable owner)
    implements AutoCloseable {

  /** The JDK's own. */
  static final String JDK = "jdk";

  /** Opens an arena. */
  interface Opener {
    Arena open();
  }

  /** The JDK's; or ours over the named allocator, which is confined if its name says so. */
  static ArenasUnderTest open(String name) {
    if (name.equals(JDK)) {
      return new ArenasUnderTest(Arena::ofConfined, Arena::ofShared, () -> {});
    }
    AllocatorUnderTest opened = AllocatorUnderTest.open(name);
    Allocator allocator = opened.allocator();
    // A pool takes an allocator for all threads: the shared face of the view's.
    SharedArenaPool pool = new SharedArenaPool(opened.owners().getLast());
    return new ArenasUnderTest(
        () -> Arenas.ofConfined(allocator),
        pool::open,
        () -> {
          pool.close();
          opened.close();
        });
  }

  @Override
  public void close() {
    try {
      owner.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
