package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/** Executors that are late, that refuse, and that fail. */
class SharedExecutorTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final int NODES = 30_000;

  static Stream<Named<Executor>> failing() {
    return Stream.of(
        Named.of(
            "refuses",
            task -> {
              throw new RejectedExecutionException("on purpose");
            }),
        Named.of(
            "cannot make a thread",
            task -> {
              throw new OutOfMemoryError("unable to create native thread");
            }),
        Named.of(
            "fails",
            task -> {
              throw new AssertionError("on purpose");
            }));
  }

  /** No object is lost that was made when its maker asked for the collection. */
  @ParameterizedTest
  @MethodSource("failing")
  void allocationsGoOnWhereTheExecutorFails(Executor executor) {
    try (Heap heap = Heap.ofShared(HeapOptions.DEFAULT.withExecutor(executor))) {
      List<Long> kept = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        kept.add(heap.allocate(NODE));
      }
      assertThat(collections(heap)).isPositive();
      kept.forEach(heap::release);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  /** A caller that is its own executor. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void callerIsTheExecutor(boolean incremental) {
    AtomicInteger tasks = new AtomicInteger();
    HeapOptions options =
        HeapOptions.DEFAULT
            .withIncremental(incremental)
            .withExecutor(
                task -> {
                  tasks.incrementAndGet();
                  task.run();
                });
    try (Heap heap = Heap.ofShared(options)) {
      for (int i = 0; i < NODES; i++) {
        long node = heap.allocate(NODE);
        heap.setRef(node, 0, node);
        heap.release(node);
      }
      assertThat(tasks.get()).isPositive();
      assertThat(heap.stats().liveObjects()).isLessThan(NODES / 2);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void turnThatComesAfterTheCloseDoesNothing(boolean incremental) {
    Queue<Runnable> tasks = new ArrayDeque<>();
    HeapOptions options =
        HeapOptions.DEFAULT.withIncremental(incremental).withExecutor(tasks::add);
    try (Heap heap = Heap.ofShared(options)) {
      List<Long> kept = new ArrayList<>();
      while (tasks.isEmpty()) {
        kept.add(heap.allocate(NODE));
      }
      kept.forEach(heap::release);
    }
    assertThatCode(tasks.remove()::run).doesNotThrowAnyException();
    assertThat(tasks).isEmpty();
  }

  private static long collections(Heap heap) {
    return heap.collector().stats().stream().mapToLong(s -> s.collections()).sum();
  }
}
