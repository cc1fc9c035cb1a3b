package org.ouroboros.allocator.page;

import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MemorySource;

/** An engine for all states of a test: making one for each would leave no time to race. */
final class Owner {

  private static final MemorySource SOURCE = MappedFileSource.create();

  static final Engine ENGINE =
      new Engine("stress", SOURCE, SOURCE.reserve(256 << 20, 1 << 20), -1, true);

  /** A heap that nobody allocates from. */
  static final LocalHeap HEAP = ENGINE.heaps().acquire(Thread.currentThread());

  private Owner() {}
}
