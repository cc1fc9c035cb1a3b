package org.ouroboros.allocator.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.ForkedJvm;
import org.ouroboros.allocator.OuroborosAllocator;

/** A request that fails, where Arrow keeps a list of all buffers. */
class ArrowDebugModeTest {

  /** Closes a root after a failure, which Arrow refuses if a buffer is on its list. */
  static final class Failing {

    public static void main(String[] args) {
      try (Allocator memory = OuroborosAllocator.create();
          BufferAllocator root = root(OuroborosAllocationManager.factory(memory))) {
        root.buffer(64).close();
        try {
          root.buffer(1L << 62);
        } catch (OutOfMemoryException e) {
          System.out.println("failed");
        }
      }
      System.out.println("closed");
    }

    private static BufferAllocator root(AllocationManager.Factory factory) {
      return new RootAllocator(
          RootAllocator.configBuilder().allocationManagerFactory(factory).build());
    }
  }

  @Test
  void shouldLeaveNoBufferOnTheListOfArrowsDebugMode() throws Exception {
    ForkedJvm.Result result = ArrowJvm.run(Failing.class, "-Darrow.memory.debug.allocator=true");
    assertThat(result.out().lines()).as(result.err()).containsExactly("failed", "closed");
  }
}
