package org.ouroboros.allocator.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.arrow.OuroborosAllocationManager;

/** The code of {@code docs/from-arrow.md}: what stands between the comments is on the page. */
class FromArrowTest {

  @Test
  void before() {
    int value;
    // PAGE from-arrow
    try (BufferAllocator root = new RootAllocator(1L << 30);
        IntVector numbers = new IntVector("numbers", root)) {
      numbers.setSafe(0, 42);
      numbers.setValueCount(1);
      value = numbers.get(0);
    }
    // PAGE end
    assertThat(value).isEqualTo(42);
  }

  @Test
  void after() {
    int value;
    // PAGE from-arrow
    try (Allocator memory = OuroborosAllocator.create();
        BufferAllocator root =
            new RootAllocator(
                RootAllocator.configBuilder()
                    .allocationManagerFactory(OuroborosAllocationManager.factory(memory))
                    .maxAllocation(1L << 30)
                    .build());
        IntVector numbers = new IntVector("numbers", root)) {
      numbers.setSafe(0, 42);
      numbers.setValueCount(1);
      value = numbers.get(0);
    } // numbers, then root, then the memory
    // PAGE end
    assertThat(value).isEqualTo(42);
  }

  @Test
  void limits() {
    try (Allocator memory = OuroborosAllocator.create();
        BufferAllocator root =
            new RootAllocator(
                RootAllocator.configBuilder()
                    .allocationManagerFactory(OuroborosAllocationManager.factory(memory))
                    .maxAllocation(1L << 30)
                    .build())) {
      // PAGE from-arrow
      try (BufferAllocator query = root.newChildAllocator("query", 0, 1 << 20)) { // on it too
        IntVector numbers = new IntVector("numbers", query);
        numbers.allocateNew(1000);
        System.out.println(query.getAllocatedMemory() + " " + memory.stats().liveBytes());
        numbers.close();
      }
      // PAGE end
      try (BufferAllocator small = root.newChildAllocator("small", 0, 1024)) {
        assertThatThrownBy(() -> small.buffer(4096)).isInstanceOf(OutOfMemoryException.class);
      }
      assertThat(memory.stats().liveBlocks()).isZero();
    }
  }
}
