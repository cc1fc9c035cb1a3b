package org.ouroboros.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.fail;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;

/** The pooled shared arena: the promises of {@link SharedArenaPool}, each. */
class PooledArenaTest {

  abstract static class Pooled extends ArenaContractTest {

    private SharedArenaPool pool;

    @Override
    Arena open() {
      return pool.open();
    }

    @Override
    void flush() {
      pool.flush();
    }

    @BeforeEach
    void openPool() {
      pool = new SharedArenaPool(allocator);
    }

    /** Before the allocator, which the superclass closes after this. */
    @AfterEach
    void closePool() {
      pool.close();
    }

    @Test
    void shouldKeepOldDataToItselfWhenTheArenaIsClosed() {
      Arena old = open();
      MemorySegment segment = old.allocate(64).fill((byte) 7);
      old.close();
      for (int i = 0; i < 100; i++) {
        try (Arena next = open()) {
          next.allocate(64).fill((byte) 9);
        }
      }
      assertThat(segment.scope().isAlive()).isTrue();
      assertHolds(segment, (byte) 7);
      segment.fill((byte) 8);
      assertHolds(segment, (byte) 8);
    }

    @Test
    void shouldWaitForTheEndWhenANativeCallUsesASegment() throws Throwable {
      long before = live();
      Arena arena = open();
      MemorySegment numbers = arena.allocateFrom(ValueLayout.JAVA_INT, 3, 1, 2);
      NativeSort sorting =
          new NativeSort(
              () -> {
                arena.close();
                flush();
              });
      sorting.sort(numbers, 3);
      assertThat(numbers.toArray(ValueLayout.JAVA_INT)).containsExactly(1, 2, 3);
      flush();
      assertThatIllegalStateException().isThrownBy(() -> numbers.get(ValueLayout.JAVA_INT, 0));
      assertThat(live()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldNeverShowAnothersDataWhenThreadsReadOldSegments(long seed) throws Exception {
      final int threads = 4;
      AtomicReferenceArray<Owned> published = new AtomicReferenceArray<>(16);
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Random random = new Random(seed * threads + i);
        int id = i;
        work.add(
            () -> {
              int ended = 0;
              for (int round = 0; round < 2_000; round++) {
                try (Arena arena = open()) {
                  long value = (long) id << 32 | round;
                  MemorySegment mine = zeroed(arena.allocate(64), 64);
                  mine.setAtIndex(ValueLayout.JAVA_LONG, 0, value);
                  mine.setAtIndex(ValueLayout.JAVA_LONG, 7, value);
                  published.set(random.nextInt(published.length()), new Owned(mine, value));
                  Owned theirs = published.get(random.nextInt(published.length()));
                  ended += theirs == null || theirs.isIntact(seed) ? 0 : 1;
                }
              }
              return ended;
            });
      }
      long before = live();
      try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
        for (Future<Integer> result : executor.invokeAll(work, 60, TimeUnit.SECONDS)) {
          assertThat(result.get()).isNotNegative();
        }
      }
      flush();
      assertThat(live()).isEqualTo(before);
      for (int i = 0; i < published.length(); i++) {
        Owned last = published.get(i);
        assertThat(last == null || !last.isIntact(seed)).isTrue();
      }
    }
  }

  /** A segment and what its owner wrote at both ends. */
  private record Owned(MemorySegment segment, long value) {

    /** False if the segment has ended. */
    boolean isIntact(long seed) {
      long first;
      long last;
      try {
        first = segment.getAtIndex(ValueLayout.JAVA_LONG, 0);
        last = segment.getAtIndex(ValueLayout.JAVA_LONG, 7);
      } catch (IllegalStateException e) {
        return false;
      }
      if (first != value || last != value) {
        fail("seed %d: %x %x where %x was written", seed, first, last, value);
      }
      return true;
    }
  }

  @Nested
  class OnTheSharedFace extends Pooled {
    @Override
    Allocator createAllocator() {
      return OuroborosAllocator.create();
    }
  }

  @Nested
  class OnARegion extends Pooled {
    @Override
    Allocator createAllocator() {
      return Allocators.of("region");
    }
  }

  @Nested
  class OnTheCLibrary extends Pooled {
    @Override
    Allocator createAllocator() {
      return Allocators.of("libc");
    }
  }

  private final OuroborosAllocator allocator = OuroborosAllocator.create();

  @AfterEach
  void close() {
    allocator.close();
  }

  @Test
  void shouldEndWithTheLastArenaWhenTheEpochIsFull() {
    SharedArenaPool pool = new SharedArenaPool(allocator, 3, 1 << 20);
    MemorySegment first = openAndClose(pool, 10);
    MemorySegment second = openAndClose(pool, 10);
    assertThat(first.scope().isAlive()).isTrue();
    assertThat(allocator.stats().liveBlocks()).isEqualTo(2);
    MemorySegment third = openAndClose(pool, 10);
    for (MemorySegment segment : List.of(first, second, third)) {
      assertThat(segment.scope().isAlive()).isFalse();
    }
    assertThat(allocator.stats().liveBlocks()).isZero();
    assertThat(openAndClose(pool, 10).scope().isAlive()).isTrue();
    pool.close();
  }

  @Test
  void shouldEndWhenTheQuarantineIsFull() {
    SharedArenaPool pool = new SharedArenaPool(allocator, 1000, 100);
    MemorySegment first = openAndClose(pool, 100);
    assertThat(first.scope().isAlive()).isTrue();
    openAndClose(pool, 1);
    assertThat(first.scope().isAlive()).isFalse();
    assertThat(allocator.stats().liveBlocks()).isZero();
    pool.close();
  }

  @Test
  void shouldHoldTheQuarantineWhenAnArenaOfTheEpochStaysOpen() {
    SharedArenaPool pool = new SharedArenaPool(allocator, 2, 1 << 20);
    Arena open = pool.open();
    MemorySegment held = openAndClose(pool, 10);
    for (int i = 0; i < 10; i++) {
      openAndClose(pool, 10);
    }
    pool.flush();
    assertThat(held.scope().isAlive()).isTrue();
    assertThat(allocator.stats().liveBlocks()).isEqualTo(1);
    open.allocateFrom("still open");
    open.close();
    assertThat(held.scope().isAlive()).isFalse();
    assertThat(allocator.stats().liveBlocks()).isZero();
    pool.close();
  }

  @Test
  void shouldLetOpenArenasLiveWhenThePoolIsClosed() {
    SharedArenaPool pool = new SharedArenaPool(allocator);
    Arena open = pool.open();
    pool.close();
    pool.close();
    assertThatIllegalStateException().isThrownBy(pool::open);
    assertThat(open.allocateFrom("open").getString(0)).isEqualTo("open");
    open.close();
    assertThat(allocator.stats().liveBlocks()).isZero();
    pool.flush();
  }

  @Test
  void shouldRefuseAnAllocatorOfOneThreadAndFiguresOutOfRange() {
    try (Allocator view = allocator.confined()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new SharedArenaPool(view))
          .withMessageContaining("confined");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new SharedArenaPool(allocator, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new SharedArenaPool(allocator, 1, -1));
  }

  private static MemorySegment openAndClose(SharedArenaPool pool, long size) {
    try (Arena arena = pool.open()) {
      return arena.allocate(size);
    }
  }
}
