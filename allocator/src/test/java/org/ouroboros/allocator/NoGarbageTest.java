package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The hot paths make no Java object: counted by the JVM, not timed. */
class NoGarbageTest {

  private static final int OPERATIONS = 1_000_000;
  private static final long[] SIZES = {0, 16, 24, 100, 512, 1000, 4096, 8192, 8193, 20_000, 65_536};

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final OuroborosAllocator allocator = OuroborosAllocator.create();

  @AfterEach
  void close() {
    allocator.close();
  }

  private interface Work {
    void run(int operations);
  }

  @Test
  void shouldMakeNoObjectsWhenTheSharedFaceIsUsed() {
    assertNoGarbage(operations -> mallocAndFree(allocator, operations));
  }

  @Test
  void shouldMakeNoObjectsWhenAViewIsUsed() {
    try (Allocator view = allocator.confined()) {
      assertNoGarbage(operations -> mallocAndFree(view, operations));
      assertNoGarbage(operations -> resize(view, operations));
    }
  }

  @Test
  void shouldMakeNoObjectsWhenBlocksOfOthersAreFreed() {
    try (Allocator owner = allocator.confined();
        Allocator other = allocator.confined()) {
      assertNoGarbage(
          operations -> {
            long kept = owner.malloc(64);
            for (int i = 0; i < operations; i++) {
              other.free(owner.malloc(64));
            }
            owner.free(kept);
          });
    }
  }

  private static void mallocAndFree(Allocator face, int operations) {
    // One block of each size stays, so that no page is given up and made again.
    long[] live = new long[SIZES.length];
    for (int i = 0; i < operations; i++) {
      int at = i % SIZES.length;
      long block = face.malloc(SIZES[at]);
      face.free(live[at]);
      live[at] = block;
    }
    for (long block : live) {
      face.free(block);
    }
  }

  private static void resize(Allocator face, int operations) {
    long block = face.malloc(1);
    for (int i = 0; i < operations; i++) {
      block = face.realloc(block, SIZES[i % 6]);
    }
    face.free(block);
  }

  private static void assertNoGarbage(Work work) {
    work.run(OPERATIONS);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    work.run(OPERATIONS);
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(bytes).as("bytes for %d operations", OPERATIONS).isLessThan(OPERATIONS);
  }
}
