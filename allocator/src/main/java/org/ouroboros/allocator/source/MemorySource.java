package org.ouroboros.allocator.source;

/**
 * Where an allocator's memory comes from: address space that is reserved once, and pages of it that
 * are committed, purged and released. Embedders supply their own to place or to watch the memory.
 *
 * <p>Thread rule: every method may be called from any thread. Cost: each call is a system call or
 * several; allocators keep them off their hot paths.
 */
public interface MemorySource {

  /**
   * The source's short name, such as {@code mmap}.
   *
   * @return the name
   */
  String name();

  /**
   * The unit of commit and purge.
   *
   * @return bytes, a power of two
   */
  long granularity();

  /**
   * Whether {@link Reservation#purge} gives memory back to the operating system.
   *
   * @return false if it does nothing
   */
  boolean purges();

  /**
   * Reserves address space. No memory stands behind it until it is committed.
   *
   * @param bytes how much; a positive multiple of {@link #granularity()}
   * @param alignment what its address is to be a multiple of; a power of two
   * @return the reservation, which the caller must release
   * @throws SourceException if there is not that much address space
   * @throws IllegalArgumentException if {@code bytes} or {@code alignment} is not as said
   */
  Reservation reserve(long bytes, long alignment);
}
