package org.ouroboros.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.source.MappedFileSource;

/** The confined arena on several allocators: what {@link Arena#ofConfined()} promises. */
class ConfinedArenaTest {

  abstract static class Confined extends ArenaContractTest {

    @Override
    Arena open() {
      return Arenas.ofConfined(allocator);
    }

    @Test
    void shouldRefuseWhenTheThreadIsAnother() throws Exception {
      long before = live();
      try (Arena arena = open()) {
        MemorySegment segment = arena.allocate(10);
        assertThat(segment.isAccessibleBy(Thread.currentThread())).isTrue();
        assertThat(segment.isAccessibleBy(new Thread())).isFalse();
        for (ThrowingCallable call :
            List.<ThrowingCallable>of(
                arena::close,
                () -> arena.allocate(10),
                () -> arena.allocate(10, 4096),
                () -> segment.get(ValueLayout.JAVA_BYTE, 0))) {
          inThread(() -> assertThatExceptionOfType(WrongThreadException.class).isThrownBy(call));
        }
        segment.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
      }
      assertThat(live()).isEqualTo(before);
    }

    @Test
    void shouldNotCloseWhenANativeCallUsesASegment() throws Throwable {
      Arena arena = open();
      MemorySegment numbers = arena.allocateFrom(ValueLayout.JAVA_INT, 3, 1, 2);
      NativeSort sorting = new NativeSort(arena::close);
      sorting.sort(numbers, 3);
      assertThat(sorting.refused()).isNotEmpty().allMatch(IllegalStateException.class::isInstance);
      assertThat(numbers.toArray(ValueLayout.JAVA_INT)).containsExactly(1, 2, 3);
      arena.close();
      assertThatIllegalStateException().isThrownBy(() -> numbers.get(ValueLayout.JAVA_INT, 0));
    }
  }

  @Nested
  class OnAConfinedView extends Confined {
    private OuroborosAllocator shared;

    @Override
    Allocator createAllocator() {
      shared = OuroborosAllocator.create();
      return shared.confined();
    }

    @AfterEach
    void closeShared() {
      shared.close();
    }
  }

  @Nested
  class OnTheSharedFace extends Confined {
    @Override
    Allocator createAllocator() {
      return OuroborosAllocator.create();
    }
  }

  @Nested
  class OnAMappedFile extends Confined {
    @Override
    Allocator createAllocator() {
      return OuroborosAllocator.builder().source(MappedFileSource.create()).build();
    }
  }

  @Nested
  class OnARegion extends Confined {
    @Override
    Allocator createAllocator() {
      return Allocators.of("region");
    }
  }

  @Nested
  class OnTheCLibrary extends Confined {
    @Override
    Allocator createAllocator() {
      return Allocators.of("libc");
    }
  }

  @Test
  void shouldRefuseWhenThereIsNoAllocator() {
    assertThatNullPointerException().isThrownBy(() -> Arenas.ofConfined(null));
  }

  @Test
  void shouldWriteWhatWasAskedForAndNoMoreWhenItZeroes() {
    try (Arena memory = Arena.ofConfined()) {
      for (long size = 0; size <= 200; size++) {
        MemorySegment around = memory.allocate(256 + 32, 16).fill((byte) 7);
        Allocator one = FixedBlock.at(around.asSlice(16, 256));
        try (Arena arena = Arenas.ofConfined(one)) {
          arena.allocate(size, 1);
        }
        assertThat(around.asSlice(16, size).mismatch(ArenaContractTest.filled(size, (byte) 0)))
            .isEqualTo(-1);
        assertThat(around.asSlice(0, 16).toArray(ValueLayout.JAVA_BYTE)).containsOnly(7);
        assertThat(around.asSlice(16 + size).toArray(ValueLayout.JAVA_BYTE)).containsOnly(7);
      }
    }
  }

  @Test
  void shouldFreeAllAndTellTheFirstFailureWhenTheAllocatorRefusesBlocks() {
    List<Long> freed = new ArrayList<>();
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment block = memory.allocate(256);
      Allocator refusing = FixedBlock.refusing(block, freed);
      Arena arena = Arenas.ofConfined(refusing);
      arena.allocate(8);
      arena.allocate(8);
      arena.allocate(8);
      assertThatIllegalStateException()
          .isThrownBy(arena::close)
          .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
      assertThat(freed).hasSize(3);
    }
  }

  private interface Work {
    void run();
  }

  private static void inThread(Work work) throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread.ofPlatform().uncaughtExceptionHandler((t, e) -> failure.set(e)).start(work::run).join();
    assertThat(failure.get()).isNull();
  }
}
