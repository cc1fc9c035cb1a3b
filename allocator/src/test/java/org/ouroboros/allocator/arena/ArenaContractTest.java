package org.ouroboros.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;

/** What {@link Arena} promises of every arena, on any allocator. */
abstract class ArenaContractTest {

  /** Where memory comes from. */
  Allocator allocator;

  /** A new allocator; it is closed after the test. */
  abstract Allocator createAllocator();

  /** A new arena over {@link #allocator}. */
  abstract Arena open();

  /** Gets back what arenas keep after their close, if they keep any. */
  void flush() {}

  @BeforeEach
  void openAllocator() {
    allocator = createAllocator();
  }

  @AfterEach
  void closeAllocator() {
    if (allocator != null) {
      allocator.close();
    }
  }

  @Test
  void shouldZeroWhenMemoryIsReused() {
    for (int round = 0; round < 3; round++) {
      try (Arena arena = open()) {
        for (long size = 0; size < 300; size++) {
          dirty(zeroed(arena.allocate(size, 1), size));
          dirty(zeroed(arena.allocate(size, 64), size));
        }
        for (long size = 300; size < 300_000; size = size * 3 / 2) {
          dirty(zeroed(arena.allocate(size, 16), size));
          dirty(zeroed(arena.allocate(size, 4096), size));
        }
      }
      flush();
    }
  }

  @Test
  void shouldAlignAndKeepApartWhenAskedForManyBlocks() {
    try (Arena arena = open()) {
      List<MemorySegment> all = new ArrayList<>();
      for (long alignment = 1; alignment <= 1 << 16; alignment *= 2) {
        for (long size : new long[] {0, 1, 8, 24, 100, 5000}) {
          MemorySegment segment = arena.allocate(size, alignment);
          assertThat(segment.address()).isNotZero();
          assertThat(segment.address() % alignment).isZero();
          assertThat(segment.byteSize()).isEqualTo(size);
          segment.fill((byte) all.size());
          all.add(segment);
        }
      }
      assertThat(all.stream().map(MemorySegment::address)).doesNotHaveDuplicates();
      for (int i = 0; i < all.size(); i++) {
        assertHolds(all.get(i), (byte) i);
      }
    }
  }

  @Test
  void shouldBeASegmentAllocatorWhenStringsAndNumbersAreAllocated() {
    try (Arena arena = open()) {
      assertThat(arena.allocateFrom("ouroboros").getString(0)).isEqualTo("ouroboros");
      assertThat(arena.allocateFrom(ValueLayout.JAVA_LONG, 1, 2, 3).getAtIndex(JAVA_LONG, 2))
          .isEqualTo(3);
    }
  }

  private static final ValueLayout.OfLong JAVA_LONG = ValueLayout.JAVA_LONG;

  @Test
  void shouldCheckBoundsWhenASegmentIsTouched() {
    try (Arena arena = open()) {
      MemorySegment segment = arena.allocate(10);
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 10));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, -1));
      assertThat(segment.isNative()).isTrue();
      assertThat(segment.isReadOnly()).isFalse();
    }
  }

  @Test
  void shouldShareItsScopeWhenSegmentsAreAllocated() {
    try (Arena arena = open()) {
      MemorySegment segment = arena.allocate(10);
      assertThat(segment.scope()).isEqualTo(arena.scope());
      assertThat(segment.asSlice(1).scope()).isEqualTo(arena.scope());
      assertThat(arena.scope().isAlive()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, -100, Long.MIN_VALUE})
  void shouldRefuseWhenSizeIsNegative(long size) {
    long before = live();
    try (Arena arena = open()) {
      assertThatIllegalArgumentException().isThrownBy(() -> arena.allocate(size, 1));
      assertThatIllegalArgumentException().isThrownBy(() -> arena.allocate(size, 4096));
      arena.allocate(10);
    }
    flush();
    assertThat(live()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3, 12, 48, -1, -16, Long.MIN_VALUE, Long.MAX_VALUE})
  void shouldRefuseWhenAlignmentIsNoPowerOfTwo(long alignment) {
    long before = live();
    try (Arena arena = open()) {
      assertThatIllegalArgumentException().isThrownBy(() -> arena.allocate(10, alignment));
    }
    flush();
    assertThat(live()).isEqualTo(before);
  }

  @Test
  void shouldGoOnWhenARequestFailed() {
    try (Arena arena = open()) {
      MemorySegment segment = arena.allocateFrom("kept");
      assertThatExceptionOfType(AllocationFailedException.class)
          .isThrownBy(() -> arena.allocate(1L << 60));
      assertThatExceptionOfType(AllocationFailedException.class)
          .isThrownBy(() -> arena.allocate(1L << 60, 4096));
      assertThat(segment.getString(0)).isEqualTo("kept");
      assertThat(arena.allocateFrom("more").getString(0)).isEqualTo("more");
    }
  }

  @Test
  void shouldRefuseWhenItIsClosed() {
    long before = live();
    Arena arena = open();
    arena.allocate(10);
    arena.close();
    assertThatIllegalStateException().isThrownBy(arena::close);
    assertThatIllegalStateException().isThrownBy(() -> arena.allocate(10));
    assertThatIllegalStateException().isThrownBy(() -> arena.allocate(10, 4096));
    assertThatIllegalStateException().isThrownBy(() -> arena.allocate(0));
    flush();
    assertThat(live()).isEqualTo(before);
  }

  @Test
  void shouldEndSegmentsWhenItIsClosed() {
    Arena arena = open();
    MemorySegment segment = arena.allocate(10);
    MemorySegment slice = segment.asSlice(5);
    arena.close();
    flush();
    assertThat(arena.scope().isAlive()).isFalse();
    assertThat(segment.scope().isAlive()).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0));
    assertThatIllegalStateException().isThrownBy(() -> slice.fill((byte) 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 100})
  void shouldGiveBlocksBackWhenItIsClosed(int count) {
    long before = live();
    for (int round = 0; round < 3; round++) {
      try (Arena arena = open()) {
        for (int i = 0; i < count; i++) {
          arena.allocate(i * 31L, 1L << i % 12);
        }
        if (before != AllocatorStats.UNKNOWN) {
          assertThat(live()).isGreaterThanOrEqualTo(before + count);
        }
      }
    }
    flush();
    assertThat(live()).isEqualTo(before);
  }

  @Test
  @SuppressWarnings("restricted")
  void shouldRunCleanupsWhenSomethingElseIsBoundToIt() {
    List<String> order = new ArrayList<>();
    try (Arena arena = open()) {
      MemorySegment.ofAddress(4096).reinterpret(10, arena, s -> order.add("cleaned"));
      arena.allocate(10);
      order.add("open");
    }
    flush();
    assertThat(order).containsExactly("open", "cleaned");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldKeepContentsWhenManyArenasAreOpen(long seed) {
    Random random = new Random(seed);
    List<Filled> open = new ArrayList<>();
    for (int event = 0; event < 5_000; event++) {
      if (open.isEmpty() || random.nextInt(10) == 0) {
        open.add(new Filled(open(), new ArrayList<>(), new ArrayList<>()));
      }
      Filled one = open.get(random.nextInt(open.size()));
      if (random.nextInt(20) == 0) {
        one.verify(seed);
        one.arena.close();
        open.remove(one);
      } else {
        long size = random.nextLong(1L << random.nextInt(12));
        one.add(zeroed(one.arena.allocate(size, 1L << random.nextInt(8)), size), (byte) event);
      }
    }
    for (Filled one : open) {
      one.verify(seed);
      one.arena.close();
    }
  }

  private record Filled(Arena arena, List<MemorySegment> segments, List<Byte> values) {
    void add(MemorySegment segment, byte value) {
      segments.add(segment.fill(value));
      values.add(value);
    }

    void verify(long seed) {
      for (int i = 0; i < segments.size(); i++) {
        assertThat(segments.get(i).mismatch(filled(segments.get(i).byteSize(), values.get(i))))
            .as("seed %d", seed)
            .isEqualTo(-1);
      }
    }
  }

  /** Live blocks of the allocator, or {@link AllocatorStats#UNKNOWN} always. */
  final long live() {
    return allocator.stats().liveBlocks();
  }

  static MemorySegment zeroed(MemorySegment segment, long size) {
    assertThat(segment.byteSize()).isEqualTo(size);
    assertThat(segment.mismatch(MemorySegment.ofArray(new byte[(int) size])))
        .as("first dirty byte of %d", size)
        .isEqualTo(-1);
    return segment;
  }

  static void assertHolds(MemorySegment segment, byte value) {
    assertThat(segment.mismatch(filled(segment.byteSize(), value))).isEqualTo(-1);
  }

  static MemorySegment filled(long size, byte value) {
    return MemorySegment.ofArray(new byte[(int) size]).fill(value);
  }

  private static void dirty(MemorySegment segment) {
    segment.fill((byte) -1);
  }
}
