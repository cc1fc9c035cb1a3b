package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks that go from thread to thread, and threads and views that come and go. */
class CrossThreadTest {

  private final OuroborosAllocator allocator = OuroborosAllocator.create();

  @AfterEach
  void close() {
    allocator.close();
  }

  // ------------------------------------------------- producers and consumers

  /** Which face a thread uses. */
  private enum Face {
    SHARED,
    VIEW,
    VIRTUAL
  }

  @Test
  void shouldKeepContentsWhenConsumersFreeThroughTheSharedFace() throws Exception {
    produceAndConsume(Face.SHARED, Face.SHARED, 100_000, 1);
  }

  @Test
  void shouldKeepContentsWhenViewsFreeBlocksOfViews() throws Exception {
    produceAndConsume(Face.VIEW, Face.VIEW, 100_000, 2);
  }

  @Test
  void shouldKeepContentsWhenVirtualThreadsFreeBlocksOfViews() throws Exception {
    produceAndConsume(Face.VIEW, Face.VIRTUAL, 50_000, 3);
    produceAndConsume(Face.VIRTUAL, Face.SHARED, 50_000, 4);
  }

  @Test
  @Tag("stress")
  void shouldKeepContentsWhenConsumersFreeForLong() throws Exception {
    for (int round = 0; round < 10; round++) {
      for (Face producer : Face.values()) {
        for (Face consumer : Face.values()) {
          produceAndConsume(producer, consumer, 300_000, round * 9 + 100);
        }
      }
    }
  }

  private void produceAndConsume(Face producer, Face consumer, int blocks, long seed)
      throws Exception {
    BlockingQueue<List<TestBlock>> queue = new ArrayBlockingQueue<>(64);
    final int pairs = 2;
    AtomicInteger producing = new AtomicInteger(pairs);
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      Random random = new Random(seed + i);
      tasks.add(
          new Task(
              producer,
              face -> {
                for (int made = 0; made < blocks; made += 50) {
                  List<TestBlock> batch = new ArrayList<>();
                  for (int j = 0; j < 50; j++) {
                    batch.add(any(face, random));
                  }
                  if (random.nextInt(4) == 0) {
                    free(face, batch.removeLast());
                  }
                  queue.put(batch);
                }
                producing.decrementAndGet();
                queue.put(List.of());
              }));
      tasks.add(
          new Task(
              consumer,
              face -> {
                while (true) {
                  List<TestBlock> batch = queue.take();
                  if (batch.isEmpty()) {
                    return;
                  }
                  batch.forEach(block -> free(face, block));
                }
              }));
    }
    try {
      runAll(tasks);
      assertThat(producing.get()).isZero();
      assertThat(allocator.stats().liveBlocks()).isZero();
    } catch (Throwable t) {
      throw new AssertionError("seed " + seed, t);
    }
  }

  private interface Work {
    void run(Allocator face) throws Exception;
  }

  private record Task(Face face, Work work) {}

  private void runAll(List<Task> tasks) throws Exception {
    List<Future<?>> results = new ArrayList<>();
    try (ExecutorService platform =
            Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory());
        ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Task task : tasks) {
        ExecutorService executor = task.face == Face.VIRTUAL ? virtual : platform;
        results.add(
            executor.submit(
                () -> {
                  if (task.face == Face.VIEW) {
                    try (Allocator view = allocator.confined()) {
                      task.work.run(view);
                    }
                  } else {
                    task.work.run(allocator);
                  }
                  return null;
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
    }
  }

  @Test
  void shouldReuseWhatOthersFreedWhenTheOwnerGoesOn() throws Exception {
    try (Allocator view = allocator.confined()) {
      long[] blocks = new long[6400];
      for (int round = 0; round < 10; round++) {
        for (int i = 0; i < blocks.length; i++) {
          blocks[i] = view.malloc(1000);
        }
        inThread(
            () -> {
              for (long block : blocks) {
                allocator.free(block);
              }
            });
      }
    }
    // 100 pages of 64 blocks, and one that is current.
    assertThat(allocator.stats().peakCommittedBytes()).isLessThanOrEqualTo(101 * (64 << 10));
  }

  // ------------------------------------------------------ threads that die

  @Test
  void shouldTakeBlocksBackWhenTheirThreadHasDied() throws Exception {
    List<TestBlock> left = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 8; i++) {
      Random random = new Random(i);
      boolean view = i % 2 == 0;
      inThread(
          () -> {
            Allocator face = view ? allocator.confined() : allocator;
            for (int j = 0; j < 500; j++) {
              left.add(any(face, random));
            }
          });
    }
    assertThat(allocator.stats().liveBlocks()).isEqualTo(left.size());
    Collections.shuffle(left, new Random(1));

    inThread(() -> left.subList(0, 2000).forEach(block -> free(allocator, block)));
    left.subList(0, 2000).clear();
    BlockModel.exercise(allocator, 2);
    left.forEach(block -> free(allocator, block));

    assertThat(allocator.stats().liveBlocks()).isZero();
  }

  @Test
  void shouldStayFlatWhenThousandsOfThreadsComeAndGo() throws Exception {
    final int threads = 2000;
    long committedBefore = 0;
    long metadataBefore = 0;
    List<TestBlock> left = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      List<TestBlock> made = new ArrayList<>();
      Random random = new Random(i);
      boolean view = i % 3 == 0;
      inThread(
          () -> {
            Allocator face = view ? allocator.confined() : allocator;
            left.forEach(block -> free(face, block));
            for (int j = 0; j < 100; j++) {
              made.add(any(face, random));
            }
            made.subList(50, 100).forEach(block -> free(face, block));
            made.subList(50, 100).clear();
            if (random.nextBoolean() && view) {
              face.close();
            }
          });
      left.clear();
      left.addAll(made);
      assertThat(allocator.stats().liveBlocks()).as("after thread %d", i).isEqualTo(50);
      if (i == threads / 10) {
        committedBefore = allocator.stats().committedBytes();
        metadataBefore = allocator.stats().metadataBytes();
      }
    }
    AllocatorStats stats = allocator.stats();
    // As much again as was in use after a tenth of the threads, not ten times that.
    assertThat(stats.committedBytes()).isLessThan(2 * committedBefore);
    assertThat(stats.metadataBytes()).isLessThan(2 * metadataBefore);
    left.forEach(block -> free(allocator, block));
  }

  @Test
  void shouldKeepThePeakFlatWhenThreadsDieWithTheirBlocksFreedByOthers() throws Exception {
    final int each = 2000;
    long firstPeak = 0;
    for (int i = 0; i < 300; i++) {
      long[] blocks = new long[each];
      inThread(
          () -> {
            for (int j = 0; j < each; j++) {
              blocks[j] = allocator.malloc(1000);
            }
          });
      for (long block : blocks) {
        allocator.free(block);
      }
      if (i == 30) {
        firstPeak = allocator.stats().peakCommittedBytes();
      }
    }
    // Ten times as many threads, and no more memory.
    assertThat(allocator.stats().peakCommittedBytes()).isLessThan(2 * firstPeak);
    assertThat(allocator.stats().liveBlocks()).isZero();
  }

  // -------------------------------------------------------------- views

  @Test
  void shouldKeepBlocksWhenTheirViewIsClosed() {
    Random random = new Random(5);
    List<TestBlock> left = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      try (Allocator view = allocator.confined()) {
        for (int j = 0; j < 100; j++) {
          left.add(any(view, random));
        }
        for (int j = 0; j < 50; j++) {
          free(view, left.remove(random.nextInt(left.size())));
        }
      }
    }
    BlockModel.exercise(allocator, 6);
    assertThat(allocator.stats().liveBlocks()).isEqualTo(left.size());
    try (Allocator view = allocator.confined()) {
      left.forEach(block -> free(view, block));
    }
    assertThat(allocator.stats().liveBlocks()).isZero();
  }

  @Test
  void shouldCloseViewsWhenTheAllocatorIsClosedFirst() throws Exception {
    OuroborosAllocator closed = OuroborosAllocator.create();
    Allocator view = closed.confined();
    // A full page of the view, in which others have freed: what a closing view takes in.
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 3 * 65; i++) {
      blocks.add(view.malloc(1000));
    }
    inThread(() -> blocks.subList(60, 130).forEach(closed::free));

    closed.close();
    view.close();

    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> view.malloc(1));
  }

  // ---------------------------------------------------- virtual threads

  @Test
  void shouldKeepContentsWhenThousandsOfVirtualThreadsAllocate() throws Exception {
    AtomicInteger done = new AtomicInteger();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> results = new ArrayList<>();
      for (int i = 0; i < 5000; i++) {
        Random random = new Random(i);
        boolean view = i % 50 == 0;
        results.add(
            executor.submit(
                () -> {
                  Allocator face = view ? allocator.confined() : allocator;
                  List<TestBlock> mine = new ArrayList<>();
                  for (int j = 0; j < 20; j++) {
                    mine.add(any(face, random));
                  }
                  Thread.yield();
                  mine.forEach(block -> free(face, block));
                  if (view) {
                    face.close();
                  }
                  return done.incrementAndGet();
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
    }
    assertThat(done.get()).isEqualTo(5000);
    assertThat(allocator.stats().liveBlocks()).isZero();
  }

  // ------------------------------------------------------ racing frees

  @ParameterizedTest
  @ValueSource(longs = {16, 100, 5000, 40_000, 100_000})
  void shouldStayIntactWhenTwoThreadsFreeTheSameBlocks(long size) throws Exception {
    race(size, 30);
  }

  @ParameterizedTest
  @ValueSource(longs = {16, 100, 5000, 40_000, 100_000})
  @Tag("stress")
  void shouldStayIntactWhenTwoThreadsFreeTheSameBlocksForLong(long size) throws Exception {
    race(size, 400);
  }

  /** The blocks are another thread's, and one of the two is it in every second round. */
  private static void race(long size, int rounds) throws Exception {
    try (OuroborosAllocator exact = OuroborosAllocator.builder().exactFreeChecks(true).build()) {
      race(exact, size, rounds);
    }
  }

  private static void race(OuroborosAllocator allocator, long size, int rounds) throws Exception {
    final int raced = 200;
    for (int round = 0; round < rounds; round++) {
      Allocator view = allocator.confined();
      List<TestBlock> kept = new ArrayList<>();
      long[] blocks = new long[raced];
      for (int i = 0; i < raced; i++) {
        blocks[i] = view.malloc(size);
        if (i % 8 == 0) {
          kept.add(TestBlock.fill(view, view.malloc(size), size, i));
        }
      }
      AtomicInteger freed = new AtomicInteger();
      AtomicInteger ready = new AtomicInteger();
      Thread other = Thread.ofPlatform().start(() -> freeAll(allocator, blocks, ready, freed));
      if (round % 2 == 0) {
        freeAll(view, blocks, ready, freed);
      } else {
        Thread third = Thread.ofPlatform().start(() -> freeAll(allocator, blocks, ready, freed));
        third.join();
      }
      other.join();
      assertThat(freed.get()).isBetween(raced, 2 * raced);

      // What was freed twice is handed out once.
      BlockModel model = new BlockModel();
      for (int i = 0; i < 2 * raced; i++) {
        model.malloc(view, size);
      }
      kept.forEach(block -> block.verify(view));
      model.freeAll(view);
      view.close();
      assertThat(allocator.stats().liveBlocks()).isEqualTo(kept.size());
      kept.forEach(block -> free(allocator, block));
    }
    BlockModel.exercise(allocator, size);
    try (Allocator view = allocator.confined()) {
      BlockModel.exercise(view, size);
    }
    assertThat(allocator.stats().liveBlocks()).isZero();
  }

  private static void freeAll(
      Allocator through, long[] blocks, AtomicInteger ready, AtomicInteger freed) {
    ready.incrementAndGet();
    while (ready.get() < 2) {
      Thread.onSpinWait();
    }
    for (long block : blocks) {
      try {
        through.free(block);
        freed.incrementAndGet();
      } catch (InvalidFreeException e) {
        // The other was first.
      }
    }
  }

  // ------------------------------------------------------------- helpers

  private static TestBlock any(Allocator face, Random random) {
    long size = random.nextLong(1L << (1 + random.nextInt(random.nextInt(40) == 0 ? 18 : 11)));
    long address =
        switch (random.nextInt(8)) {
          case 0 -> face.calloc(1, size);
          case 1 -> face.alignedAlloc(1L << random.nextInt(13), size);
          case 2 -> face.realloc(face.malloc(100), size);
          default -> face.malloc(size);
        };
    return TestBlock.fill(face, address, size, random.nextLong());
  }

  private static void free(Allocator face, TestBlock block) {
    block.verify(face);
    face.free(block.address());
  }

  /** Returns when the thread has died. */
  private static void inThread(Runnable work) throws Exception {
    FutureTask<Void> task = new FutureTask<>(work, null);
    Thread.ofPlatform().start(task).join();
    task.get();
  }
}
