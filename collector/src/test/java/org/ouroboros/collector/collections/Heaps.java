package org.ouroboros.collector.collections;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;

/** The heaps that the properties of collections are tried on. */
enum Heaps {
  PAGED,
  PAGED_CHECKED,
  PAGED_DEBUG,
  TORTURE,
  LIBC,
  LIBC_CHECKED;

  /** The options, of small heaps: hundreds are made. */
  HeapOptions options() {
    HeapOptions paged = HeapOptions.DEFAULT.withReservation(64 << 20);
    HeapOptions libc = paged.withAllocator(() -> Allocators.of("libc"));
    return switch (this) {
      case PAGED -> paged;
      case PAGED_CHECKED -> paged.withMode(HeapMode.CHECKED);
      case PAGED_DEBUG -> paged.withMode(HeapMode.DEBUG);
      case TORTURE -> paged.withMode(HeapMode.CHECKED).withTorture(true);
      case LIBC -> libc;
      case LIBC_CHECKED -> libc.withMode(HeapMode.CHECKED);
    };
  }

  static Arbitrary<Heaps> any() {
    return Arbitraries.of(Heaps.class);
  }
}
