package org.ouroboros.benchmarks.workload;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;

/**
 * An allocator by its name here, and the face of it that each thread calls. {@code ouroboros} and
 * the C libraries have one face for all threads; with {@code ouroboros-confined} each thread has a
 * view of its own, closes it before it dies, and frees blocks of other threads through it.
 */
final class Faces implements AutoCloseable {

  static final String SHARED = "ouroboros";
  static final String CONFINED = "ouroboros-confined";

  private final Allocator allocator;
  private final boolean confined;

  private Faces(Allocator allocator, boolean confined) {
    this.allocator = allocator;
    this.confined = confined;
  }

  /**
   * Opens an allocator.
   *
   * @throws org.ouroboros.allocator.AllocatorUnavailableException if it cannot be had
   */
  static Faces open(String name) {
    return name.equals(CONFINED)
        ? new Faces(OuroborosAllocator.create(), true)
        : new Faces(Allocators.of(name), false);
  }

  static boolean isOurs(String name) {
    return name.equals(SHARED) || name.equals(CONFINED);
  }

  /** The face for the calling thread. */
  Allocator enter() {
    return confined ? ((OuroborosAllocator) allocator).confined() : allocator;
  }

  /** The calling thread will not use its face again. */
  void leave(Allocator face) {
    if (confined) {
      face.close();
    }
  }

  /** How many blocks are live, or a negative number if the allocator does not tell. */
  long liveBlocks() {
    return allocator.stats().liveBlocks();
  }

  @Override
  public void close() {
    allocator.close();
  }
}
