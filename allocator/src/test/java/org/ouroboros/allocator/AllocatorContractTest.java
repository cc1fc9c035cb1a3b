package org.ouroboros.allocator;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.guard.GuardAllocator;

/**
 * Every rule of {@link Allocator}'s Javadoc. An implementation's test is a subclass that says how
 * to make one; what it does beyond the contract or leaves out of it is asked of its {@link
 * Capabilities}.
 */
public abstract class AllocatorContractTest {

  /** Around size classes, pages, and what is large and huge in all allocators known. */
  private static final long[] SIZES = {
    1,
    7,
    8,
    15,
    16,
    17,
    24,
    31,
    32,
    33,
    63,
    64,
    65,
    100,
    127,
    128,
    129,
    255,
    256,
    257,
    1000,
    1023,
    1024,
    1025,
    4095,
    4096,
    4097,
    8192,
    16384,
    16385,
    32768,
    65535,
    65536,
    65537,
    100_000,
    131_072,
    262_144,
    1 << 20,
    (1 << 20) + 1,
    3 << 20,
    5_000_000,
    33 << 20
  };

  private static final long[] HUGE = {
    Long.MAX_VALUE,
    Long.MAX_VALUE - 1,
    Long.MAX_VALUE - 15,
    Long.MAX_VALUE - 65_536,
    1L << 62,
    1L << 48
  };

  /** To see whether memory is reused: more than any machine of a build would give at once. */
  private static final long BYTES_TO_REUSE = 64L << 30;

  /** What one block of a mebibyte at a time may take at most, of all that is asked for in turn. */
  private static final long MOST_COMMITTED = 256L << 20;

  /** The allocator under test. */
  protected Allocator allocator;

  /** For the subclasses. */
  protected AllocatorContractTest() {}

  /**
   * Makes the allocator under test.
   *
   * @return a new one; it is closed after the test
   */
  protected abstract Allocator create();

  @BeforeEach
  final void open() {
    allocator = create();
  }

  @AfterEach
  final void close() {
    if (allocator != null) {
      allocator.close();
    }
  }

  // Sizes

  @Test
  void shouldGiveDistinctBlocksWhenSizeIsZero() {
    List<Long> blocks =
        List.of(
            allocator.malloc(0),
            allocator.malloc(0),
            allocator.calloc(0, 8),
            allocator.calloc(8, 0),
            allocator.calloc(0, Long.MAX_VALUE),
            allocator.alignedAlloc(64, 0),
            allocator.realloc(0, 0));

    assertThat(blocks).doesNotHaveDuplicates().doesNotContain(0L);
    blocks.forEach(allocator::free);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, -16, Long.MIN_VALUE})
  void shouldThrowWhenSizeIsNegative(long size) {
    TestBlock block = block(100, 1);

    assertThatIllegalArgumentException().isThrownBy(() -> allocator.malloc(size));
    assertThatIllegalArgumentException().isThrownBy(() -> allocator.calloc(size, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> allocator.calloc(1, size));
    assertThatIllegalArgumentException().isThrownBy(() -> allocator.calloc(size, size));
    assertThatIllegalArgumentException().isThrownBy(() -> allocator.realloc(0, size));
    assertThatIllegalArgumentException().isThrownBy(() -> allocator.realloc(block.address(), size));
    assertThatIllegalArgumentException().isThrownBy(() -> allocator.alignedAlloc(16, size));
    assertThatIllegalArgumentException().isThrownBy(() -> allocator.alignedAlloc(4096, size));
    assertThatIllegalArgumentException().isThrownBy(() -> allocator.allocate(size, 1));

    block.verify(allocator);
    allocator.free(block.address());
  }

  @Test
  void shouldFailTypedWhenSizeIsHuge() {
    TestBlock block = block(100, 2);
    for (long size : HUGE) {
      assertFails(size, () -> allocator.malloc(size));
      assertFails(size, () -> allocator.calloc(1, size));
      assertFails(size, () -> allocator.calloc(size, 1));
      assertFails(size, () -> allocator.realloc(0, size));
      assertFails(size, () -> allocator.realloc(block.address(), size));
      assertFails(size, () -> allocator.alignedAlloc(32, size));
      assertFails(size, () -> allocator.alignedAlloc(1 << 21, size));
    }
    block.verify(allocator);
    allocator.free(block.address());
    useAtRandom(3);
  }

  @Test
  void shouldFailTypedWhenCallocOverflows() {
    long[][] products = {
      {Long.MAX_VALUE, 2},
      {2, Long.MAX_VALUE},
      {Long.MAX_VALUE, Long.MAX_VALUE},
      {1L << 32, 1L << 32},
      {1L << 32, 1L << 31},
      {3, Long.MAX_VALUE / 2},
      {(1L << 33) + 1, 1L << 31}
    };
    for (long[] product : products) {
      assertThatExceptionOfType(AllocationFailedException.class)
          .isThrownBy(() -> allocator.calloc(product[0], product[1]))
          .satisfies(e -> assertThat(e.requestedBytes()).isEqualTo(-1));
    }
  }

  @Test
  void shouldServeEverySizeWhenAskedForUsualOnes() {
    for (long size : SIZES) {
      TestBlock block = block(size, size);
      block.verify(allocator);
      assertThat(block.address() % Allocator.MIN_ALIGNMENT).as("alignment of %d", size).isZero();
      assertUsable(block.address(), size);
      allocator.free(block.address());
    }
  }

  @Test
  void shouldAlignToSixteenWhenSizeIsAnything() {
    List<Long> blocks = new ArrayList<>();
    for (long size = 0; size <= 2048; size++) {
      blocks.add(allocator.malloc(size));
      blocks.add(allocator.calloc(1, size));
    }
    assertThat(blocks)
        .allMatch(address -> address % Allocator.MIN_ALIGNMENT == 0)
        .doesNotHaveDuplicates();
    blocks.forEach(allocator::free);
  }

  // Content

  @Test
  void shouldZeroWhenCallocReusesDirtyMemory() {
    long[] few = {1, 15, 16, 17, 24, 31, 32, 33, 40, 47, 48, 49, 56, 63, 64, 65, 80, 100};
    long[] many = {1000, 4096, 4097, 5000, 40_000, 300_000, 2_000_000};
    for (long size : LongStream.concat(LongStream.of(few), LongStream.of(many)).toArray()) {
      List<Long> dirty = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        dirty.add(block(size, -1 - i).address());
      }
      dirty.forEach(allocator::free);
      List<Long> clean = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        long address = i % 2 == 0 ? allocator.calloc(1, size) : allocator.calloc(size, 1);
        MemorySegment zeros = allocator.segment(address, size);
        assertThat(zeros.mismatch(MemorySegment.ofArray(new byte[(int) size])))
            .as("first dirty byte of %d", size)
            .isEqualTo(-1);
        clean.add(block(address, size, i).address());
      }
      clean.forEach(allocator::free);
    }
  }

  @Test
  void shouldWriteNothingElseWhenCallocZeroes() {
    for (long size = 1; size <= 144; size++) {
      List<TestBlock> around = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        around.add(block(size, i));
      }
      List<Long> holes = new ArrayList<>();
      for (int i = 30; i > 10; i -= 2) {
        holes.add(around.remove(i).address());
      }
      holes.forEach(allocator::free);
      for (int i = 0; i < holes.size(); i++) {
        holes.set(i, allocator.calloc(1, size));
      }
      around.forEach(block -> block.verify(allocator));
      around.forEach(block -> allocator.free(block.address()));
      holes.forEach(allocator::free);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 4})
  void shouldKeepContentsWhenManyBlocksAreLive(long seed) {
    useAtRandom(seed);
  }

  @Test
  void shouldKeepContentWhenReallocGrowsAndShrinks() {
    for (long from : SIZES) {
      for (long to : new long[] {1, 16, 100, 1024, 5000, 70_000, 1 << 20, 5 << 20}) {
        TestBlock resized = resize(block(from, from + to), to, to);
        assertUsable(resized.address(), to);
        allocator.free(resized.address());
      }
    }
  }

  @Test
  void shouldShrinkAndNotFreeWhenReallocIsToZero() {
    TestBlock block = block(1000, 5);

    long shrunk = allocator.realloc(block.address(), 0);

    assertThat(shrunk).isNotZero();
    long usable = allocator.usableSize(shrunk);
    // Where sizes are exact the block has no byte, and a guard may begin at the first; else it has.
    if (allocator.capabilities().exactUsableSize()) {
      assertThat(usable).isZero();
    } else {
      assertThat(usable).isPositive();
    }
    TestBlock least = TestBlock.fill(allocator, shrunk, Math.min(1, usable), 6);
    TestBlock other = block(0, 7);
    assertNoOverlap(List.of(least, other, block(1, 8)));
    TestBlock again = resize(least, 500, 9);
    allocator.free(other.address());
    allocator.free(again.address());
  }

  @Test
  void shouldAllocateWhenReallocIsOfNothing() {
    long address = allocator.realloc(0, 100);
    block(address, 100, 8).verify(allocator);
    allocator.free(address);
  }

  @Test
  void shouldLeaveTheBlockWhenReallocFails() {
    for (long size : new long[] {1, 64, 5000, 100_000, 3 << 20}) {
      TestBlock block = block(size, size);
      assertFails(1L << 50, () -> allocator.realloc(block.address(), 1L << 50));
      block.verify(allocator);
      assertUsable(block.address(), size);
      allocator.free(block.address());
    }
  }

  // Alignment

  /** The greatest alignment that is tried; less than this where a library has a limit. */
  protected long maxAlignment() {
    return 2 << 20;
  }

  @Test
  void shouldAlignWhenAskedForPowersOfTwo() {
    List<TestBlock> live = new ArrayList<>();
    for (long alignment = 1; alignment <= maxAlignment(); alignment *= 2) {
      for (long size : new long[] {0, 1, 24, 100, 5000, 70_000}) {
        long address = allocator.alignedAlloc(alignment, size);
        assertThat(address % Math.max(alignment, Allocator.MIN_ALIGNMENT))
            .as("0x%x of %d aligned to %d", address, size, alignment)
            .isZero();
        assertUsable(address, size);
        live.add(TestBlock.fill(allocator, address, size, alignment + size));
      }
    }
    assertNoOverlap(live);
    Collections.shuffle(live, new Random(1));
    for (TestBlock block : live) {
      block.verify(allocator);
      allocator.free(block.address());
    }
  }

  @Test
  void shouldKeepContentWhenAlignedBlocksAreReallocated() {
    for (long alignment = 32; alignment <= maxAlignment(); alignment *= 4) {
      for (long size : new long[] {1, 100, 5000}) {
        for (long to : new long[] {10, 200, 6000, 300_000}) {
          long address = allocator.alignedAlloc(alignment, size);
          TestBlock block = TestBlock.fill(allocator, address, size, alignment ^ size);
          allocator.free(resize(block, to, to).address());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3, 24, 48, 4095, -1, -16, Long.MIN_VALUE, Long.MAX_VALUE})
  void shouldThrowWhenAlignmentIsNoPowerOfTwo(long alignment) {
    assertThatIllegalArgumentException().isThrownBy(() -> allocator.alignedAlloc(alignment, 100));
    assertThatIllegalArgumentException().isThrownBy(() -> allocator.allocate(100, alignment));
  }

  @Test
  void shouldFailTypedWhenAlignmentIsHuge() {
    assertFails(100, () -> allocator.alignedAlloc(1L << 62, 100));
    assertFails(100, () -> allocator.alignedAlloc(1L << 50, 100));
  }

  // Free

  @Test
  void shouldDoNothingWhenNullIsFreed() {
    assertThatCode(() -> allocator.free(0)).doesNotThrowAnyException();
    assertThatCode(() -> allocator.free(MemorySegment.NULL)).doesNotThrowAnyException();
  }

  @Test
  void shouldReuseMemoryWhenItReclaims() {
    assumeTrue(allocator.capabilities().reclaims(), "it does not reclaim");
    for (long i = 0; i < BYTES_TO_REUSE >> 20; i++) {
      long address = allocator.malloc(1 << 20);
      allocator.segment(address, 1 << 20).set(ValueLayout.JAVA_BYTE, (1 << 20) - 1, (byte) i);
      allocator.free(address);
    }
    assertThat(allocator.stats().peakCommittedBytes()).isLessThan(MOST_COMMITTED);
  }

  @Test
  void shouldThrowWhenWhatIsFreedIsNotLive() {
    assumeTrue(allocator.capabilities().detectsInvalidFree(), "misuse is undefined");
    for (long size : new long[] {16, 100, 5000, 100_000, 40 << 20}) {
      TestBlock kept = block(size, size);
      long freed = allocator.malloc(size);
      allocator.free(freed);

      for (long bad : new long[] {freed, kept.address() + 1, kept.address() + 8, 1, 4096, -16}) {
        assertInvalid(bad, allocator::free);
        assertInvalid(bad, address -> allocator.realloc(address, 10));
        assertInvalid(bad, allocator::usableSize);
      }
      kept.verify(allocator);
      allocator.free(kept.address());
      assertInvalid(kept.address(), allocator::free);
    }
    useAtRandom(5);
  }

  // As a segment allocator

  @Test
  void shouldGiveSegmentsOfExactlyTheSizeWhenUsedAsASegmentAllocator() {
    for (long size : new long[] {0, 1, 17, 100, 5000, 1 << 20}) {
      for (long alignment : new long[] {1, 8, 16, 64, 4096}) {
        MemorySegment segment = allocator.allocate(size, alignment);
        assertThat(segment.byteSize()).isEqualTo(size);
        assertThat(segment.address()).isNotZero();
        assertThat(segment.address() % alignment).isZero();
        segment.fill((byte) 7);
        allocator.free(segment);
      }
    }
    MemorySegment text = allocator.allocateFrom("ouroboros");
    assertThat(text.getString(0)).isEqualTo("ouroboros");
    assertThat(text.byteSize()).isEqualTo("ouroboros".length() + 1);
    allocator.free(text);
    MemorySegment numbers = allocator.allocate(ValueLayout.JAVA_LONG, 10);
    assertThat(numbers.byteSize()).isEqualTo(80);
    allocator.free(numbers);
  }

  @Test
  void shouldGiveSegmentsForAnyThreadWhenAsked() throws Exception {
    TestBlock block = block(100, 9);
    MemorySegment segment = allocator.segment(block.address(), 100);

    Thread other = Thread.ofPlatform().start(() -> segment.fill((byte) 1));
    other.join();

    assertThat(segment.get(ValueLayout.JAVA_BYTE, 99)).isEqualTo((byte) 1);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 100));
    allocator.free(block.address());
  }

  // What it says of itself

  @Test
  void shouldTellItsNameAndCapabilitiesWhenAsked() {
    assertThat(allocator.name()).isNotBlank().isLowerCase();
    assertThat(allocator.capabilities()).isEqualTo(allocator.capabilities());
    assertThat(allocator.stats().allocator()).isEqualTo(allocator.name());
  }

  @Test
  void shouldCountLiveBlocksWhenItCounts() {
    long before = allocator.stats().liveBlocks();
    assumeTrue(before != AllocatorStats.UNKNOWN, "it does not count");
    List<TestBlock> blocks = new ArrayList<>();
    for (long size : SIZES) {
      blocks.add(block(size, size));
    }

    AllocatorStats stats = allocator.stats();
    assertThat(stats.liveBlocks()).isEqualTo(before + SIZES.length);
    if (stats.liveBytes() != AllocatorStats.UNKNOWN) {
      assertThat(stats.liveBytes())
          .isGreaterThanOrEqualTo(blocks.stream().mapToLong(TestBlock::size).sum());
    }
    blocks.forEach(block -> allocator.free(block.address()));
    assertThat(allocator.stats().liveBlocks()).isEqualTo(before);
  }

  // Close

  @Test
  void shouldThrowWhenUsedAfterClose() {
    long live = allocator.malloc(10);
    allocator.close();

    Map<String, ThrowingCallable> calls =
        Map.ofEntries(
            entry("malloc", () -> allocator.malloc(10)),
            entry("malloc of nothing", () -> allocator.malloc(0)),
            entry("malloc of much", () -> allocator.malloc(1 << 20)),
            entry("calloc", () -> allocator.calloc(1, 10)),
            entry("realloc", () -> allocator.realloc(live, 20)),
            entry("realloc of nothing", () -> allocator.realloc(0, 20)),
            entry("free", () -> allocator.free(live)),
            entry("alignedAlloc", () -> allocator.alignedAlloc(64, 10)),
            entry("usableSize", () -> allocator.usableSize(live)),
            entry("segment", () -> allocator.segment(live, 10)),
            entry("allocate", () -> allocator.allocate(10, 1)));
    calls.forEach(
        (name, call) ->
            assertThatExceptionOfType(IllegalStateException.class).as(name).isThrownBy(call));
    assertThat(allocator.name()).isNotBlank();
    assertThat(allocator.capabilities()).isNotNull();
    assertThat(allocator.stats()).isNotNull();
    assertThatCode(allocator::close).doesNotThrowAnyException();
  }

  // Threads

  @Test
  void shouldKeepContentsWhenThreadsFreeEachOthersBlocks() throws Exception {
    assumeTrue(allocator.capabilities().threadSafe(), "it is confined to a thread");
    final int threads = 4;
    final long seed = 11;
    AtomicReferenceArray<TestBlock> shared = new AtomicReferenceArray<>(256);
    List<Callable<Void>> work = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Random random = new Random(seed + i);
      work.add(
          () -> {
            for (int event = 0; event < 20_000; event++) {
              TestBlock mine = any(random);
              TestBlock theirs = shared.getAndSet(random.nextInt(shared.length()), mine);
              if (theirs != null) {
                theirs.verify(allocator);
                TestBlock last =
                    random.nextInt(8) == 0 ? resize(theirs, randomSize(random), event) : theirs;
                allocator.free(last.address());
              }
            }
            return null;
          });
    }
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (Future<Void> result : executor.invokeAll(work, 60, TimeUnit.SECONDS)) {
        result.get();
      }
    }
    List<TestBlock> live = new ArrayList<>();
    for (int i = 0; i < shared.length(); i++) {
      TestBlock block = shared.get(i);
      if (block != null) {
        live.add(block);
      }
    }
    assertNoOverlap(live);
    for (TestBlock block : live) {
      block.verify(allocator);
      allocator.free(block.address());
    }
  }

  @Test
  void shouldServeOtherThreadsWhenOneHasDiedWithLiveBlocks() throws Exception {
    assumeTrue(allocator.capabilities().threadSafe(), "it is confined to a thread");
    List<TestBlock> left = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 20; i++) {
      Random random = new Random(i);
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int j = 0; j < 200; j++) {
                      left.add(any(random));
                    }
                  });
      thread.join();
      if (i % 2 == 1) {
        left.forEach(
            block -> {
              block.verify(allocator);
              allocator.free(block.address());
            });
        left.clear();
      }
    }
    useAtRandom(6);
  }

  // Helpers

  private void useAtRandom(long seed) {
    Random random = new Random(seed);
    List<TestBlock> live = new ArrayList<>();
    try {
      for (int event = 0; event < 20_000; event++) {
        int what = random.nextInt(10);
        if (what < 5 || live.isEmpty()) {
          live.add(any(random));
        } else if (what < 7) {
          int victim = random.nextInt(live.size());
          live.set(victim, resize(live.get(victim), randomSize(random), random.nextLong()));
        } else {
          TestBlock victim = live.get(random.nextInt(live.size()));
          victim.verify(allocator);
          allocator.free(victim.address());
          live.remove(victim);
        }
      }
      assertNoOverlap(live);
      for (TestBlock block : live) {
        block.verify(allocator);
        allocator.free(block.address());
      }
    } catch (Throwable t) {
      throw new AssertionError("seed " + seed, t);
    }
  }

  private TestBlock block(long size, long seed) {
    return TestBlock.fill(allocator, allocator.malloc(size), size, seed);
  }

  private TestBlock block(long address, long size, long seed) {
    return TestBlock.fill(allocator, address, size, seed);
  }

  /** A block from any of the methods that give one. */
  private TestBlock any(Random random) {
    long size = randomSize(random);
    long address =
        switch (random.nextInt(8)) {
          case 0 -> allocator.calloc(1, size);
          case 1 -> allocator.alignedAlloc(1L << random.nextInt(13), size);
          case 2 -> allocator.realloc(0, size);
          default -> allocator.malloc(size);
        };
    return TestBlock.fill(allocator, address, size, random.nextLong());
  }

  /** Mostly small; every power of two up to 128 KiB is as likely as the next. */
  private static long randomSize(Random random) {
    return random.nextLong(1L << (1 + random.nextInt(random.nextInt(20) == 0 ? 17 : 11)));
  }

  /** Verifies, resizes, verifies what must have stayed, and fills anew. */
  private TestBlock resize(TestBlock block, long size, long seed) {
    block.verify(allocator);
    long address = allocator.realloc(block.address(), size);
    assertThat(address % Allocator.MIN_ALIGNMENT).isZero();
    block.verify(allocator, address, Math.min(size, block.size()));
    return TestBlock.fill(allocator, address, size, seed);
  }

  private void assertUsable(long address, long size) {
    long usable = allocator.usableSize(address);
    if (allocator.capabilities().exactUsableSize()) {
      assertThat(usable).isEqualTo(size);
    } else {
      assertThat(usable).isGreaterThanOrEqualTo(size);
    }
  }

  private void assertFails(long size, ThrowingCallable call) {
    assertThatExceptionOfType(AllocationFailedException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.requestedBytes()).isEqualTo(size))
        .satisfies(e -> assertThat(namesInFailures()).contains(e.allocator()));
  }

  /**
   * Its own name; where decorators only watch, or guard some blocks, and the others are those of
   * the allocator underneath, a failure comes from that one as it is, and tells who refused.
   */
  private List<String> namesInFailures() {
    List<String> names = new ArrayList<>(List.of(allocator.name()));
    Allocator outer = allocator;
    while (outer instanceof ForwardingAllocator decorator
        && (decorator.sharesBlocks() || decorator instanceof GuardAllocator)) {
      outer = decorator.inner();
      names.add(outer.name());
    }
    return names;
  }

  private static void assertInvalid(long address, LongConsumer call) {
    assertThatExceptionOfType(InvalidFreeException.class)
        .isThrownBy(() -> call.accept(address))
        .satisfies(e -> assertThat(e.address()).isEqualTo(address));
  }

  private static void assertNoOverlap(List<TestBlock> live) {
    TreeMap<Long, Long> ends = new TreeMap<>();
    Set<Long> begins = new HashSet<>();
    for (TestBlock block : live) {
      assertThat(begins.add(block.address())).as("%s is handed out once", block).isTrue();
      ends.put(block.address(), block.address() + Math.max(1, block.size()));
    }
    long last = Long.MIN_VALUE;
    for (var entry : ends.entrySet()) {
      assertThat(entry.getKey())
          .as("begins behind its neighbour's end")
          .isGreaterThanOrEqualTo(last);
      last = entry.getValue();
    }
  }
}
