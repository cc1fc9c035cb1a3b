package org.ouroboros.allocator.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.FailingAllocator;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.OuroborosAllocator;

/** What the debugger finds, byte by byte, and what it tells. */
class DebugAllocatorTest {

  private static final int GUARD = DebugOptions.DEFAULT.guardBytes();

  private DebugAllocator allocator = DebugAllocator.wrap(OuroborosAllocator.create());

  @AfterEach
  void close() {
    try {
      allocator.close();
    } catch (DamagedBlockException e) {
      // Damage that a test did on purpose.
    }
  }

  private void use(DebugOptions options) {
    allocator.close();
    allocator = DebugAllocator.wrap(OuroborosAllocator.create(), options);
  }

  // Failure underneath

  @Test
  void shouldTellItsOwnNameAndTheSizeAskedForWhenTheAllocatorUnderneathFails() {
    FailingAllocator failing = new FailingAllocator(OuroborosAllocator.create());
    try (DebugAllocator debug = DebugAllocator.wrap(failing)) {
      long block = debug.malloc(40);
      debug.free(debug.malloc(100));
      // Twice each: with a quarantine to give back, after which it tries again, and without.
      for (LongUnaryOperator call : calls(debug, block)) {
        for (int i = 0; i < 2; i++) {
          failing.failFrom(0, 0);
          assertThatExceptionOfType(AllocationFailedException.class)
              .isThrownBy(() -> call.applyAsLong(1000))
              .satisfies(e -> assertThat(e.allocator()).isEqualTo(debug.name()))
              .satisfies(e -> assertThat(e.requestedBytes()).isEqualTo(1000))
              .satisfies(e -> assertThat(e).hasCauseInstanceOf(AllocationFailedException.class))
              .withMessageContaining(failing.name());
        }
        failing.stopFailing();
        assertThat(debug.usableSize(block)).isEqualTo(40);
        debug.free(debug.malloc(100));
      }
      assertThat(debug.stats().liveBlocks()).isEqualTo(1);
      debug.free(block);
    }
  }

  private static List<LongUnaryOperator> calls(DebugAllocator debug, long block) {
    return List.of(
        debug::malloc,
        size -> debug.calloc(1, size),
        size -> debug.alignedAlloc(64, size),
        size -> debug.realloc(block, size));
  }

  // Overflow and underflow

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 100, 5000, 100_000})
  void shouldFindEachByteWhenItIsBehindTheBlock(long size) {
    for (int i = 0; i < GUARD; i++) {
      long block = allocator.malloc(size);
      Raw.flip(block + size + i);

      DamagedBlockException e = damage(() -> allocator.free(block));

      assertThat(e.kind()).isEqualTo(DamagedBlockException.Kind.AFTER);
      assertThat(e.offset()).isEqualTo(size + i);
      assertThat(e.length()).isEqualTo(1);
      assertThat(e.block().size()).isEqualTo(size);
      Raw.flip(block + size + i);
      allocator.free(block);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 16, 100, 5000})
  void shouldFindEachByteWhenItIsBeforeTheBlock(long size) {
    for (int i = 1; i <= GUARD; i++) {
      long block = allocator.malloc(size);
      Raw.flip(block - i);

      DamagedBlockException e = damage(() -> allocator.realloc(block, 10_000));

      assertThat(e.kind()).isEqualTo(DamagedBlockException.Kind.BEFORE);
      assertThat(e.offset()).isEqualTo(-i);
      Raw.flip(block - i);
      allocator.free(block);
    }
  }

  @Test
  void shouldFindOverflowsOfAlignedBlocksWhenTheyAreFreed() {
    for (long alignment = 16; alignment <= 65_536; alignment *= 2) {
      long block = allocator.alignedAlloc(alignment, 100);
      Raw.flip(block + 100);
      assertThat(damage(() -> allocator.free(block)).offset()).isEqualTo(100);
      Raw.flip(block + 100);
      Raw.flip(block - 1);
      assertThat(damage(() -> allocator.free(block)).offset()).isEqualTo(-1);
    }
  }

  @Test
  void shouldDrawTheDamageWhenItTells() {
    long block = allocator.malloc(10);
    Raw.write(block + 12, 0x41);
    Raw.write(block + 13, 0x42);

    DamagedBlockException e = damage(() -> allocator.free(block));

    assertThat(e.length()).isEqualTo(2);
    assertThat(e)
        .hasMessageContaining("ouroboros_debug: memory behind a block was overwritten")
        .hasMessageContaining("2 bytes at offset 12 of a block of 10")
        .hasMessageContaining("domain m (MEM), serial 1, live")
        .hasMessageContaining(" fd  fd [41][42] fd  fd ")
        .hasMessageContaining("00  00  00  00  00  00  00  0a  6d  fd  fd");
  }

  @Test
  void shouldFindAllWhenAllAreVerified() {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      blocks.add(allocator.malloc(i));
    }
    allocator.verifyAll();
    Raw.flip(blocks.get(30) + 30);
    Raw.flip(blocks.get(60) - 1);

    DamagedBlockException e = damage(allocator::verifyAll);

    assertThat(e.getSuppressed()).hasSize(1);
    assertThat(List.of(e, (DamagedBlockException) e.getSuppressed()[0]))
        .extracting(one -> one.block().address())
        .containsExactlyInAnyOrder(blocks.get(30), blocks.get(60));
    damage(allocator::verifyAll);
    allocator.close();
  }

  @Test
  void shouldFindDamageWithoutAFreeWhenCheckedPeriodically() {
    use(DebugOptions.DEFAULT.withCheckEvery(10));
    long block = allocator.malloc(10);
    Raw.flip(block + 10);

    int calls = 0;
    DamagedBlockException found = null;
    while (found == null) {
      calls++;
      found =
          catchThrowableOfType(
              DamagedBlockException.class, () -> allocator.free(allocator.malloc(1)));
    }

    assertThat(calls).isLessThanOrEqualTo(5);
    assertThat(found.block().address()).isEqualTo(block);
    for (int i = 0; i < 100; i++) {
      allocator.free(allocator.malloc(1));
    }
  }

  // Use after free

  @ParameterizedTest
  @ValueSource(longs = {1, 16, 100, 257, 4096, 100_000})
  void shouldFindAWriteWhenTheBlockWasFreedAndAllIsFilled(long size) {
    use(DebugOptions.DEFAULT.withFillBytes(DebugOptions.ALL).withQuarantineBytes(1 << 20));
    for (long offset : new long[] {0, size / 2, size - 1, -1, size}) {
      long block = allocator.malloc(size);
      allocator.free(block);
      Raw.flip(block + offset);

      DamagedBlockException e = damage(allocator::verifyAll);

      assertThat(e.kind()).isEqualTo(DamagedBlockException.Kind.AFTER_FREE);
      assertThat(e.offset()).isEqualTo(offset);
      assertThat(e.block().state()).isEqualTo(BlockReport.State.QUARANTINED);
      Raw.flip(block + offset);
    }
    allocator.verifyAll();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 100, 255, 256, 257, 258, 300, 4096, 15_000})
  void shouldFillAndCompareTheEdgesWhenTheBlockIsLong(long size) {
    long edge = DebugOptions.DEFAULT.fillBytes();
    for (long offset = -GUARD; offset < size + GUARD; offset++) {
      if (offset > 300 && offset < size - 300) {
        offset = size - 300;
      }
      boolean filled = offset < edge || offset >= size - edge;
      long block = allocator.malloc(size);
      boolean inside = offset >= 0 && offset < size;
      if (inside && filled) {
        assertThat(Raw.read(block + offset)).isEqualTo((byte) 0xCD);
      }
      if (inside) {
        Raw.write(block + offset, 0x41);
      }
      allocator.free(block);
      assertThat(Raw.read(block + offset)).isEqualTo((byte) (filled ? 0xDD : 0x41));
      Raw.flip(block + offset);

      if (filled) {
        DamagedBlockException e = damage(allocator::verifyAll);
        assertThat(e.offset()).isEqualTo(offset);
        assertThat(e.length()).isEqualTo(1);
      } else {
        allocator.verifyAll();
      }
      Raw.flip(block + offset);
    }
  }

  @Test
  void shouldTellBothEdgesWhenBothAreDamaged() {
    long block = allocator.malloc(5000);
    allocator.free(block);
    Raw.flip(block);
    Raw.flip(block + 2500);
    Raw.flip(block + 4999);

    DamagedBlockException e = damage(allocator::verifyAll);

    assertThat(e.offset()).isZero();
    assertThat(e.length()).isEqualTo(5000);
    assertThat(e.getMessage()).doesNotContain("+2496");
  }

  @Test
  void shouldFindAWriteAfterFreeWhenTheBlockLeavesTheQuarantine() {
    long stale = allocator.malloc(100);
    allocator.free(stale);
    Raw.write(stale + 50, 0);

    DamagedBlockException found = null;
    int live = 0;
    for (int i = 0; i < 100_000 && found == null; i++) {
      long block = allocator.malloc(100);
      found = catchThrowableOfType(DamagedBlockException.class, () -> allocator.free(block));
      if (found != null) {
        live++;
        allocator.free(block);
      }
    }

    assertThat(found).isNotNull();
    assertThat(found.block().address()).isEqualTo(stale);
    assertThat(live).isEqualTo(1);
    assertThat(allocator.stats().liveBlocks()).isZero();
  }

  @Test
  void shouldNotReuseABlockWhenItWasJustFreed() {
    long block = allocator.malloc(100);
    allocator.free(block);
    for (int i = 0; i < 100; i++) {
      long other = allocator.malloc(100);
      assertThat(other).isNotEqualTo(block);
      allocator.free(other);
    }
  }

  @Test
  void shouldRefuseASegmentWhenTheBlockIsFreed() {
    long block = allocator.malloc(100);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> allocator.segment(block, 101));
    allocator.free(block);
    assertThatExceptionOfType(InvalidBlockException.class)
        .isThrownBy(() -> allocator.segment(block, 100));
  }

  // Invalid frees

  @Test
  void shouldTellOfBothFreesWhenABlockIsFreedTwice() {
    use(DebugOptions.DEFAULT.withStackDepth(8));
    long block = allocateHere();
    freeHere(block);

    InvalidBlockException e = invalid(() -> allocator.free(block));

    assertThat(e.kind()).isEqualTo(InvalidFreeException.Kind.NOT_LIVE);
    BlockReport report = e.block().orElseThrow();
    assertThat(report.size()).isEqualTo(77);
    assertThat(report.allocatedAt().getFirst().getMethodName()).isEqualTo("allocateHere");
    assertThat(report.freedAt().getFirst().getMethodName()).isEqualTo("freeHere");
    assertThat(e).hasMessageContaining("allocateHere(").hasMessageContaining("freeHere(");
  }

  private long allocateHere() {
    return allocator.malloc(77);
  }

  private void freeHere(long block) {
    allocator.free(block);
  }

  @Test
  void shouldTellOfTheFirstFreeWhenTheSecondComesLate() {
    use(DebugOptions.DEFAULT.withQuarantineBytes(0));
    long block = allocator.malloc(100_000);
    allocator.free(block);
    for (int i = 0; i < 1000; i++) {
      allocator.free(allocator.malloc(10));
    }
    assertThat(invalid(() -> allocator.free(block)).block().orElseThrow().state())
        .isEqualTo(BlockReport.State.FREED);
  }

  @Test
  void shouldTellTheBlockWhenTheAddressIsInside() {
    long block = allocator.malloc(100);
    for (long offset : new long[] {-1, 1, 8, 16, 99, 100}) {
      InvalidBlockException e = invalid(() -> allocator.free(block + offset));
      assertThat(e.kind()).isEqualTo(InvalidFreeException.Kind.UNALIGNED);
      assertThat(e.block().orElseThrow().address()).isEqualTo(block);
    }
    InvalidBlockException far = invalid(() -> allocator.free(block + (1L << 40)));
    assertThat(far.kind()).isEqualTo(InvalidFreeException.Kind.FOREIGN);
    assertThat(far.block()).isEmpty();
  }

  @Test
  void shouldRefuseWhenTheDomainIsAnother() {
    DebugAllocator raw = allocator.forDomain(Domain.RAW);
    long block = allocator.malloc(10);

    InvalidBlockException e = invalid(() -> raw.free(block));

    assertThat(e.kind()).isEqualTo(InvalidFreeException.Kind.WRONG_DOMAIN);
    assertThat(e.block().orElseThrow().domain()).isEqualTo(Domain.MEM);
    invalid(() -> raw.realloc(block, 20));
    assertThat(Raw.read(block - 8)).isEqualTo((byte) 'm');
    allocator.free(block);
  }

  @Test
  void shouldRefuseOtherThreadsWhenTheAllocatorUnderneathIsConfined() throws Exception {
    OuroborosAllocator shared = OuroborosAllocator.create();
    DebugAllocator confined = DebugAllocator.wrap(shared.confined());
    long block = confined.malloc(10);
    List<Class<?>> thrown = new ArrayList<>();
    Thread.ofPlatform()
        .start(
            () -> {
              thrown.add(
                  catchThrowableOfType(Exception.class, () -> confined.free(block)).getClass());
              thrown.add(
                  catchThrowableOfType(Exception.class, () -> confined.malloc(1)).getClass());
            })
        .join();
    assertThat(thrown).containsOnly(WrongThreadException.class);
    confined.free(block);
    confined.close();
    shared.close();
  }

  // Content, as CPython's

  @Test
  void shouldFillAsCPythonWhenAllocatedAndFreed() {
    long block = allocator.malloc(100);
    for (int i = 0; i < 100; i++) {
      assertThat(Raw.read(block + i)).isEqualTo((byte) 0xCD);
    }
    assertThat(Raw.read(block - 9)).isEqualTo((byte) 100);
    assertThat(Raw.read(block - 10)).isZero();
    assertThat(Raw.read(block - 8)).isEqualTo((byte) 'm');
    assertThat(Raw.read(block - 1)).isEqualTo((byte) 0xFD);
    assertThat(Raw.read(block + 100)).isEqualTo((byte) 0xFD);
    allocator.free(block);
    for (int i = -GUARD; i < 100 + GUARD; i++) {
      assertThat(Raw.read(block + i)).isEqualTo((byte) 0xDD);
    }
  }

  @Test
  void shouldFillTheTailWhenReallocGrowsAndShrinks() {
    long block = allocator.malloc(100);
    Raw.fill(block, 100, 7);

    long grown = allocator.realloc(block, 200);
    assertThat(grown).isNotEqualTo(block);
    assertThat(Raw.read(block + 50)).isEqualTo((byte) 0xDD);
    assertThat(Raw.read(grown + 99)).isEqualTo((byte) 7);
    assertThat(Raw.read(grown + 100)).isEqualTo((byte) 0xCD);
    assertThat(Raw.read(grown + 199)).isEqualTo((byte) 0xCD);

    long shrunk = allocator.realloc(grown, 120);
    assertThat(shrunk).isEqualTo(grown);
    assertThat(allocator.usableSize(shrunk)).isEqualTo(120);
    assertThat(Raw.read(shrunk + 120)).isEqualTo((byte) 0xFD);
    assertThat(Raw.read(shrunk + 120 + GUARD)).isEqualTo((byte) 0xDD);
    Raw.flip(shrunk + 120);
    damage(() -> allocator.free(shrunk));
    Raw.flip(shrunk + 120);
    allocator.free(shrunk);
    invalid(() -> allocator.free(block));
  }

  // Reports and limits

  @Test
  void shouldCountInOrderWhenBlocksAreNumbered() {
    long first = allocator.malloc(1);
    long second = allocator.forDomain(Domain.OBJECT).malloc(2);

    assertThat(allocator.blockAt(first).orElseThrow().serial()).isEqualTo(1);
    assertThat(allocator.blockAt(second).orElseThrow().serial()).isEqualTo(2);
    assertThat(allocator.blockAt(second).orElseThrow().domain()).isEqualTo(Domain.OBJECT);
    assertThat(allocator.blockAt(1)).isEmpty();
    assertThat(allocator.stats().liveBlocks()).isEqualTo(2);
    assertThat(allocator.stats().liveBytes()).isEqualTo(3);
  }

  @Test
  void shouldGiveTheQuarantineBackWhenMemoryRunsOut() {
    allocator.close();
    allocator =
        DebugAllocator.wrap(
            OuroborosAllocator.builder().reservation(4 << 20).build(),
            DebugOptions.DEFAULT.withQuarantineBytes(1L << 30));
    for (int i = 0; i < 1000; i++) {
      allocator.free(allocator.malloc(100_000));
    }
  }

  @Test
  void shouldTakeTheOptionsFromThePropertiesWhenChosenByName() {
    System.setProperty(DebugOptions.STACK_DEPTH, "3");
    System.setProperty(DebugOptions.GUARD, "64");
    System.setProperty(DebugOptions.FILL, "all");
    try (DebugAllocator named = (DebugAllocator) Allocators.of("ouroboros_debug")) {
      assertThat(named.options())
          .isEqualTo(
              DebugOptions.DEFAULT
                  .withStackDepth(3)
                  .withGuardBytes(64)
                  .withFillBytes(DebugOptions.ALL));
      System.setProperty(DebugOptions.GUARD, "-64");
      assertThatExceptionOfType(AllocatorUnavailableException.class)
          .isThrownBy(() -> Allocators.of("ouroboros_debug"))
          .withMessageContaining("a power of two from 16 to 4096");
      System.setProperty(DebugOptions.GUARD, "much");
      assertThatExceptionOfType(AllocatorUnavailableException.class)
          .isThrownBy(() -> Allocators.of("ouroboros_debug"))
          .withMessageContaining("-Douroboros.debug.guardBytes=much is no number");
    } finally {
      System.clearProperty(DebugOptions.STACK_DEPTH);
      System.clearProperty(DebugOptions.GUARD);
      System.clearProperty(DebugOptions.FILL);
    }
  }

  @Test
  void shouldRefuseWhenOptionsAreOutOfRange() {
    DebugOptions options = DebugOptions.DEFAULT;
    List.<Runnable>of(
            () -> options.withStackDepth(-1),
            () -> options.withStackDepth(1001),
            () -> options.withQuarantineBytes(-1),
            () -> options.withCheckEvery(-1),
            () -> options.withGuardBytes(0),
            () -> options.withGuardBytes(8),
            () -> options.withGuardBytes(48),
            () -> options.withGuardBytes(8192),
            () -> options.withFillBytes(15))
        .forEach(
            call ->
                assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(call::run)
                    .withMessageMatching(".*\\d.*: .*"));
  }

  private static DamagedBlockException damage(Runnable call) {
    DamagedBlockException e = catchThrowableOfType(DamagedBlockException.class, call::run);
    assertThat(e).as("the damage is found").isNotNull();
    return e;
  }

  private static InvalidBlockException invalid(Runnable call) {
    InvalidBlockException e = catchThrowableOfType(InvalidBlockException.class, call::run);
    assertThat(e).as("the invalid free is found").isNotNull();
    return e;
  }
}
