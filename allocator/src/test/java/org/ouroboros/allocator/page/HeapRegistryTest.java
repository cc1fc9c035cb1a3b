package org.ouroboros.allocator.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.page.HeapRegistry.Stripe;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MemorySource;

/** Who gets which local heap, and what becomes of it. */
class HeapRegistryTest {

  private static final MemorySource SOURCE = MappedFileSource.create();

  private final Engine engine =
      new Engine("test", SOURCE, SOURCE.reserve(64 << 20, 1 << 20), -1, true);
  private final HeapRegistry heaps = engine.heaps();

  @AfterEach
  void close() {
    engine.close();
  }

  private interface Work {
    void run();
  }

  private static void inThread(Work work) throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform().uncaughtExceptionHandler((t, e) -> failure.set(e)).start(work::run);
    thread.join();
    assertThat(failure.get()).isNull();
  }

  @Test
  void shouldFindTheSameHeapWhenTheThreadIsTheSame() throws Exception {
    LocalHeap mine = heaps.current();
    assertThat(mine).isNotNull().isSameAs(heaps.current());
    inThread(
        () -> {
          assertThat(heaps.current()).isNotNull().isNotSameAs(mine).isSameAs(heaps.current());
        });
    assertThat(heaps.current()).isSameAs(mine);
  }

  @Test
  void shouldKeepHeapsApartWhenManyThreadsLive() throws Exception {
    final int threads = 300;
    CountDownLatch found = new CountDownLatch(threads);
    CountDownLatch end = new CountDownLatch(1);
    LocalHeap[] first = new LocalHeap[threads];
    LocalHeap[] again = new LocalHeap[threads];
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int at = i;
      all.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    first[at] = heaps.current();
                    found.countDown();
                    try {
                      end.await();
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                    again[at] = heaps.current();
                  }));
    }
    found.await();
    assertThat(heaps.count()).isEqualTo(threads);
    end.countDown();
    for (Thread thread : all) {
      thread.join();
    }
    assertThat(first).doesNotHaveDuplicates().doesNotContainNull().isEqualTo(again);
  }

  @Test
  void shouldHaveNoneWhenTheThreadIsVirtual() throws Exception {
    Set<Stripe> stripes = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread.ofVirtual()
          .uncaughtExceptionHandler((t, e) -> failure.set(e))
          .start(
              () -> {
                assertThat(heaps.current()).isNull();
                Stripe stripe = heaps.stripe();
                assertThat(heaps.stripe()).isSameAs(stripe);
                stripes.add(stripe);
                LocalHeap heap = stripe.lock();
                heap.free(heap.malloc(10));
                stripe.unlock();
              })
          .join();
      assertThat(failure.get()).isNull();
    }
    assertThat(stripes.size()).isBetween(2, heaps.count());
    assertThat(heaps.count()).isLessThanOrEqualTo(4 * Runtime.getRuntime().availableProcessors());
  }

  @Test
  void shouldGoToTheNextThreadWhenItsHolderHasDied() throws Exception {
    LocalHeap[] left = new LocalHeap[1];
    long[] block = new long[1];
    inThread(
        () -> {
          left[0] = heaps.current();
          block[0] = left[0].malloc(100);
        });

    LocalHeap mine = heaps.current();

    assertThat(mine).isSameAs(left[0]);
    assertThat(heaps.count()).isEqualTo(1);
    assertThat(heaps.orphanCount()).isZero();
    // With its pages: a block of the same page comes next, and the old one is freed at once.
    assertThat(mine.malloc(100) - block[0]).isBetween(-65_536L, 65_536L);
    mine.free(block[0]);
    assertThat(mine.remoteFrees.any()).isFalse();
    assertThat(engine.report().stats().liveBlocks()).isEqualTo(1);
  }

  @Test
  void shouldBeAdoptedWhenItsViewIsReleased() {
    LocalHeap view = heaps.acquire(Thread.currentThread());
    final LocalHeap another = heaps.acquire(Thread.currentThread());
    assertThat(another).isNotSameAs(view);
    heaps.release(view);
    assertThat(heaps.orphanCount()).isEqualTo(1);
    assertThat(heaps.acquire(Thread.currentThread())).isSameAs(view);
    assertThat(heaps.orphanCount()).isZero();
    assertThat(heaps.count()).isEqualTo(2);
  }

  @Test
  void shouldNotGrowWhenThousandsOfThreadsComeAndGo() throws Exception {
    for (int i = 0; i < 1000; i++) {
      inThread(() -> heaps.current().free(heaps.current().malloc(100)));
    }
    assertThat(heaps.count()).isEqualTo(1);
  }

  @Test
  void shouldGivePagesUpWhenTheBlocksOfTheDeadAreFreedByOthers() throws Exception {
    LocalHeap mine = heaps.acquire(Thread.currentThread());
    List<Long> blocks = new ArrayList<>();
    inThread(
        () -> {
          LocalHeap theirs = heaps.acquire(Thread.currentThread());
          for (int i = 0; i < 64 * 100; i++) {
            blocks.add(theirs.malloc(1024));
          }
        });
    assertThat(engine.report().stats().sizeClasses().getFirst().pages()).isEqualTo(100);
    blocks.forEach(mine::free);
    assertThat(engine.report().stats().liveBlocks()).isZero();

    heaps.drainOrphans();

    assertThat(engine.report().stats().sizeClasses()).isEmpty();
    assertThat(heaps.orphanCount()).isEqualTo(1);
  }

  @Test
  void shouldDrainOrphansWhenAnotherNeedsManyPages() throws Exception {
    LocalHeap mine = heaps.acquire(Thread.currentThread());
    List<Long> blocks = new ArrayList<>();
    inThread(
        () -> {
          LocalHeap theirs = heaps.acquire(Thread.currentThread());
          for (int i = 0; i < 64 * 100; i++) {
            blocks.add(theirs.malloc(1024));
          }
        });
    blocks.forEach(mine::free);
    for (int i = 0; i < 32 * 100; i++) {
      mine.malloc(2048);
    }
    // Nobody asked for the class of the dead; its pages serve the living.
    assertThat(engine.report().stats().sizeClasses()).hasSize(1);
    assertThat(engine.pages.top()).isLessThan(190);
  }

  @Test
  void shouldRefuseWhenTheEngineIsClosed() {
    LocalHeap view = heaps.acquire(Thread.currentThread());
    heaps.current();
    engine.close();
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(heaps::current);
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(heaps::stripe);
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> heaps.acquire(Thread.currentThread()));
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> view.malloc(1));
    heaps.release(view);
  }
}
