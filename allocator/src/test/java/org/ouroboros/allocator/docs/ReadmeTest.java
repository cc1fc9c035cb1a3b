package org.ouroboros.allocator.docs;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;

/**
 * The README's examples of the allocator; the collector's are in its own {@code ReadmeTest}, which
 * compares both with the README.
 */
class ReadmeTest {

  @Test
  void mallocAndFree() {
    // README malloc
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      long address = allocator.malloc(100); // any thread
      address = allocator.realloc(address, 200); // in place, or moved
      allocator.free(address);

      MemorySegment point = allocator.allocate(16); // as a SegmentAllocator: 16 bytes exactly
      point.set(ValueLayout.JAVA_DOUBLE, 0, 1.5);
      allocator.free(point);

      try (Allocator mine = allocator.confined()) { // for this thread only
        long block = mine.malloc(64);
        allocator.free(block); // freed through any face of the same allocator
      }
      System.out.println(allocator.stats());
      System.out.println(allocator.pageMap());
    }
    // README end
  }

  @Test
  void byName() {
    assumeTrue(
        Allocators.list().stream()
            .anyMatch(one -> one.name().equals("mimalloc") && one.available()));
    // README names
    Allocator allocator = Allocators.of("mimalloc"); // or ouroboros, libc, jemalloc, tcmalloc, ...
    Allocators.list().forEach(System.out::println); // what is here; what is not, why, and the cure
    // README end
    allocator.free(allocator.malloc(10));
    allocator.close();
  }
}
