package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.FinalizerKind;
import org.ouroboros.collector.WeakHandle;

/** CPython's {@code test_finalization} but the chains: single objects and self cycles. */
class FinalizationConformanceTest extends ConformanceCase {

  private final List<Long> finalized = new ArrayList<>();
  private final List<Long> survivors = new ArrayList<>();
  private boolean cleaning;

  private final Finalizer note = (_, self) -> finalized.add(self);
  private final Finalizer resurrect =
      (_, self) -> {
        if (!cleaning) {
          finalized.add(self);
          heap.retain(self);
          survivors.add(self);
        }
      };
  private final ObjectType simple = finalizable("simple", note);
  private final ObjectType resurrector = finalizable("resurrector", resurrect);

  private void clearSurvivors() {
    List<Long> last = List.copyOf(survivors);
    survivors.clear();
    last.forEach(heap::release);
  }

  @AfterEach
  void clean() {
    cleaning = true;
    clearSurvivors();
  }

  @Test
  void simple() {
    long object = heap.allocate(simple);
    WeakHandle weak = weak(object);

    heap.release(object);

    assertThat(finalized).containsExactly(object);
    assertThat(weak.get()).isEqualTo(Heap.NULL);
    assertThat(collector.collect()).isZero();
    assertThat(finalized).containsExactly(object);
    assertDead(object);
  }

  @Test
  void simpleResurrect() {
    long object = holding(resurrector, leaf(3));
    WeakHandle weak = weak(object, (_, _) -> events.add("callback"));

    heap.release(object);
    collector.collect();

    assertThat(finalized).containsExactly(object);
    assertThat(survivors).containsExactly(object);
    assertThat(weak.get()).as("not cleared").isEqualTo(object);
    assertThat(events).isEmpty();
    assertThat(heap.getLong(heap.getRef(object, 0), VALUE)).isEqualTo(3);
    assertThat(heap.refCount(object)).isEqualTo(1);

    clearSurvivors();
    assertThat(finalized).as("not called again").containsExactly(object);
    assertThat(survivors).isEmpty();
    assertThat(weak.get()).isEqualTo(Heap.NULL);
    assertThat(events).containsExactly("callback");
    assertDead(object);
  }

  @Test
  void nonGc() {
    ObjectType nonGc =
        ObjectType.builder("non gc").finalizer(note, FinalizerKind.EVERY_DEATH).build();
    long object = heap.allocate(nonGc);
    assertThat(collector.isTracked(object)).isFalse();

    heap.release(object);
    collector.collect();

    assertThat(finalized).containsExactly(object);
    assertThat(survivors).isEmpty();
    collector.collect();
    assertThat(finalized).containsExactly(object);
    assertDead(object);
  }

  @Test
  void nonGcResurrect() {
    ObjectType nonGc =
        ObjectType.builder("non gc").finalizer(resurrect, FinalizerKind.EVERY_DEATH).build();
    long object = heap.allocate(nonGc);
    assertThat(collector.isTracked(object)).isFalse();

    heap.release(object);
    assertThat(finalized).containsExactly(object);
    assertThat(survivors).containsExactly(object);

    clearSurvivors();
    assertThat(finalized).as("at every death").containsExactly(object, object);
    assertThat(survivors).containsExactly(object);
    assertAlive(object);
  }

  @Test
  void selfCycleSimple() {
    ObjectType checking =
        finalizable(
            "self cycle",
            (_, self) -> {
              assertThat(heap.getRef(self, 0)).isEqualTo(self);
              finalized.add(self);
            });
    long object = selfCycle(checking);
    WeakHandle weak = weak(object);
    heap.release(object);
    assertThat(finalized).isEmpty();

    assertThat(collector.collect()).isEqualTo(1);

    assertThat(finalized).containsExactly(object);
    assertThat(weak.get()).isEqualTo(Heap.NULL);
    assertThat(collector.collect()).isZero();
    assertThat(finalized).containsExactly(object);
    assertDead(object);
  }

  @Test
  void selfCycleSimpleResurrect() {
    long object = selfCycle(resurrector);
    WeakHandle weak = weak(object);
    heap.release(object);

    assertThat(collector.collect()).isZero();

    assertThat(finalized).containsExactly(object);
    assertThat(survivors).containsExactly(object);
    assertThat(heap.getRef(object, 0)).as("intact").isEqualTo(object);
    assertThat(weak.get()).as("cleared all the same").isEqualTo(Heap.NULL);

    clearSurvivors();
    assertThat(collector.collect()).isEqualTo(1);
    assertThat(finalized).containsExactly(object);
    assertThat(survivors).isEmpty();
    assertThat(weak.get()).isEqualTo(Heap.NULL);
    assertDead(object);
  }

  @Test
  void selfCycleSimpleSuicide() {
    ObjectType suicidal =
        finalizable(
            "suicidal",
            (_, self) -> {
              finalized.add(self);
              heap.setRef(self, 0, Heap.NULL);
            });
    long object = selfCycle(suicidal);
    WeakHandle weak = weak(object);
    heap.release(object);

    assertThat(collector.collect()).as("dead before it is counted").isZero();

    assertThat(finalized).containsExactly(object);
    assertThat(weak.get()).isEqualTo(Heap.NULL);
    assertDead(object);
    assertThat(collector.collect()).isZero();
    assertThat(finalized).containsExactly(object);
  }

  @Test
  void legacy() {
    List<Long> seen = new ArrayList<>();
    List<WeakHandle> weaks = new ArrayList<>();
    ObjectType legacy =
        legacy(
            "legacy",
            (_, self) -> {
              finalized.add(self);
              seen.add(weaks.getFirst().get());
              assertThat(heap.getLong(heap.getRef(self, 0), VALUE)).isEqualTo(6);
            });
    long object = holding(legacy, leaf(6));
    weaks.add(weak(object));

    heap.release(object);

    assertThat(finalized).containsExactly(object);
    assertThat(seen).as("weak references are cleared first").containsExactly(Heap.NULL);
    assertThat(weaks.getFirst().get()).isEqualTo(Heap.NULL);
    assertThat(collector.collect()).isZero();
    assertThat(finalized).containsExactly(object);
    assertThat(heap.stats().liveObjects()).as("the weak reference").isEqualTo(1);
  }

  @Test
  void legacyResurrect() {
    ObjectType legacy = legacy("legacy resurrector", resurrect);
    long object = heap.allocate(legacy);
    WeakHandle weak = weak(object);

    heap.release(object);
    assertThat(finalized).containsExactly(object);
    assertThat(survivors).containsExactly(object);
    assertThat(weak.get()).as("cleared before it is called").isEqualTo(Heap.NULL);

    clearSurvivors();
    assertThat(finalized).as("called again").containsExactly(object, object);
    assertThat(survivors).containsExactly(object);
    assertThat(weak.get()).isEqualTo(Heap.NULL);
    assertAlive(object);
  }

  @Test
  void legacySelfCycle() {
    ObjectType legacy = legacy("legacy self cycle", note);
    long object = selfCycle(legacy);
    WeakHandle weak = weak(object);
    heap.release(object);

    assertThat(collector.collect()).isEqualTo(1);

    assertThat(finalized).isEmpty();
    assertThat(survivors).isEmpty();
    assertThat(collector.garbage().toArray()).containsExactly(object);
    assertThat(weak.get()).isEqualTo(object);

    heap.setRef(object, 0, Heap.NULL);
    collector.garbage().clear();
    assertThat(finalized).containsExactly(object);
    assertThat(weak.get()).isEqualTo(Heap.NULL);
    assertDead(object);
  }
}
