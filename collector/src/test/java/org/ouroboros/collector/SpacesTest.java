package org.ouroboros.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Availability;

/** Which spaces this machine has: the report of a build says of the others why not. */
class SpacesTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(1).build();

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#names")
  void aNameIsEnough(String name) {
    HeapOptions options = HeapOptions.DEFAULT;
    if (!name.equals(Spaces.PAGED)) {
      Availability found = Allocators.availability(name);
      assumeTrue(found.available(), found.detail());
      options = options.withAllocator(() -> Allocators.of(name));
    }
    try (Heap heap = Heap.ofConfined(options)) {
      long node = heap.allocate(NODE);
      heap.setRef(node, 0, node);
      heap.release(node);
      assertThat(heap.collector().collect()).isEqualTo(1);
      assertThat(heap.toString()).contains(name);
    }
  }
}
