package org.ouroboros.allocator;

/**
 * Where allocators of one kind come from. {@link Allocators} asks all providers that it knows.
 *
 * <p>Thread rule: every method may be called from any thread.
 */
public interface AllocatorProvider {

  /**
   * The name by which the kind is chosen.
   *
   * @return the name, in lower case
   */
  String name();

  /**
   * Whether {@link #create()} would succeed now. It may open a library to find out, and prints
   * nothing.
   *
   * @return the answer, with the reason
   */
  Availability availability();

  /**
   * Makes an allocator.
   *
   * @return a new one, which the caller closes
   * @throws AllocatorUnavailableException if it cannot be had; the message says why, and the cure
   */
  Allocator create();
}
