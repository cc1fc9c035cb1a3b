package org.ouroboros.benchmarks.replay;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;

/**
 * The allocators by the names that {@code replay} knows them by. On one thread {@code ouroboros} is
 * a confined view of the default allocator, what a program with one thread would take, and {@code
 * ouroboros-shared} its shared face; with several threads {@code ouroboros} is the shared face.
 */
final class WorkerAllocators {

  static final String OUROBOROS = "ouroboros";
  static final String OUROBOROS_SHARED = "ouroboros-shared";

  private WorkerAllocators() {}

  /** Opens an allocator for the calling thread, or for any if {@code threads}. */
  static Allocator open(String name, boolean threads) {
    if (!isOuroboros(name)) {
      return Allocators.of(name);
    }
    return face(OuroborosAllocator.create(), name, threads);
  }

  /** The same on a source of the caller's; only for names that {@link #isOuroboros} accepts. */
  static Allocator open(String name, boolean threads, WatchedSource source) {
    return face(OuroborosAllocator.builder().source(source).build(), name, threads);
  }

  static boolean isOuroboros(String name) {
    return name.equals(OUROBOROS) || name.equals(OUROBOROS_SHARED);
  }

  private static Allocator face(OuroborosAllocator shared, String name, boolean threads) {
    return threads || name.equals(OUROBOROS_SHARED) ? shared : shared.confined();
  }
}
