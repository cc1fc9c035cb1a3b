package org.ouroboros.allocator.export;

import org.ouroboros.allocator.AllocatorException;

/**
 * C code asked an export for memory while the same thread was inside another call of it: the
 * allocator's own code, a memory source or a listener, say, calls the library that it serves. The
 * library got null. What it wanted to free was freed when the outer call was over.
 */
public final class ReentrantCallException extends AllocatorException {

  private static final long serialVersionUID = 1L;

  ReentrantCallException() {
    super(
        "a call from inside another call of the same thread: the allocator must not use the"
            + " library that allocates from it",
        null);
  }
}
