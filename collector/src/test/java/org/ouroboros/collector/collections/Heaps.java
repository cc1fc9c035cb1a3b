package org.ouroboros.collector.collections;

import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.Spaces;

/**
 * The heaps that the properties of collections are tried on.
 *
 * @param name for the reports of failures
 * @param options of small heaps: hundreds are made
 */
record Heaps(String name, HeapOptions options) {

  static final Heaps PAGED = paged(HeapMode.NORMAL);
  static final Heaps PAGED_DEBUG = paged(HeapMode.DEBUG);
  static final Heaps LIBC_CHECKED =
      new Heaps(
          "libc, CHECKED",
          HeapOptions.DEFAULT
              .withAllocator(() -> Allocators.of("libc"))
              .withMode(HeapMode.CHECKED));

  private static final Heaps PAGED_TORTURE =
      new Heaps("paged, torture", paged(HeapMode.CHECKED).options().withTorture(true));

  private static Heaps paged(HeapMode mode) {
    return new Heaps(
        "paged, " + mode, HeapOptions.DEFAULT.withReservation(64 << 20).withMode(mode));
  }

  static Arbitrary<Heaps> any() {
    Stream<Heaps> ordinary =
        Spaces.inAllModes()
            .map(heap -> new Heaps(heap.getName(), heap.getPayload().withReservation(64 << 20)));
    return Arbitraries.of(Stream.concat(ordinary, Stream.of(PAGED_TORTURE)).toList());
  }

  @Override
  public String toString() {
    return name;
  }
}
