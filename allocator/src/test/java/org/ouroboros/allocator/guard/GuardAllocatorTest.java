package org.ouroboros.allocator.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.debug.DamagedBlockException;
import org.ouroboros.allocator.debug.DamagedBlockException.Kind;
import org.ouroboros.allocator.debug.InvalidBlockException;

class GuardAllocatorTest {

  private static final GuardOptions ALL = GuardOptions.DEFAULT.withEvery(1);

  private static GuardAllocator guard(GuardOptions options) {
    return GuardAllocator.wrap(OuroborosAllocator.create(), options);
  }

  private static long allocateHere(Allocator allocator, long size) {
    return allocator.malloc(size);
  }

  private static void freeHere(Allocator allocator, long block) {
    allocator.free(block);
  }

  @SuppressWarnings("restricted")
  private static void write(long address) {
    MemorySegment.NULL.reinterpret(Long.MAX_VALUE).set(ValueLayout.JAVA_BYTE, address, (byte) 1);
  }

  @Test
  void shouldTellOverflowAndUnderflowAndWhoAllocated() {
    for (long offset : new long[] {100, 163, -1, -64}) {
      GuardAllocator guard = guard(ALL);
      long block = allocateHere(guard, 100);
      write(block + offset);
      assertThatExceptionOfType(DamagedBlockException.class)
          .isThrownBy(() -> freeHere(guard, block))
          .withMessageContaining("allocateHere")
          .satisfies(
              e -> {
                assertThat(e.kind()).isEqualTo(offset < 0 ? Kind.BEFORE : Kind.AFTER);
                assertThat(e.offset()).isEqualTo(offset);
                assertThat(e.block().allocatedAt().getFirst().getMethodName())
                    .isEqualTo("allocateHere");
              });
      assertThatExceptionOfType(DamagedBlockException.class).isThrownBy(guard::verifyAll);
      guard.close();
    }
  }

  @Test
  void shouldTellWritesAfterFreeWithBothStacks() {
    GuardAllocator guard = guard(ALL);
    long block = allocateHere(guard, 100);
    freeHere(guard, block);
    write(block + 50);
    assertThatExceptionOfType(DamagedBlockException.class)
        .isThrownBy(guard::close)
        .withMessageContaining("allocateHere")
        .withMessageContaining("freeHere")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.AFTER_FREE));
  }

  @Test
  void shouldTellWritesAfterFreeWhenTheBlockLeavesTheQuarantine() {
    GuardAllocator guard = guard(ALL.withQuarantineBytes(4096));
    long block = allocateHere(guard, 100);
    freeHere(guard, block);
    write(block);
    assertThatExceptionOfType(DamagedBlockException.class)
        .isThrownBy(
            () -> {
              for (int i = 0; i < 1000; i++) {
                guard.free(guard.malloc(100));
              }
            })
        .withMessageContaining("freeHere");
    guard.close();
  }

  @Test
  void shouldTellDoubleAndForeignFreesWithBothStacks() {
    try (GuardAllocator guard = guard(ALL)) {
      long block = allocateHere(guard, 100);
      assertThatExceptionOfType(InvalidBlockException.class)
          .isThrownBy(() -> guard.free(block + 16))
          .withMessageContaining("allocateHere");
      freeHere(guard, block);
      assertThatExceptionOfType(InvalidBlockException.class)
          .isThrownBy(() -> guard.free(block))
          .withMessageContaining("allocateHere")
          .withMessageContaining("freeHere");
      assertThatExceptionOfType(InvalidFreeException.class).isThrownBy(() -> guard.free(4096));
      assertThat(guard.blockAt(block).orElseThrow().freedAt().getFirst().getMethodName())
          .isEqualTo("freeHere");
      assertThat(guard.blockAt(4096)).isEmpty();
    }
  }

  @Test
  void shouldGuardOneInAThousandAtRandom() {
    try (GuardAllocator guard = guard(GuardOptions.DEFAULT.withStackDepth(1))) {
      List<Integer> gaps = new ArrayList<>();
      int gap = 0;
      for (int i = 0; i < 400_000; i++) {
        gap++;
        long block = guard.malloc(40);
        if (guard.blockAt(block).isPresent()) {
          gaps.add(gap);
          gap = 0;
        }
        guard.free(block);
      }
      // Five standard errors of 400.
      assertThat(gaps.size()).isCloseTo(400, within(100));
      assertThat(gaps.stream().distinct().count()).isGreaterThan(100);
    }
  }

  @Test
  void shouldMoveGuardedBlocksThatGrowTooLarge() {
    try (GuardAllocator guard = guard(ALL)) {
      long block = guard.calloc(1, 1000);
      write(block + 999);
      long larger = guard.realloc(block, 2 << 20);
      assertThat(guard.blockAt(larger)).isEmpty();
      assertThat(guard.segment(larger, 1000).get(ValueLayout.JAVA_BYTE, 999)).isOne();
      assertThat(guard.segment(larger, 1000).get(ValueLayout.JAVA_BYTE, 998)).isZero();
      assertThat(guard.stats().liveBlocks()).isOne();
      guard.free(larger);
    }
  }

  @Test
  void shouldServeManyThreads() throws Exception {
    try (GuardAllocator guard = guard(GuardOptions.DEFAULT.withEvery(10))) {
      List<Throwable> failures = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      var queue = new java.util.concurrent.LinkedBlockingQueue<Long>();
      for (int i = 0; i < 8; i++) {
        threads.add(
            Thread.ofPlatform()
                .uncaughtExceptionHandler(
                    (thread, e) -> {
                      synchronized (failures) {
                        failures.add(e);
                      }
                    })
                .start(
                    () -> {
                      for (int n = 0; n < 20_000; n++) {
                        queue.add(guard.realloc(guard.malloc(n & 127), n & 255));
                        Long other = queue.poll();
                        if (other != null) {
                          guard.free(other);
                        }
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
      queue.forEach(guard::free);
      assertThat(guard.stats().liveBlocks()).isZero();
      guard.verifyAll();
    }
  }

  @Test
  void shouldTakeItsOptionsFromPropertiesOrFailTyped() {
    System.setProperty(GuardOptions.EVERY, "1");
    try (Allocator named = Allocators.of("ouroboros_guard")) {
      assertThat(((GuardAllocator) named).blockAt(named.malloc(5))).isPresent();
      for (String value : List.of("0", "-5", "x")) {
        System.setProperty(GuardOptions.EVERY, value);
        assertThatExceptionOfType(AllocatorUnavailableException.class)
            .isThrownBy(() -> Allocators.of("ouroboros_guard"))
            .withMessageContaining(value);
      }
    } finally {
      System.clearProperty(GuardOptions.EVERY);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new GuardOptions(1, 1, 1, 17));
  }
}
