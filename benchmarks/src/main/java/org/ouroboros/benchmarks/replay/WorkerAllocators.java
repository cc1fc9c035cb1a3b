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
    String decorated = OUROBOROS + "_";
    if (name.startsWith(decorated) && !threads) {
      // Around the view that the undecorated one is measured through.
      return Allocators.decorate(
          OuroborosAllocator.create().confined(), name.substring(decorated.length()));
    }
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

  /** Whether it is the default allocator, with decorators or without. */
  static boolean isJava(String name) {
    return isOuroboros(name) || name.startsWith(OUROBOROS + "_");
  }

  private static Allocator face(OuroborosAllocator shared, String name, boolean threads) {
    return threads || name.equals(OUROBOROS_SHARED) ? shared : shared.confined();
  }
}
