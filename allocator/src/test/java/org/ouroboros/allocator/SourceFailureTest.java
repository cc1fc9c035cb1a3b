package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroboros.allocator.source.FailingSource;
import org.ouroboros.allocator.source.FailingSource.Operation;
import org.ouroboros.allocator.source.MmapSource;
import org.ouroboros.allocator.source.SourceException;

/** An allocator whose source fails at the n-th call: typed, nothing lost, still usable. */
class SourceFailureTest {

  private static final int CALLS = 200;

  /** Which call fails where each costs a whole allocator. */
  private static final int[] SOME = {1, 2, 3, 4, 5, 8, 13, 50, 51, 200};

  private static final long PAGED = 256 << 20;

  /** So small that blocks above 256 KiB are huge. */
  private static final long MOSTLY_HUGE = 2 << 20;

  private FailingSource source;

  @BeforeEach
  void open() {
    assumeTrue(MmapSource.isSupported(), () -> MmapSource.obstacle().orElse(""));
    // Not purging, pages are committed one by one, or run by run.
    source = new FailingSource(MmapSource.create(), false);
  }

  /** What asks for memory. */
  enum Request {
    MALLOC {
      @Override
      void make(BlockModel model, Allocator through, Random random, long size) {
        model.malloc(through, size);
      }
    },
    CALLOC {
      @Override
      void make(BlockModel model, Allocator through, Random random, long size) {
        model.calloc(through, size);
      }
    },
    ALIGNED {
      @Override
      void make(BlockModel model, Allocator through, Random random, long size) {
        model.alignedAlloc(through, 1L << random.nextInt(13), size);
      }
    },
    REALLOC {
      @Override
      void make(BlockModel model, Allocator through, Random random, long size) {
        if (random.nextInt(3) == 0 || model.count() < 20) {
          model.malloc(through, 16);
        } else {
          model.realloc(through, model.pick(random.nextInt()), size);
        }
      }
    };

    abstract void make(BlockModel model, Allocator through, Random random, long size);
  }

  @ParameterizedTest
  @EnumSource
  void shouldFailTypedAndStayUsableWhenAnyCommitFails(Request request) {
    failEvery(Operation.COMMIT, PAGED, request);
  }

  @ParameterizedTest
  @EnumSource
  void shouldFailTypedAndStayUsableWhenAnyReserveFails(Request request) {
    failEvery(Operation.RESERVE, MOSTLY_HUGE, request);
  }

  @ParameterizedTest
  @EnumSource
  void shouldLeakNothingWhenCommitFails(Request request) {
    for (int n : SOME) {
      failAndFreeAll(Operation.COMMIT, n, PAGED, request);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldLeakNothingWhenReserveFails(Request request) {
    for (int n : SOME) {
      failAndFreeAll(Operation.RESERVE, n, MOSTLY_HUGE, request);
    }
  }

  /** One allocator, in which the n-th call fails before it succeeds, for every n. */
  private void failEvery(Operation operation, long reservation, Request request) {
    Random random = new Random(1);
    BlockModel model = new BlockModel();
    try (OuroborosAllocator allocator = allocator(reservation);
        Allocator view = allocator.confined()) {
      for (int n = 1; n <= CALLS; n++) {
        Allocator through = n % 2 == 0 ? view : allocator;
        source.failFrom(operation, 1);
        untilFailure(operation, request, model, through, random);
        model.verify(through);
        assertThat(allocator.stats().liveBlocks()).as("after call %d", n).isEqualTo(model.count());
        source.repair();
        int calls = source.calls(operation);
        while (source.calls(operation) == calls) {
          request.make(model, through, random, size(operation, random));
        }
      }
      model.freeAll(view);
      assertThat(allocator.stats().liveBlocks()).isZero();
    }
    assertThat(source.live()).isEmpty();
  }

  /** An allocator whose n-th call fails, and all after it. */
  private void failAndFreeAll(Operation operation, int n, long reservation, Request request) {
    Random random = new Random(n);
    BlockModel model = new BlockModel();
    try (OuroborosAllocator allocator = allocator(reservation)) {
      Allocator through = n % 2 == 0 ? allocator.confined() : allocator;
      source.failFrom(operation, n);
      untilFailure(operation, request, model, through, random);
      model.verify(through);

      // What needs no more memory works while the source fails.
      model.freeAll(through);
      assertThat(allocator.stats().liveBlocks()).isZero();
      assertThat(source.live()).as("only the pages' own reservation").hasSize(1);
      source.repair();
      model.malloc(through, 100);
      model.malloc(through, 9 << 20);
      model.verify(through);
    }
    assertThat(source.live()).isEmpty();
  }

  private OuroborosAllocator allocator(long reservation) {
    return OuroborosAllocator.builder().source(source).reservation(reservation).build();
  }

  private void untilFailure(
      Operation operation, Request request, BlockModel model, Allocator through, Random random) {
    int failuresBefore = source.failures();
    AllocationFailedException failure = null;
    for (int event = 0; failure == null && event < 100 * CALLS; event++) {
      try {
        request.make(model, through, random, size(operation, random));
      } catch (AllocationFailedException e) {
        failure = e;
      }
    }
    assertThat(failure).as("failure of %s", operation).isNotNull();
    assertThat(failure).hasCauseInstanceOf(SourceException.class);
    assertThat(failure.requestedBytes()).isPositive();
    assertThat(source.failures()).isGreaterThan(failuresBefore);
  }

  private static long size(Operation operation, Random random) {
    if (operation == Operation.RESERVE) {
      return random.nextInt(8) == 0 ? random.nextLong(100) : random.nextLong(262_145, 280_000);
    }
    return random.nextInt(3) == 0
        ? random.nextLong(1L << random.nextInt(10, 17))
        : random.nextLong(65_537, 200_000);
  }

  @ParameterizedTest
  @CsvSource({"16, 40000", "5000, 40000", "40000, 200000", "100000, 200000", "200000, 40000000"})
  void shouldLeaveTheBlockWhenItsReallocFails(long from, long to) {
    try (OuroborosAllocator allocator = OuroborosAllocator.builder().source(source).build()) {
      TestBlock block = TestBlock.fill(allocator, allocator.malloc(from), from, 1);
      for (Operation operation : List.of(Operation.COMMIT, Operation.RESERVE)) {
        boolean huge = to > 32 << 20;
        source.failFrom(huge ? operation : Operation.COMMIT, 1);

        assertThatExceptionOfType(AllocationFailedException.class)
            .isThrownBy(() -> allocator.realloc(block.address(), to))
            .withCauseInstanceOf(SourceException.class);

        block.verify(allocator);
        assertThat(allocator.stats().liveBlocks()).isEqualTo(1);
      }
      source.repair();
      long moved = allocator.realloc(block.address(), to);
      block.verify(allocator, moved, from);
      allocator.free(moved);
      assertThat(allocator.stats().liveBlocks()).isZero();
    }
    assertThat(source.live()).isEmpty();
  }

  @Test
  void shouldGoOnWhenOneCommitFails() {
    source = new FailingSource(MmapSource.create(), true);
    for (int n = 1; n <= 20; n++) {
      // What is committed ahead is a favour: without it the same call succeeds.
      try (OuroborosAllocator allocator = OuroborosAllocator.builder().source(source).build()) {
        source.failOnce(Operation.COMMIT, n);
        int failures = source.failures();
        BlockModel model = new BlockModel();
        for (int i = 0; source.failures() == failures; i++) {
          model.malloc(allocator, 7000);
          assertThat(i).isLessThan(100_000);
        }
        model.malloc(allocator, 7000);
        model.verify(allocator);
        model.freeAll(allocator);
      }
    }
    assertThat(source.live()).isEmpty();
  }

  @Test
  void shouldNotLeakWhenItCannotBeBuilt() {
    source.failFrom(Operation.RESERVE, 1);

    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> OuroborosAllocator.builder().source(source).build());
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> OuroborosAllocator.builder().source(source).reservation(1 << 20).build());

    assertThat(source.live()).isEmpty();
  }

  @Test
  void shouldReserveLessWhenTheDefaultIsRefused() {
    source.failOnce(Operation.RESERVE, 1);
    try (OuroborosAllocator allocator = OuroborosAllocator.builder().source(source).build()) {
      assertThat(source.failures()).isEqualTo(1);
      assertThat(allocator.stats().reservedBytes()).isEqualTo(8L << 30);
      BlockModel.exercise(allocator, 1);
    }
  }

  @Test
  void shouldFailTypedAndRecoverWhenTheReservationIsUsedUp() {
    try (OuroborosAllocator allocator =
        OuroborosAllocator.builder().source(source).reservation(8 << 20).build()) {
      List<TestBlock> live = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        AllocationFailedException failure = null;
        while (failure == null) {
          try {
            live.add(TestBlock.fill(allocator, allocator.malloc(1000), 1000, live.size()));
          } catch (AllocationFailedException e) {
            failure = e;
          }
        }
        assertThat(failure).hasNoCause().hasMessageContaining("larger");
        assertThat(live.size()).isGreaterThan(7 << 10);
        assertThat(allocator.stats().liveBlocks()).isEqualTo(live.size());
        // Large blocks do without the reservation.
        long large = allocator.malloc(100_000);
        TestBlock.fill(allocator, large, 100_000, 1).verify(allocator);
        allocator.free(large);
        for (TestBlock block : live) {
          block.verify(allocator);
          allocator.free(block.address());
        }
        live.clear();
        assertThat(allocator.stats().liveBlocks()).isZero();
      }
    }
    assertThat(source.live()).isEmpty();
  }

  // What gives memory back may fail too, but freeing may not.

  @Test
  void shouldFreeAndZeroWhenPurgeFails() {
    source = new FailingSource(MmapSource.create(), true);
    try (OuroborosAllocator allocator =
        OuroborosAllocator.builder().source(source).purgeDelay(Duration.ZERO).build()) {
      source.failFrom(Operation.PURGE, 1);
      final long size = 1 << 20;
      for (int i = 0; i < 50; i++) {
        long block = allocator.malloc(size);
        allocator.segment(block, size).fill((byte) 1);
        assertThatCode(() -> allocator.free(block)).doesNotThrowAnyException();
        long zeroed = allocator.calloc(1, size);
        MemorySegment zeros = MemorySegment.ofArray(new byte[(int) size]);
        assertThat(allocator.segment(zeroed, size).mismatch(zeros)).isEqualTo(-1);
        allocator.free(zeroed);
      }
      assertThat(source.failures()).isPositive();
      assertThat(allocator.stats().liveBlocks()).isZero();
      assertThat(allocator.stats().purgedBytes()).isZero();

      // Asked for, it is told; and what could not be purged is kept for the next time.
      long dirty = allocator.stats().committedBytes();
      assertThatExceptionOfType(SourceException.class).isThrownBy(allocator::purge);
      assertThat(allocator.stats().committedBytes()).isEqualTo(dirty);
      source.repair();
      allocator.purge();
      assertThat(allocator.stats().committedBytes()).isZero();
      assertThat(allocator.stats().purgedBytes()).isEqualTo(dirty);
    }
  }
}
