package org.ouroboros.benchmarks.graph;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;

/**
 * Where the objects of a run lie, and how much misuse its heaps detect.
 *
 * @param name as the user writes it
 * @param options of the heaps
 */
record SpaceChoice(String name, HeapOptions options) {

  private static final String PAGED = "paged";
  private static final String ON_ALLOCATOR = "allocator:";

  /**
   * Chooses by names.
   *
   * @param space {@code paged}, or {@code allocator:} and the name of one
   * @param mode the name of a {@link HeapMode}
   * @throws IllegalArgumentException if one is not known or not to be had; one line
   */
  static SpaceChoice of(String space, String mode) {
    HeapOptions options = HeapOptions.DEFAULT.withMode(mode(mode));
    if (space.equals(PAGED)) {
      return new SpaceChoice(space, options);
    }
    if (!space.startsWith(ON_ALLOCATOR)) {
      throw new IllegalArgumentException(
          "unknown space '" + space + "'; known are " + PAGED + " and " + knownOnAllocators());
    }
    String allocator = space.substring(ON_ALLOCATOR.length());
    try (Allocator tried = Allocators.of(allocator)) {
      return new SpaceChoice(space, options.withAllocator(() -> Allocators.of(tried.name())));
    } catch (AllocatorException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static HeapMode mode(String name) {
    for (HeapMode mode : HeapMode.values()) {
      if (lower(mode).equals(name)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "unknown mode '"
            + name
            + "'; known are "
            + Arrays.stream(HeapMode.values())
                .map(SpaceChoice::lower)
                .collect(Collectors.joining(", ")));
  }

  /**
   * The same with marking threads.
   *
   * @param threads 1 to the number of processors
   * @throws IllegalArgumentException if it is not; one line
   */
  SpaceChoice withMarkingThreads(int threads) {
    return new SpaceChoice(name, options.withMarkingThreads(threads));
  }

  /** The mode in words. */
  String mode() {
    return lower(options.mode());
  }

  private static String lower(HeapMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  private static String knownOnAllocators() {
    return Allocators.names().stream()
        .map(name -> ON_ALLOCATOR + name)
        .collect(Collectors.joining(", "));
  }
}
