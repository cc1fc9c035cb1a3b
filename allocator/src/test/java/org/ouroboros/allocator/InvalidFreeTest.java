package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.ouroboros.allocator.InvalidFreeException.Kind.FOREIGN;
import static org.ouroboros.allocator.InvalidFreeException.Kind.NOT_LIVE;
import static org.ouroboros.allocator.InvalidFreeException.Kind.UNALIGNED;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.InvalidFreeException.Kind;

/** What is not a live block: the right kind of exception from each call, and no effect. */
class InvalidFreeTest {

  private static final long SMALL = 1000;
  private static final long MEDIUM = 20_000;
  private static final long LARGE = 300_000;
  private static final long HUGE = 33 << 20;

  private final OuroborosAllocator allocator =
      OuroborosAllocator.builder().exactFreeChecks(true).build();
  private final Allocator view = allocator.confined();

  /** Live all the time; their contents and number must stay. */
  private final BlockModel kept = new BlockModel();

  @AfterEach
  void close() {
    kept.verify(allocator);
    assertThat(allocator.stats().liveBlocks()).isEqualTo(kept.count());
    kept.freeAll(allocator);
    assertThat(allocator.stats().liveBlocks()).isZero();
    BlockModel.exercise(allocator, 1);
    try (Allocator another = allocator.confined()) {
      BlockModel.exercise(another, 2);
    }
    allocator.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 16, SMALL, 8192, MEDIUM, 65_536, LARGE})
  void shouldRefuseWhenFreedTwice(long size) throws Exception {
    kept.malloc(allocator, size);
    long block = allocator.malloc(size);
    kept.malloc(allocator, size);
    allocator.free(block);

    refusedByAll(block, NOT_LIVE);
  }

  @Test
  void shouldRefuseWhenAHugeBlockIsFreedTwice() throws Exception {
    long block = allocator.malloc(HUGE);
    allocator.free(block);

    refusedByAll(block, FOREIGN);
  }

  @ParameterizedTest
  @ValueSource(longs = {16, SMALL, MEDIUM, LARGE})
  void shouldRefuseWhenFreedTwiceWithOthersBetween(long size) throws Exception {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      blocks.add(allocator.malloc(size));
    }
    for (int i = 0; i < 200; i += 2) {
      allocator.free(blocks.get(i));
    }
    Set<Long> live = new TreeSet<>();
    for (int i = 0; i < 30; i++) {
      live.add(kept.malloc(allocator, size).address());
      kept.malloc(allocator, 3 * size);
    }
    for (int i = 0; i < 200; i += 2) {
      long block = blocks.get(i);
      if (!live.contains(block)) {
        refused(allocator, block, NOT_LIVE);
      }
    }
    for (int i = 1; i < 200; i += 2) {
      allocator.free(blocks.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {16, SMALL, MEDIUM, LARGE})
  void shouldRefuseWhenAnotherThreadHasFreedIt(long size) throws Exception {
    kept.malloc(view, size);
    long block = view.malloc(size);
    kept.malloc(view, size);
    inThread(() -> allocator.free(block));

    // Not yet taken in by the view that owns the page.
    inThread(() -> refused(allocator, block, NOT_LIVE));
    refusedSameThread(block);
    view.close();
    refused(allocator, block, NOT_LIVE);
    inThread(() -> refused(allocator, block, NOT_LIVE));
  }

  @ParameterizedTest
  @ValueSource(longs = {16, 1024, MEDIUM})
  void shouldStayIntactWhenTheOwnerFreesWhatAnotherHasFreed(long size) throws Exception {
    for (int round = 0; round < 20; round++) {
      long block = view.malloc(size);
      for (int i = 0; i < 20; i++) {
        kept.malloc(view, size);
      }
      inThread(() -> allocator.free(block));
      try {
        view.free(block);
      } catch (InvalidFreeException e) {
        assertThat(e.kind()).isEqualTo(NOT_LIVE);
      }
      // The model fails if a live block is handed out again.
      for (int i = 0; i < 150; i++) {
        kept.malloc(view, size);
      }
    }
  }

  @Test
  void shouldKeepThePageWhenOneOfItsBlocksWasFreedTwiceUnpunished() throws Exception {
    // Two pages of 64 blocks, the first of which is full and not the current one.
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 65; i++) {
      blocks.add(view.malloc(1024));
    }
    long twice = blocks.getFirst();
    inThread(() -> allocator.free(twice));
    try {
      view.free(twice);
    } catch (InvalidFreeException e) {
      assertThat(e.kind()).isEqualTo(NOT_LIVE);
    }
    // A new class: what others have freed is taken in.
    kept.malloc(view, 5000);
    for (int i = 1; i < 63; i++) {
      view.free(blocks.get(i));
    }
    assertThat(view.usableSize(blocks.get(63))).isEqualTo(1024);
    assertThat(allocator.stats().liveBlocks()).isEqualTo(kept.count() + 2);
    view.free(blocks.get(63));
    view.free(blocks.get(64));
  }

  /** Whoever else frees, resizes or measures it; but the owner's own free does not look there. */
  private void refusedSameThread(long block) {
    assertRefused(block, NOT_LIVE, () -> view.usableSize(block));
    assertRefused(block, NOT_LIVE, () -> view.realloc(block, 10));
    refused(allocator, block, NOT_LIVE);
  }

  @ParameterizedTest
  @ValueSource(longs = {16, SMALL, MEDIUM})
  void shouldRefuseWhenThePageWasGivenUp(long size) throws Exception {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < (2 << 20) / size; i++) {
      blocks.add(view.malloc(size));
    }
    blocks.forEach(view::free);
    view.close();
    assertThat(allocator.stats().sizeClasses()).isEmpty();

    Random random = new Random(size);
    for (int i = 0; i < 100; i++) {
      refused(allocator, blocks.get(random.nextInt(blocks.size())), NOT_LIVE);
    }
    allocator.purge();
    refusedByAll(blocks.getFirst(), NOT_LIVE);
  }

  @Test
  void shouldRefuseWhenThePageServesAnotherClass() {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 4096; i++) {
      blocks.add(view.malloc(48));
    }
    blocks.forEach(view::free);
    view.close();
    // All of that memory, as one block and as many.
    long first = kept.malloc(allocator, LARGE).address();
    assertThat(blocks).contains(first);
    for (long block : blocks) {
      if (block != first) {
        assertThatExceptionOfType(InvalidFreeException.class)
            .isThrownBy(() -> allocator.free(block));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {16, 48, SMALL, 8192, MEDIUM, 65_536, LARGE, HUGE})
  void shouldRefuseWhenInsideABlock(long size) throws Exception {
    long block = kept.malloc(allocator, size).address();
    long usable = allocator.usableSize(block);
    Random random = new Random(size);
    for (long offset : new long[] {1, 2, 4, 8, 15, usable / 2 + 1, usable - 1}) {
      refused(allocator, block + offset, UNALIGNED);
    }
    for (int i = 0; i < 100; i++) {
      refused(allocator, block + random.nextLong(1, usable), UNALIGNED);
    }
    refusedByAll(block + usable - 1, UNALIGNED);
  }

  @Test
  void shouldRefuseWhenBehindTheLastBlockOfAPage() {
    // 65536 = 1365 * 48 + 16
    long block = kept.malloc(allocator, 48).address();
    assertThat(allocator.usableSize(block)).isEqualTo(48);
    long page = block & -65_536;
    for (long address = page + 1365 * 48; address < page + 65_536; address++) {
      refused(allocator, address, UNALIGNED);
    }
  }

  @Test
  void shouldRefuseWhenNeverHandedOut() throws Exception {
    long block = kept.malloc(allocator, SMALL).address();
    refusedByAll(block + allocator.usableSize(block), NOT_LIVE);
  }

  @Test
  void shouldRefuseWhenForeign() throws Exception {
    long ours = kept.malloc(allocator, SMALL).address();
    try (OuroborosAllocator other = OuroborosAllocator.create();
        Arena arena = Arena.ofConfined()) {
      for (long size : new long[] {SMALL, LARGE, HUGE}) {
        long theirs = other.malloc(size);
        refusedByAll(theirs, FOREIGN);
        other.free(theirs);
      }
      refusedByAll(arena.allocate(100).address(), FOREIGN);
    }
    long[] outside = {
      1,
      8,
      4096,
      65_536,
      -1,
      -16,
      -65_536,
      Long.MIN_VALUE,
      Long.MAX_VALUE,
      1L << 47,
      (1L << 47) - 16,
      ours + Long.MIN_VALUE,
      ours + (1L << 48),
      ours - (1L << 40),
      // Of the reservation, but no page yet.
      ours + (1L << 30)
    };
    for (long address : outside) {
      refusedByAll(address, FOREIGN);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldRefuseWhenAtRandom(long seed) {
    Set<Long> live = new TreeSet<>();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      long size = random.nextLong(1L << 1 + random.nextInt(18));
      live.add(kept.malloc(i % 2 == 0 ? allocator : view, size).address());
    }
    long base = live.iterator().next() & -65_536;
    for (int i = 0; i < 20_000; i++) {
      long address =
          switch (random.nextInt(3)) {
            case 0 -> random.nextLong();
            case 1 -> base + random.nextLong(8 << 20);
            default -> base + (random.nextLong(8 << 20) & -16);
          };
      if (address != 0 && !live.contains(address)) {
        Allocator through = i % 2 == 0 ? allocator : view;
        ThrowingCallable call =
            switch (i % 3) {
              case 0 -> () -> through.free(address);
              case 1 -> () -> through.usableSize(address);
              default -> () -> through.realloc(address, 100);
            };
        assertThatExceptionOfType(InvalidFreeException.class)
            .as("0x%x, seed %d", address, seed)
            .isThrownBy(call)
            .satisfies(e -> assertThat(e.address()).isEqualTo(address));
      }
    }
  }

  @Test
  void shouldSayWhatIsWrongWhenRefused() {
    long block = kept.malloc(allocator, SMALL).address();
    assertThatExceptionOfType(InvalidFreeException.class)
        .isThrownBy(() -> allocator.free(block + 1))
        .withMessageContaining("ouroboros")
        .withMessageContaining("0x" + Long.toHexString(block + 1))
        .withMessageContaining("not the beginning of a block");
    assertThatExceptionOfType(InvalidFreeException.class)
        .isThrownBy(() -> allocator.free(16))
        .withMessageContaining("0x10 is not memory of this allocator");
  }

  // Helpers

  /** By the shared face, a view and the shared face in virtual and other platform threads. */
  private void refusedByAll(long address, Kind kind) throws Exception {
    refused(allocator, address, kind);
    inThread(() -> refused(allocator, address, kind));
    Throwable[] failure = new Throwable[1];
    Thread.ofVirtual()
        .uncaughtExceptionHandler((thread, e) -> failure[0] = e)
        .start(() -> refused(allocator, address, kind))
        .join();
    if (failure[0] != null) {
      throw new AssertionError("in a virtual thread", failure[0]);
    }
    try (Allocator another = allocator.confined()) {
      refused(another, address, kind);
    }
  }

  private static void refused(Allocator through, long address, Kind kind) {
    assertRefused(address, kind, () -> through.free(address));
    assertRefused(address, kind, () -> through.usableSize(address));
    assertRefused(address, kind, () -> through.realloc(address, 1));
    assertRefused(address, kind, () -> through.realloc(address, 200_000));
  }

  private static void assertRefused(long address, Kind kind, ThrowingCallable call) {
    assertThatExceptionOfType(InvalidFreeException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.address()).isEqualTo(address))
        .satisfies(e -> assertThat(e.kind()).as("0x%x", address).isEqualTo(kind));
  }

  private static void inThread(Runnable work) throws Exception {
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      thread.submit(work).get();
    }
  }
}
