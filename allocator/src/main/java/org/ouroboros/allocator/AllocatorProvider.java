package org.ouroboros.allocator;

/**
 * Where allocators of one kind come from. {@link Allocators} asks all providers that it knows: the
 * built-in ones and, as a service ({@link java.util.ServiceLoader}), those of embedders. The first
 * service that is available is the default allocator of a process that names none.
 *
 * <p>Thread rule: every method may be called from any thread.
 */
public interface AllocatorProvider {

  /**
   * The name by which the kind is chosen.
   *
   * @return the name: lower-case letters, digits, dots, hyphens, and underscores between them
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
