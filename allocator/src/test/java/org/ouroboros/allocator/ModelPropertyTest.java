package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Random sequences of all operations, on the shared face and on views of several threads, against a
 * {@link BlockModel}. jqwik prints the seed and the shortest sequence that fails.
 */
class ModelPropertyTest {

  private static final long RESERVATION = 1 << 30;

  /** What a thread may keep at hand of free memory: a page, or run of pages, of each class. */
  private static final long KEPT = 16 << 20;

  enum Kind {
    MALLOC,
    CALLOC,
    ALIGNED,
    REALLOC,
    FREE
  }

  /**
   * A call.
   *
   * @param kind what is called
   * @param face on which thread, and through which face
   * @param block which of the live blocks, if any is meant
   * @param size bytes
   * @param alignment of an aligned block
   */
  record Call(Kind kind, int face, int block, long size, long alignment) {}

  @Provide
  Arbitrary<List<Call>> calls() {
    return call(Kind.MALLOC, Kind.CALLOC, Kind.ALIGNED, Kind.REALLOC, Kind.FREE, Kind.FREE)
        .list()
        .ofMinSize(1)
        .ofMaxSize(250);
  }

  /** Few sizes and more frees than anything else: blocks are reused, pages empty and refill. */
  @Provide
  Arbitrary<List<Call>> reuse() {
    Arbitrary<Long> sizes = Arbitraries.of(8192L, 20_000L, 65_536L, 65_537L, 131_072L);
    return Combinators.combine(
            Arbitraries.of(Kind.MALLOC, Kind.CALLOC, Kind.REALLOC, Kind.FREE, Kind.FREE),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 1 << 20),
            sizes)
        .as((kind, face, block, size) -> new Call(kind, face, block, size, 16))
        .list()
        .ofMinSize(100)
        .ofMaxSize(400);
  }

  private static Arbitrary<Call> call(Kind... kinds) {
    Arbitrary<Long> sizes =
        Arbitraries.frequencyOf(
            Tuple.of(40, Arbitraries.of(BoundarySizes.ofClasses())),
            Tuple.of(20, Arbitraries.longs().between(0, 1024)),
            Tuple.of(10, Arbitraries.of(BoundarySizes.ofPageRuns())),
            Tuple.of(1, Arbitraries.of(BoundarySizes.ofHuge(RESERVATION))));
    return Combinators.combine(
            Arbitraries.of(kinds),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 1 << 20),
            sizes,
            Arbitraries.integers().between(0, 21).map(shift -> 1L << shift))
        .as(Call::new);
  }

  @Property(tries = 80)
  void shouldAgreeWithTheModelWhenOneThreadUsesTheSharedFace(@ForAll("calls") List<Call> calls) {
    try (OuroborosAllocator allocator = allocator()) {
      BlockModel model = new BlockModel();
      calls.forEach(call -> run(call, model, allocator));
      finish(allocator, model, allocator, 1);
    }
  }

  @Property(tries = 80)
  void shouldAgreeWithTheModelWhenOneThreadUsesAView(@ForAll("calls") List<Call> calls) {
    try (OuroborosAllocator allocator = allocator()) {
      BlockModel model = new BlockModel();
      try (Allocator view = allocator.confined()) {
        calls.forEach(call -> run(call, model, view));
        model.verify(view);
        model.freeAll(view);
        assertThat(allocator.stats().liveBlocks()).isZero();
      }
      allocator.purge();
      assertThat(allocator.stats().committedBytes()).isZero();
    }
  }

  @Property(tries = 80)
  void shouldAgreeWithTheModelWhenThreadsAndViewsAreMixed(@ForAll("calls") List<Call> calls)
      throws Exception {
    runMixed(calls);
  }

  @Property(tries = 40)
  void shouldAgreeWithTheModelWhenPagesEmptyAndRefill(@ForAll("reuse") List<Call> calls)
      throws Exception {
    runMixed(calls);
  }

  @Example
  void shouldServeEveryBoundaryWhenAskedForEach() {
    List<Long> sizes = new ArrayList<>(BoundarySizes.ofClasses());
    sizes.addAll(BoundarySizes.ofPageRuns());
    sizes.addAll(BoundarySizes.ofHuge(RESERVATION));
    try (OuroborosAllocator allocator = allocator()) {
      BlockModel model = new BlockModel();
      for (long size : sizes) {
        model.malloc(allocator, size);
        BlockModel.Block grown = model.realloc(allocator, model.calloc(allocator, size), size + 17);
        model.realloc(allocator, grown, size / 3);
      }
      finish(allocator, model, allocator, 1);
    }
  }

  private static OuroborosAllocator allocator() {
    return OuroborosAllocator.builder().reservation(RESERVATION).build();
  }

  /** Threads 0 and 1 have views, thread 2 uses the shared face, thread 3 is virtual and does so. */
  private static void runMixed(List<Call> calls) throws Exception {
    try (OuroborosAllocator allocator = allocator()) {
      BlockModel model = new BlockModel();
      List<ExecutorService> threads = new ArrayList<>();
      List<Allocator> faces = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        threads.add(Executors.newSingleThreadExecutor());
        boolean view = i < 2;
        faces.add(onThread(threads.get(i), () -> view ? allocator.confined() : allocator));
      }
      threads.add(Executors.newSingleThreadExecutor(Thread.ofVirtual().factory()));
      faces.add(allocator);
      try {
        for (Call call : calls) {
          Allocator face = faces.get(call.face);
          onThread(
              threads.get(call.face),
              () -> {
                run(call, model, face);
                return face;
              });
        }
        for (int i = 0; i < 2; i++) {
          Allocator view = faces.get(i);
          onThread(
              threads.get(i),
              () -> {
                view.close();
                return view;
              });
        }
        finish(allocator, model, allocator, 5);
      } finally {
        threads.forEach(ExecutorService::close);
      }
    }
  }

  private interface Task {
    Allocator run();
  }

  private static Allocator onThread(ExecutorService thread, Task task) throws Exception {
    Future<Allocator> result = thread.submit(task::run);
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  private static void run(Call call, BlockModel model, Allocator through) {
    if (model.isEmpty() && (call.kind == Kind.REALLOC || call.kind == Kind.FREE)) {
      return;
    }
    switch (call.kind) {
      case MALLOC -> model.malloc(through, call.size);
      case CALLOC -> model.calloc(through, call.size);
      case ALIGNED -> model.alignedAlloc(through, call.alignment, call.size);
      case REALLOC -> model.realloc(through, model.pick(call.block), call.size);
      case FREE -> model.free(through, model.pick(call.block));
    }
  }

  private static void finish(
      Allocator through, BlockModel model, OuroborosAllocator allocator, int heaps) {
    model.verify(through);
    assertThat(allocator.stats().liveBlocks()).isEqualTo(model.count());
    model.freeAll(through);
    AllocatorStats stats = allocator.stats();
    assertThat(stats.liveBlocks()).isZero();
    assertThat(stats.liveBytes()).isZero();
    allocator.purge();
    assertThat(allocator.stats().committedBytes()).isLessThan(heaps * KEPT);
  }
}
