package org.ouroboros.collector.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.ErrorLog;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.HostHandle;
import org.ouroboros.collector.HostHandleReport;
import org.ouroboros.collector.HostHandleReport.Origin;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/** Host handles in the wrong place, and reports of those that nobody closed. */
class HostHandleMisuseTest {

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void finalizersMayMakeDropCloseAndDrain(HeapOptions options) {
    List<HostHandle> kept = new ArrayList<>();
    List<Integer> nested = new ArrayList<>();
    ObjectType busy =
        ObjectType.builder("busy")
            .references(1)
            .finalizer(
                (heap, ref) -> {
                  nested.add(heap.drainHostHandles());
                  Handles.drop(heap, Handles.NODE, 2);
                  kept.addAll(Handles.make(heap, Handles.NODE, 1));
                  if (kept.size() > 10) {
                    kept.removeFirst().close();
                  }
                  heap.collector().collect(0);
                })
            .build();
    try (Heap heap = Heap.ofConfined(options)) {
      Handles.drop(heap, busy, 500);
      Handles.drainUntil(heap, 1500);
      assertThat(nested).hasSize(500).containsOnly(0);
      assertThat(heap.stats().liveObjects()).isEqualTo(10);
      kept.forEach(HostHandle::close);
      assertThat(heap.errors().entries()).isEmpty();
      assertThat(heap.stats().liveObjects()).isZero();
      Spaces.verify(heap);
    }
  }

  @Test
  void theHeapCannotBeClosedByWhatADrainCalls() {
    ObjectType closing =
        ObjectType.builder("closing").references(1).finalizer((heap, ref) -> heap.close()).build();
    try (Heap heap = Heap.ofConfined()) {
      Handles.drop(heap, closing, 3);
      Handles.drainUntil(heap, 3);
      assertThat(heap.errors().entries())
          .hasSize(3)
          .allSatisfy(e -> assertThat(e.error()).isInstanceOf(IllegalStateException.class));
      assertThat(heap.isClosed()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void whatSomethingElseGaveBackIsLogged(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      HostHandle robbed = Handles.make(heap, Handles.NODE, 1).getFirst();
      heap.release(robbed.get());
      assertThatThrownBy(robbed::close).isInstanceOf(InvalidReferenceException.class);
      robbed = null;
      rob(heap);
      Handles.drainUntil(heap, 3);
      assertThat(heap.errors().entries())
          .hasSize(3)
          .allSatisfy(e -> assertThat(e.kind()).isEqualTo(ErrorLog.Kind.HOST_HANDLE))
          .allSatisfy(e -> assertThat(e.error()).isInstanceOf(InvalidReferenceException.class));
      Spaces.verify(heap);
    }
  }

  private static void rob(Heap heap) {
    Handles.make(heap, Handles.NODE, 2).forEach(handle -> heap.release(handle.get()));
  }

  @Test
  void otherThreadsAreRefused() {
    try (Heap heap = Heap.ofConfined()) {
      HostHandle handle = Handles.make(heap, Handles.NODE, 1).getFirst();
      assertThatThrownBy(() -> elsewhere(handle::get)).isInstanceOf(WrongThreadException.class);
      assertThatThrownBy(() -> elsewhere(handle::close)).isInstanceOf(WrongThreadException.class);
      assertThatThrownBy(() -> elsewhere(() -> heap.hostHandle(handle.get())))
          .isInstanceOf(WrongThreadException.class);
      assertThatThrownBy(() -> elsewhere(heap::drainHostHandles))
          .isInstanceOf(WrongThreadException.class);
      assertThat(heap.externalCount(handle.get())).isEqualTo(1);
      handle.close();
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  private static void elsewhere(Runnable call) throws Throwable {
    try {
      CompletableFuture.runAsync(call).join();
    } catch (CompletionException e) {
      throw e.getCause();
    }
  }

  @Test
  void statesAreRefused() {
    Heap heap = Heap.ofConfined();
    HostHandle handle = Handles.make(heap, Handles.NODE, 1).getFirst();
    assertThatThrownBy(() -> heap.hostHandle(Heap.NULL))
        .isInstanceOf(InvalidReferenceException.class);
    heap.collector()
        .visitObjects(
            ref -> {
              assertThatThrownBy(handle::close).isInstanceOf(IllegalStateException.class);
              assertThatThrownBy(() -> heap.hostHandle(ref))
                  .isInstanceOf(IllegalStateException.class);
              assertThatThrownBy(heap::drainHostHandles).isInstanceOf(IllegalStateException.class);
              return true;
            });
    assertThat(handle.isClosed()).isFalse();
    assertThat(heap.errors().entries()).isEmpty();
    handle.close();
    assertThatThrownBy(handle::get).isInstanceOf(IllegalStateException.class);
    HostHandle late = Handles.make(heap, Handles.NODE, 1).getFirst();
    heap.close();
    assertThatThrownBy(late::get).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(heap::drainHostHandles).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void withoutMemoryNothingHasChanged() {
    try (Heap heap = Heap.ofConfined()) {
      long ref = heap.allocate(Handles.NODE);
      heap.inspector().failAllocations(1, 1);
      assertThatThrownBy(() -> heap.hostHandle(ref)).isInstanceOf(HeapExhaustedException.class);
      assertThat(heap.externalCount(ref)).isEqualTo(1);
      assertThat(heap.hostHandleReport().made()).isZero();
      heap.hostHandle(ref).close();
      heap.release(ref);
    }
  }

  // --------------------------------------------------------------------- reports

  @Test
  void reportsSayWhereUnclosedHandlesWereMade() {
    for (HeapMode mode : HeapMode.values()) {
      for (boolean asked : new boolean[] {false, true}) {
        HeapOptions options = HeapOptions.DEFAULT.withMode(mode).withHandleStacks(asked);
        HostHandleReport report = leakInTwoPlaces(options);
        assertThat(report.unreachable()).isEqualTo(50);
        if (asked || mode == HeapMode.DEBUG) {
          assertThat(report.origins()).extracting(Origin::handles).containsExactly(30L, 20L);
          assertThat(report.origins()).extracting(Origin::type).containsOnly("node");
          assertThat(report.origins().getFirst().stack().getStackTrace())
              .anyMatch(frame -> frame.getMethodName().equals("oftenHere"));
          assertThat(report.origins().getLast().stack().getStackTrace())
              .anyMatch(frame -> frame.getMethodName().equals("sometimesThere"));
        } else {
          assertThat(report.origins()).isEmpty();
        }
      }
    }
  }

  private static HostHandleReport leakInTwoPlaces(HeapOptions options) {
    Heap heap = Heap.ofConfined(options);
    oftenHere(heap);
    sometimesThere(heap);
    Handles.drainUntil(heap, 50);
    heap.close();
    return heap.hostHandleReport();
  }

  private static void oftenHere(Heap heap) {
    Handles.drop(heap, Handles.NODE, 30);
  }

  private static void sometimesThere(Heap heap) {
    Handles.drop(heap, Handles.NODE, 20);
  }
}
