package org.ouroboros.allocator;

/**
 * What a suffix of an allocator's name stands for: {@code debug} makes {@code mimalloc_debug} of
 * {@code mimalloc}. Suffixes stack: {@code mimalloc_debug_record} is a recorder around a debugger
 * around the library.
 *
 * <p>Embedders add their own as a service ({@link java.util.ServiceLoader}); {@link Allocators}
 * finds them beside the built-in ones.
 *
 * <p>Thread rule: every method may be called from any thread.
 */
public interface AllocatorDecorator {

  /**
   * The suffix, without the underscore.
   *
   * @return lower-case letters and digits
   */
  String suffix();

  /**
   * Puts a decorator around an allocator. Closing the decorator closes that allocator; if this
   * throws, the caller closes it.
   *
   * @param inner the allocator that is to serve
   * @return a new decorator, best a {@link ForwardingAllocator}; its {@link Allocator#name} is the
   *     inner one's with this suffix
   * @throws AllocatorException if it cannot be had; the message says why, and the cure
   */
  Allocator decorate(Allocator inner);
}
