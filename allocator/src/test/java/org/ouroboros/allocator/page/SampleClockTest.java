package org.ouroboros.allocator.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.source.MmapSource;

/** Which allocations are sampled. The seed is fixed, so that each run samples the same ones. */
class SampleClockTest {

  private final Engine engine = engine();
  private final ConfinedFace face = new ConfinedFace(engine);

  private static Engine engine() {
    MmapSource source = MmapSource.create();
    Engine made = new Engine("test", source, source.reserve(1L << 30, Page.SIZE), -1, false);
    made.samplers.seed(42);
    return made;
  }

  @AfterEach
  void close() {
    face.close();
    engine.close();
  }

  /** Counts what it is given, and has it served as usual. */
  private static class Counting implements Sampler {

    final List<Long> sizes = new ArrayList<>();

    private final double perBlock;

    Counting(double probability) {
      this.perBlock = -Math.log1p(-probability);
    }

    @Override
    public double perBlock() {
      return perBlock;
    }

    @Override
    public double perByte() {
      return 0;
    }

    @Override
    public long serve(long size, long alignment, boolean zeroed) {
      sizes.add(size);
      return 0;
    }

    @Override
    public void zero(long address, long size) {
      throw new AssertionError("nothing was served");
    }
  }

  /** As a point in a stream of bytes, 4096 apart in the mean. */
  private static final class ByBytes extends Counting {
    ByBytes() {
      super(0);
    }

    @Override
    public double perByte() {
      return 1 / 4096.0;
    }
  }

  private void mallocAndFree(int times, long size, Sampler sampler) {
    for (int i = 0; i < times; i++) {
      face.free(face.malloc(size, sampler));
    }
  }

  @Test
  void shouldSampleEachAllocationWithItsProbabilityThoughBlocksAreReused() {
    Counting sampler = new Counting(0.01);
    face.startSampling(sampler);
    List<Integer> gaps = new ArrayList<>();
    int last = 0;
    for (int i = 1; i <= 1_000_000; i++) {
      int before = sampler.sizes.size();
      face.free(face.malloc(40, sampler));
      if (sampler.sizes.size() > before) {
        gaps.add(i - last);
        last = i;
      }
    }
    // Three standard errors of 10,000 draws; the seed is fixed.
    assertThat(gaps.size()).isCloseTo(10_000, within(300));
    // Geometric: of mean 100, and exp(-1), exp(-2) and 1 % of them are beyond 100, 200 and below 2.
    assertThat(gaps.stream().filter(gap -> gap > 100).count()).isCloseTo(3660, within(150L));
    assertThat(gaps.stream().filter(gap -> gap > 200).count()).isCloseTo(1340, within(110L));
    assertThat(gaps.stream().filter(gap -> gap == 1).count()).isCloseTo(100, within(30L));
  }

  @Test
  void shouldSampleAllocationsThatTakeFreshBlocksAlike() {
    Counting sampler = new Counting(0.01);
    face.startSampling(sampler);
    for (int i = 0; i < 300_000; i++) {
      face.malloc(100, sampler);
    }
    assertThat(sampler.sizes.size()).isCloseTo(3000, within(165));
    // Every other one of these comes from the page, and is not at hand.
    for (int i = 0; i < 100_000; i++) {
      face.malloc(2000, sampler);
    }
    assertThat(sampler.sizes.stream().filter(size -> size == 2000).count())
        .isCloseTo(1000, within(95L));
  }

  @Test
  void shouldWeighEachSizeOfAClassAndLargeOnesExactly() {
    ByBytes sampler = new ByBytes();
    face.startSampling(sampler);
    // 650 and 750 bytes have one class.
    for (long size : new long[] {650, 750, 20_000, 3000}) {
      mallocAndFree(40_000, size, sampler);
    }
    mallocAndFree(2000, 70_000, sampler);
    for (long size : new long[] {650, 750, 3000}) {
      double expected = 40_000 * sampler.probability(size);
      assertThat((double) sampler.sizes.stream().filter(one -> one == size).count())
          .as("%d bytes", size)
          .isCloseTo(expected, within(3 * Math.sqrt(expected)));
    }
    assertThat(sampler.sizes.stream().filter(one -> one == 20_000).count())
        .isCloseTo(39_700, within(100L));
    assertThat(sampler.sizes.stream().filter(one -> one == 70_000)).hasSize(2000);
  }

  @Test
  void shouldServeSeveralSamplersWithTheirOwnProbabilities() {
    Counting often = new Counting(0.01);
    Counting seldom = new Counting(0.001);
    face.startSampling(often);
    face.startSampling(seldom);
    mallocAndFree(300_000, 64, often);
    mallocAndFree(300_000, 64, seldom);
    for (int i = 0; i < 300_000; i++) {
      face.free(face.malloc(64));
    }
    assertThat(often.sizes.size()).isCloseTo(3000, within(165));
    assertThat(seldom.sizes.size()).isCloseTo(300, within(52));
    face.stopSampling(often);
    mallocAndFree(300_000, 64, often);
    // What the heap has drawn before, and then the share of the other's draws.
    assertThat(often.sizes.size()).isLessThan(3000 + 165 + 300 + 60);
    face.stopSampling(seldom);
    int before = seldom.sizes.size();
    mallocAndFree(300_000, 64, seldom);
    assertThat(seldom.sizes.size()).isLessThanOrEqualTo(before + 1);
  }

  @Test
  void shouldBeginInHeapsThatWereUsedBefore() throws Exception {
    SharedFace shared = new SharedFace(engine);
    Counting sampler = new Counting(0.01);
    shared.free(shared.malloc(64, sampler));
    Thread other = Thread.ofPlatform().start(() -> engine.samplers.add(sampler));
    other.join();
    assertThat(sampler.sizes).isEmpty();
    for (int i = 0; i < 100_000; i++) {
      shared.free(shared.malloc(64, sampler));
    }
    assertThat(sampler.sizes.size()).isCloseTo(990, within(100));
  }

  @Test
  void shouldSampleOnVirtualThreadsFromTheCallOn() throws Exception {
    SharedFace shared = new SharedFace(engine);
    Counting all = new Counting(1);
    Runnable work =
        () -> {
          shared.free(shared.malloc(64, all)); // the stripe has counted before
          shared.startSampling(all);
          shared.free(shared.malloc(64, all));
          shared.free(shared.calloc(1, 300_000, all));
          shared.free(shared.alignedAlloc(256, 1000, all));
          shared.free(shared.realloc(shared.malloc(20), 2000, all));
        };
    Thread thread = Thread.ofVirtual().unstarted(work);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
    thread.start();
    thread.join();
    assertThat(failure).hasNullValue();
    assertThat(all.sizes).containsExactly(64L, 300_000L, 1000L, 2000L);
  }

  @Test
  void shouldSampleOtherAllocationsInEachHeap() {
    List<Set<Integer>> sampled = new ArrayList<>();
    for (int heap = 0; heap < 2; heap++) {
      Counting sampler = new Counting(0.01);
      ConfinedFace one = new ConfinedFace(engine);
      one.startSampling(sampler);
      Set<Integer> which = new HashSet<>();
      for (int i = 0; i < 10_000; i++) {
        int before = sampler.sizes.size();
        one.malloc(64, sampler);
        if (sampler.sizes.size() > before) {
          which.add(i);
        }
      }
      one.stopSampling(sampler);
      sampled.add(which); // the face stays open, so that the next has a heap of its own
    }
    assertThat(sampled).allSatisfy(which -> assertThat(which.size()).isBetween(60, 140));
    sampled.getFirst().retainAll(sampled.getLast());
    assertThat(sampled.getFirst()).hasSizeLessThan(10);
  }

  @Test
  void shouldFindASecondFreeOfAHiddenBlockAtOnceWhoeverFreesIt() {
    ConfinedFace other = new ConfinedFace(engine);
    long block = face.mallocHidden(16, 100, false);
    assertThat(face.freeOwn(block)).isFalse();
    face.free(block);
    assertThatExceptionOfType(InvalidFreeException.class).isThrownBy(() -> other.free(block));
    assertThat(engine.report().stats().liveBlocks()).isZero();
  }

  @Test
  void shouldGiveThePagesOfHiddenBlocksBackWhenAllAreFreed() {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      blocks.add(face.mallocHidden(16, 1000, false));
    }
    blocks.forEach(face::free);
    engine.purge();
    assertThat(engine.report().stats().committedBytes()).isLessThan(8 * Page.SIZE);
  }

  @Test
  void shouldServeOtherBlocksInstead() {
    Set<Long> ours = new HashSet<>();
    long own = engine.mallocLarge(1 << 20, Page.SIZE, false);
    Counting sampler =
        new Counting(0.5) {
          @Override
          public long serve(long size, long alignment, boolean zeroed) {
            ours.add(own + 4096L * ours.size());
            return own + 4096L * (ours.size() - 1);
          }
        };
    face.startSampling(sampler);
    int served = 0;
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 400; i++) {
      long block = face.malloc(500, sampler);
      assertThat(seen.add(block)).as("each block once").isTrue();
      served += ours.contains(block) ? 1 : 0;
    }
    assertThat(served).isEqualTo(ours.size()).isBetween(160, 240);
    assertThat(engine.report().stats().liveBlocks()).isEqualTo(400 - served + 1);
  }
}
