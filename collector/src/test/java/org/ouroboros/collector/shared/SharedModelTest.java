package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.Spaces;

/**
 * Random programs of several threads on one heap, and on plain Java objects beside it. From time to
 * time all wait, and the heap is compared with the objects: see {@link SharedModel}. The programs
 * depend on the seed, {@code -Dmodel.seed=}, but what they meet depends on the threads' turns.
 */
class SharedModelTest {

  private static final long BASE = Long.getLong("model.seed", 1);
  private static final int THREADS = 3;

  static Stream<Named<HeapOptions>> heaps() {
    HeapOptions paged = HeapOptions.DEFAULT;
    return Stream.of(
        Named.of("normal", paged),
        Named.of("incremental", paged.withIncremental(true)),
        Named.of("marking threads", Spaces.withThreads(paged)),
        Named.of("executor", paged.withIncremental(true).withExecutor(Runnable::run)),
        Named.of("checked", paged.withMode(HeapMode.CHECKED)),
        Named.of("debug", paged.withMode(HeapMode.DEBUG)),
        Named.of("on an allocator", Spaces.everywhere().skip(1).findFirst().get().getPayload()));
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void heapAndModelAgree(HeapOptions options) {
    for (int i = 0; i < 3; i++) {
      run(options, BASE + i, 8, options.mode() == HeapMode.NORMAL ? 3_000 : 500, false);
    }
  }

  /** What is refused for want of memory has changed nothing, whatever other threads do. */
  @ParameterizedTest
  @MethodSource("heaps")
  void heapAndModelAgreeWhereRequestsFail(HeapOptions options) {
    for (int i = 0; i < 2; i++) {
      run(options, BASE + i, 8, 500, true);
    }
  }

  @Tag("stress")
  @ParameterizedTest
  @MethodSource("heaps")
  void heapAndModelAgreeForLong(HeapOptions options) {
    for (int i = 0; i < 20; i++) {
      run(options, BASE + i, 50, options.mode() == HeapMode.NORMAL ? 20_000 : 2_000, false);
    }
  }

  private static void run(HeapOptions options, long seed, int rounds, int steps, boolean faults) {
    SharedModel model = new SharedModel(options, faults);
    Heap heap = model.heap;
    heap.collector().setThreshold(200);
    List<List<SharedModel.Node>> owned = new ArrayList<>();
    AtomicInteger refused = new AtomicInteger();
    AtomicBoolean failed = new AtomicBoolean();
    CyclicBarrier meeting = new CyclicBarrier(THREADS + 1, model::check);
    Crew.Task mutating =
        (number, _) -> {
          SharedModelThread thread =
              new SharedModelThread(model, new Random(seed * 1000 + number));
          synchronized (owned) {
            owned.add(thread.owned);
          }
          for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < steps; i++) {
              if (!faults) {
                thread.step();
              } else if (!thread.tryStep()) {
                refused.incrementAndGet();
              }
            }
            meet(meeting, failed);
          }
        };
    Crew.Task collecting =
        (_, _) -> {
          Random random = new Random(seed);
          for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < (faults ? steps : steps / 50); i++) {
              if (faults) {
                heap.inspector().failAllocations(1 + random.nextInt(4), 1 + random.nextInt(3));
                Thread.yield();
              }
              switch (random.nextInt(4)) {
                case 0 -> heap.collector().collect(random.nextInt(3));
                case 1 -> heap.collector().assist(10_000);
                default -> heap.collector().step(random.nextInt(20_000));
              }
              Thread.yield();
            }
            meet(meeting, failed);
          }
        };
    Crew.run(
        THREADS + 1,
        (number, random) -> {
          try {
            (number == THREADS ? collecting : mutating).run(number, random);
          } catch (BrokenBarrierException e) {
            // whoever failed tells
          } catch (Throwable e) {
            failed.set(true);
            meeting.reset(); // the others need not wait
            throw e;
          }
        });
    assertThat(refused.get() > 0).isEqualTo(faults);
    model.end(owned);
  }

  private static void meet(CyclicBarrier meeting, AtomicBoolean failed) throws Exception {
    if (failed.get()) {
      throw new BrokenBarrierException();
    }
    meeting.await(1, TimeUnit.MINUTES);
  }
}
