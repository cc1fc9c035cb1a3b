package org.ouroboros.benchmarks.micro;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;

/**
 * An allocator by its name in the benchmarks, see {@link AllocatorBenchmark}.
 *
 * @param allocator what is called
 * @param owner what is closed with it: the allocator itself, or that which it is a view of
 */
record AllocatorUnderTest(Allocator allocator, Allocator owner) implements AutoCloseable {

  /** The confined view of the default allocator. */
  static final String CONFINED = "ouroboros-confined";

  /** The shared face of the default allocator. */
  static final String SHARED = "ouroboros";

  /** Behind a C library's name: all its functions by critical downcalls. */
  static final String CRITICAL_SUFFIX = "-critical";

  /**
   * Opens one for the calling thread.
   *
   * @throws org.ouroboros.allocator.AllocatorUnavailableException if it cannot be had
   */
  static AllocatorUnderTest open(String name) {
    if (name.equals(CONFINED)) {
      OuroborosAllocator shared = OuroborosAllocator.create();
      return new AllocatorUnderTest(shared.confined(), shared);
    }
    Allocator only =
        name.endsWith(CRITICAL_SUFFIX)
            ? CriticalLibrary.open(name.substring(0, name.length() - CRITICAL_SUFFIX.length()))
            : Allocators.of(name);
    return new AllocatorUnderTest(only, only);
  }

  /** Closes the view and then its owner. */
  @Override
  public void close() {
    allocator.close();
    owner.close();
  }
}
