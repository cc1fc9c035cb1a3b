package org.ouroboros.collector.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.HostHandle;
import org.ouroboros.collector.HostHandleReport;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/** Handles that keep objects alive, and that the JVM finds when nobody has them any more. */
class HostHandleTest {

  private static final int MANY = 3000;

  private final Set<Thread> finalizers = new HashSet<>();
  private int finalized;

  private final ObjectType counted =
      ObjectType.builder("counted")
          .references(1)
          .finalizer(
              (heap, ref) -> {
                finalized++;
                finalizers.add(Thread.currentThread());
              })
          .build();

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void aHandleOwnsUntilItIsClosed(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long ref = heap.allocate(counted);
      HostHandle handle = heap.hostHandle(ref);
      assertThat(heap.externalCount(ref)).isEqualTo(2);
      heap.release(ref);
      heap.collector().collect();
      assertThat(handle.get()).isEqualTo(ref);
      assertThat(finalized).isZero();

      long ours = handle.retained();
      assertThat(heap.externalCount(ours)).isEqualTo(2);
      assertThat(handle.isClosed()).isFalse();
      handle.close();
      handle.close();
      assertThat(handle.isClosed()).isTrue();
      assertThat(heap.externalCount(ours)).isEqualTo(1);
      heap.release(ours);
      assertThat(finalized).isEqualTo(1);

      HostHandle last = Handles.make(heap, counted, 1).getFirst();
      last.close();
      assertThat(finalized).isEqualTo(2);
      assertThat(heap.hostHandleReport()).isEqualTo(new HostHandleReport(2, 2, 0, List.of()));
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void whatNobodyHasIsGivenBackByTheHeapsThread(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      List<HostHandle> kept = Handles.make(heap, counted, MANY);
      Handles.drop(heap, counted, MANY);
      Handles.drainUntil(heap, MANY);
      assertThat(finalized).isEqualTo(MANY);
      assertThat(finalizers).containsExactly(Thread.currentThread());
      assertThat(heap.stats().liveObjects()).isEqualTo(MANY);
      assertThat(kept).allSatisfy(handle -> assertThat(heap.isLive(handle.get())).isTrue());
      Spaces.verify(heap);

      kept.forEach(HostHandle::close);
      kept.clear();
      assertThat(heap.stats().liveObjects()).isZero();
      HostHandleReport report = heap.hostHandleReport();
      assertThat(report.made()).isEqualTo(2 * MANY);
      assertThat(report.closed()).isEqualTo(MANY);
      assertThat(report.open()).isZero();
      assertThat(heap.errors().entries()).isEmpty();
    }
    assertThat(finalized).isEqualTo(2 * MANY);
  }

  @Test
  void structuresDieWithTheirLastHandle() {
    try (Heap heap = Heap.ofConfined()) {
      dropCycle(heap);
      Handles.drainUntil(heap, 1);
      assertThat(heap.stats().liveObjects()).isEqualTo(2);
      assertThat(heap.collector().collect()).isEqualTo(2);
    }
  }

  private static void dropCycle(Heap heap) {
    HostHandle handle = Handles.make(heap, Handles.NODE, 1).getFirst();
    try {
      long node = handle.get();
      long other = heap.allocate(Handles.NODE);
      heap.setRef(other, 0, node);
      heap.setRefMoved(node, 0, other);
    } finally {
      Reference.reachabilityFence(handle);
    }
  }

  // ------------------------------------------------------- when they are given back

  @Test
  void collectionsGiveBackFirst() {
    try (Heap heap = Heap.ofConfined()) {
      Handles.drop(heap, counted, MANY);
      Handles.await(
          () -> {
            heap.collector().collect(0);
            return finalized == MANY;
          });
    }
  }

  @Test
  void aHeapThatGrowsGivesBack() {
    ObjectType leaf = ObjectType.builder("leaf").references(0).build();
    try (Heap heap = Heap.ofConfined()) {
      heap.collector().disable();
      Handles.drop(heap, counted, MANY);
      Handles.await(
          () -> {
            for (int i = 0; i < 10_000; i++) {
              heap.allocate(leaf);
            }
            return finalized == MANY;
          });
      assertThat(heap.collector().stats()).allMatch(stats -> stats.collections() == 0);
    }
  }

  @Test
  void makingHandlesGivesBackOthers() {
    try (Heap heap = Heap.ofConfined()) {
      Handles.drop(heap, counted, MANY);
      long ref = heap.allocate(Handles.NODE);
      Handles.await(
          () -> {
            heap.hostHandle(ref).close();
            return finalized == MANY;
          });
    }
  }

  /** The reference to make a handle of may be held by a handle that is found meanwhile. */
  @Test
  void whatAHandleIsMadeOfIsNotGivenBackBefore() {
    try (Heap heap = Heap.ofConfined()) {
      for (int i = 0; i < 50; i++) {
        long ref = dropOne(heap);
        System.gc();
        HostHandle handle = heap.hostHandle(ref);
        assertThat(heap.isLive(handle.get())).isTrue();
        handle.close();
        Handles.drainUntil(heap, i + 1);
      }
    }
  }

  private static long dropOne(Heap heap) {
    return Handles.make(heap, Handles.NODE, 1).getFirst().get();
  }

  @Test
  void theCloseGivesBackWhatIsThereAndLeavesTheRest() {
    Heap heap = Heap.ofConfined();
    List<HostHandle> kept = Handles.make(heap, counted, 2);
    heap.close();
    assertThat(heap.closeReport().externallyHeld()).isEqualTo(2);
    assertThat(heap.hostHandleReport().open()).isEqualTo(2);
    kept.forEach(HostHandle::close); // does nothing
    assertThat(kept).allMatch(HostHandle::isClosed);
  }

  /** A late handle must not touch the next heap, which gets the same tag and the same ids. */
  @Test
  void afterTheCloseNothingIsGivenBack() {
    List<WeakReference<HostHandle>> dropped = new ArrayList<>();
    Heap first = Heap.ofConfined();
    for (HostHandle handle : Handles.make(first, counted, MANY)) {
      dropped.add(new WeakReference<>(handle));
    }
    first.close();
    finalized = 0;
    try (Heap next = Heap.ofConfined()) {
      List<HostHandle> kept = Handles.make(next, counted, MANY);
      Handles.await(() -> dropped.stream().allMatch(handle -> handle.refersTo(null)));
      next.drainHostHandles();
      assertThat(finalized).isZero();
      assertThat(first.hostHandleReport().unreachable()).isZero();
      kept.forEach(HostHandle::close);
      assertThat(finalized).isEqualTo(MANY);
    }
  }

  /** Nothing that the cleaner keeps refers to the heap or to its handles. */
  @Test
  void handlesDoNotKeepAForgottenHeap() {
    WeakReference<Heap> forgotten = forget();
    Handles.await(() -> forgotten.refersTo(null));
    assertThat(forgotten.get()).isNull();
  }

  private WeakReference<Heap> forget() {
    Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withReservation(1 << 20));
    Handles.drop(heap, counted, 10);
    return new WeakReference<>(heap);
  }

  // --------------------------------------------------------------------- threads

  @Test
  void aVirtualThreadMayOwnTheHeap() throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread owner =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (Heap heap = Heap.ofConfined()) {
                    Handles.drop(heap, counted, MANY);
                    Handles.drainUntil(heap, MANY);
                    Spaces.verify(heap);
                  } catch (Throwable e) {
                    failure.set(e);
                  }
                });
    owner.join();
    assertThat(failure.get()).isNull();
    assertThat(finalizers).containsExactly(owner);
  }

  @Test
  void otherThreadsMayKeepAndDropHandles() {
    try (Heap heap = Heap.ofConfined()) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        List<HostHandle> given = Handles.make(heap, counted, 30);
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      Thread.yield();
                      assertThat(given).noneMatch(HostHandle::isClosed);
                    }));
      }
      threads.forEach(Handles::join);
      threads.clear();
      Handles.drainUntil(heap, 3000);
      assertThat(finalizers).containsExactly(Thread.currentThread());
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }
}
