package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract on every C library that this machine has. */
class NativeAllocatorTest {

  /** A new allocator; where there is none the test is skipped and says why. */
  private static Allocator available(String name) {
    try {
      return Allocators.of(name);
    } catch (AllocatorUnavailableException e) {
      return abort(e.getMessage());
    }
  }

  @Nested
  class Libc extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("libc");
    }
  }

  @Nested
  class Mimalloc extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("mimalloc");
    }
  }

  @Nested
  class MimallocOfLwjgl extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("mimalloc-lwjgl");
    }
  }

  @Nested
  class Jemalloc extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("jemalloc");
    }
  }

  @Nested
  class JemallocOfLwjgl extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("jemalloc-lwjgl");
    }
  }

  @Nested
  class Tcmalloc extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("tcmalloc");
    }
  }

  @Nested
  class Rpmalloc extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("rpmalloc");
    }

    /** Its own limit. */
    @Override
    protected long maxAlignment() {
      return 128 << 10;
    }

    @Test
    void shouldFailTypedWhenTheLibraryHasNoSuchAlignment() {
      try (Allocator allocator = create()) {
        assertThatExceptionOfType(AllocationFailedException.class)
            .isThrownBy(() -> allocator.alignedAlloc(256 << 10, 100))
            .withMessageContaining("alignment 262144");
      }
    }

    @Test
    void shouldServeThreadsWhenNobodyToldTheLibraryOfThem() throws Exception {
      try (Allocator allocator = create();
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Long>> blocks = new ArrayList<>();
        blocks.add(inNewThread(() -> allocator.malloc(100)));
        blocks.add(inNewThread(() -> allocator.calloc(10, 1000)));
        blocks.add(inNewThread(() -> allocator.alignedAlloc(256, 10)));
        blocks.add(inNewThread(() -> allocator.realloc(0, 1 << 20)));
        blocks.add(inNewThread(() -> allocator.realloc(blocks.getFirst().get(), 5000)));
        blocks.removeFirst().get();
        for (int i = 0; i < 100; i++) {
          blocks.add(threads.submit(() -> allocator.malloc(100)));
        }
        for (Future<Long> block : blocks) {
          allocator.segment(block.get(), 10).fill((byte) 1);
          inNewThread(
                  () -> {
                    allocator.free(block.get());
                    return 0L;
                  })
              .get();
        }
      }
    }

    private static Future<Long> inNewThread(Callable<Long> call) throws InterruptedException {
      FutureTask<Long> task = new FutureTask<>(call);
      Thread thread = Thread.ofPlatform().start(task);
      thread.join();
      return task;
    }
  }
}
