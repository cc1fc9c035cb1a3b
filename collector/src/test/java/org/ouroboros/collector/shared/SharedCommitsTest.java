package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.MmapSource;
import org.ouroboros.allocator.source.Reservation;
import org.ouroboros.allocator.source.SourceException;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/** Commits that fail while several threads need memory, and succeed again. */
class SharedCommitsTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final ObjectType WIDE = ObjectType.builder("wide").references(60).build();
  private static final ObjectType TABLE = ObjectType.referenceArray("table");
  private static final int THREADS = 3;

  /** A source that refuses to commit when told to. */
  private record Source(MemorySource inner, AtomicBoolean refuses) implements MemorySource {

    @Override
    public String name() {
      return "refusing";
    }

    @Override
    public long granularity() {
      return inner.granularity();
    }

    @Override
    public boolean purges() {
      return inner.purges();
    }

    @Override
    public Reservation reserve(long bytes, long alignment) {
      return new Refusing(inner.reserve(bytes, alignment), refuses);
    }
  }

  private record Refusing(Reservation inner, AtomicBoolean refuses) implements Reservation {

    @Override
    public long address() {
      return inner.address();
    }

    @Override
    public long size() {
      return inner.size();
    }

    @Override
    public MemorySegment segment() {
      return inner.segment();
    }

    @Override
    public void commit(long offset, long bytes) {
      if (refuses.get()) {
        throw new SourceException("refusing", "commit", SourceException.NO_ERRNO, "told to", null);
      }
      inner.commit(offset, bytes);
    }

    @Override
    public void purge(long offset, long bytes) {
      inner.purge(offset, bytes);
    }

    @Override
    public void adviseHugePages(long offset, long bytes) {
      inner.adviseHugePages(offset, bytes);
    }

    @Override
    public void release() {
      inner.release();
    }
  }

  static Stream<Named<HeapOptions>> heaps() {
    HeapOptions paged = HeapOptions.DEFAULT;
    return Stream.of(
        Named.of("normal", paged),
        Named.of("incremental", paged.withIncremental(true)),
        Named.of("debug", paged.withMode(HeapMode.DEBUG)));
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void commitsThatFailChangeNothing(HeapOptions options) {
    AtomicBoolean refuses = new AtomicBoolean();
    MemorySource inner = MmapSource.isSupported() ? MmapSource.create() : MappedFileSource.create();
    AtomicInteger refused = new AtomicInteger();
    try (Heap heap = Heap.ofShared(options.withSource(new Source(inner, refuses)))) {
      List<List<Long>> owned = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        owned.add(new ArrayList<>());
      }
      CyclicBarrier turn = new CyclicBarrier(THREADS, () -> meet(heap, refuses, owned));
      Crew.run(
          THREADS,
          (number, random) -> {
            for (int round = 0; round < 6; round++) {
              List<Long> kept = owned.get(number);
              while (refuses.get() && make(heap, kept, 0)) {
                assertThat(kept.size()).isLessThan(10_000); // what is committed is used up
              }
              for (int i = 0; i < 1500; i++) {
                refused.addAndGet(make(heap, kept, random.nextInt(40)) ? 0 : 1);
              }
              while (kept.size() > 500) { // so that the next round, which is refused, needs more
                heap.release(kept.removeLast());
              }
              turn.await();
            }
          });
      assertThat(refused.get()).isPositive();
      owned.forEach(some -> some.forEach(heap::release));
      heap.collector().collect();
      assertThat(heap.inspector().verify()).isEmpty();
      assertThat(heap.stats().liveObjects()).isZero();
      assertThat(heap.errors().entries()).isEmpty();
    }
  }

  /** Makes an object, and a cycle of what was made before; returns whether there was memory. */
  private static boolean make(Heap heap, List<Long> kept, int choice) {
    boolean refused = false;
    try {
      long made =
          choice == 0
              ? heap.allocate(TABLE, 40_000)
              : heap.allocate(choice < 30 ? NODE : WIDE);
      kept.add(made);
      if (choice > 0) {
        heap.setRef(made, 0, kept.get(kept.size() / 2));
      }
    } catch (HeapExhaustedException e) {
      refused = true;
    }
    if (refused && !kept.isEmpty()) {
      heap.release(kept.removeLast());
    }
    return !refused;
  }

  /** All is as the threads know, and from now on commits fail, or no longer do. */
  private static void meet(Heap heap, AtomicBoolean refuses, List<List<Long>> owned) {
    heap.collector().collect();
    assertThat(heap.inspector().verify()).isEmpty();
    for (List<Long> some : owned) {
      assertThat(some).allMatch(heap::isLive);
    }
    refuses.set(!refuses.get());
  }
}
