package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.FinalizerKind;
import org.ouroboros.collector.WeakHandle;

/** Finalizers that bring objects back, and what enumeration shows them meanwhile. */
class GcResurrectionConformanceTest extends ConformanceCase {

  private final List<Long> resurrected = new ArrayList<>();
  private int finalizers;

  private final ObjectType lazarus =
      finalizable(
          "lazarus",
          (_, self) -> {
            finalizers++;
            heap.retain(self);
            resurrected.add(self);
          });

  private void releaseResurrected() {
    resurrected.forEach(heap::release);
    resurrected.clear();
  }

  @Test
  void tGc27_isFinalized() {
    long leaf = leaf(3);
    assertThat(collector.isFinalized(leaf)).isFalse();
    long object = heap.allocate(lazarus);
    assertThat(collector.isFinalized(object)).isFalse();

    heap.release(object);

    assertThat(resurrected).containsExactly(object);
    assertThat(collector.isFinalized(object)).isTrue();
    releaseResurrected();
    assertDead(object);
    heap.release(leaf);
  }

  @Test
  void tGc27_isFinalizedInCycle() {
    long object = selfCycle(lazarus);
    long bystander = selfCycle(lazarus);
    heap.release(object);
    assertThat(collector.isFinalized(object)).isFalse();

    collector.collect();

    assertThat(resurrected).containsExactly(object);
    assertThat(collector.isFinalized(object)).isTrue();
    assertThat(collector.isFinalized(bystander)).isFalse();
    releaseResurrected();
    heap.release(bystander);
    assertThat(collector.collect()).as("one is dead, the other comes back once").isEqualTo(1);
    releaseResurrected();
    assertThat(collector.collect()).isEqualTo(1);
  }

  @Test
  void tGc38_resurrectionOnlyHappensOncePerObject() {
    long object = selfCycle(lazarus);
    assertThat(finalizers).isZero();

    heap.release(object);
    assertThat(collector.collect()).isZero();
    assertThat(finalizers).isEqualTo(1);
    assertThat(resurrected).containsExactly(object);
    assertThat(collector.generation(object)).isEqualTo(2);

    releaseResurrected();
    assertThat(finalizers).isEqualTo(1);
    assertThat(collector.collect()).isEqualTo(1);
    assertThat(finalizers).isEqualTo(1);
    assertThat(resurrected).isEmpty();
    assertDead(object);
  }

  @Test
  void tGc39_resurrectionIsTransitive() {
    long object = heap.allocate(lazarus);
    long cargo = selfCycle();
    long leaf = leaf(77);
    heap.setRefMoved(cargo, 1, leaf);
    long back = node();
    heap.setRef(object, 0, cargo);
    heap.setRef(object, 1, back);
    heap.setRefMoved(back, 0, cargo);
    heap.setRef(back, 1, object);
    heap.release(object);
    heap.release(back);

    assertThat(collector.collect()).isZero();

    assertThat(resurrected).containsExactly(object);
    assertThat(heap.getRef(object, 0)).isEqualTo(cargo);
    assertThat(heap.getRef(object, 1)).isEqualTo(back);
    assertThat(heap.getRef(back, 0)).isEqualTo(cargo);
    assertThat(heap.getRef(back, 1)).isEqualTo(object);
    assertThat(heap.getRef(cargo, 0)).isEqualTo(cargo);
    assertThat(heap.getLong(heap.getRef(cargo, 1), VALUE)).isEqualTo(77);
    assertThat(heap.refCount(cargo)).isEqualTo(3);
    assertThat(collector.isFinalized(cargo)).isFalse();

    releaseResurrected();
    assertThat(collector.collect()).isEqualTo(3);
    assertDead(object, back, cargo, leaf);
  }

  @Test
  void tGc40_resurrectionDoesNotBlockCleanupOfOtherObjects() {
    int n = 100;
    collector.collect();

    releaseCycles(n);
    assertCollects(n);

    heap.release(selfCycle(lazarus));
    assertCollects(0);

    releaseCycles(n);
    heap.release(selfCycle(lazarus));
    assertCollects(n);

    assertThat(resurrected).hasSize(2);
    releaseResurrected();
    assertCollects(2);
    assertThat(finalizers).isEqualTo(2);
    assertThat(heap.stats().liveObjects()).isZero();
  }

  private void releaseCycles(int count) {
    for (int i = 0; i < count; i++) {
      heap.release(selfCycle());
    }
  }

  private void assertCollects(int count) {
    long collected = stats(2).collected();
    assertThat(collector.collect()).isEqualTo(count);
    assertThat(stats(2).collected() - collected).isEqualTo(count);
    assertThat(stats(2).uncollectable()).isZero();
  }

  @Test
  void v313x_getObjectsDuringGc() {
    List<long[]> seen = new ArrayList<>();
    long held = node();
    ObjectType looking =
        finalizable(
            "looking",
            (_, self) -> {
              seen.add(collector.objects());
              seen.add(collector.referrers(self));
            });
    long object = selfCycle(looking);
    long neighbour = node();
    heap.setRef(object, 1, neighbour);
    heap.setRefMoved(neighbour, 0, object);
    heap.release(neighbour);

    assertThat(collector.collect()).isEqualTo(2);

    assertThat(seen).hasSize(2);
    assertThat(seen.get(0)).as("objects").containsExactly(held);
    assertThat(seen.get(1)).as("referrers").isEmpty();
    heap.release(held);
  }

  @Test
  void v313_getReferentsOnCapsule() {
    ObjectType capsule = ObjectType.builder("capsule").references(1).opaque().build();
    ObjectType acyclic = ObjectType.builder("acyclic").references(1).acyclic().build();
    long target = node();
    long hidden = heap.allocate(capsule);
    heap.setRef(hidden, 0, target);
    long visible = heap.allocate(acyclic);
    heap.setRef(visible, 0, target);

    assertThat(collector.isTracked(hidden)).isFalse();
    assertThat(collector.referents(hidden)).as("without traverse there is nothing").isEmpty();
    assertThat(collector.referents(hidden, visible)).containsExactly(target);
    release(hidden, visible, target);
  }

  @Test
  void v314_doNotCleanupTypeSubclassesBeforeFinalization() {
    // 3.14 keeps what finalizers need by clearing weak references to types late. The yardstick is
    // 3.11: through weak references finalizers see no trash, through slots all of it, intact.
    ObjectType instanceType =
        finalizable(
            "instance",
            (_, self) -> {
              long itsClass = heap.getRef(self, 0);
              long cache = heap.getRef(itsClass, 1);
              events.add("weak: " + heap.weakTarget(heap.getElement(cache, 0)));
              events.add("strong: " + heap.getLong(heap.getRef(itsClass, 0), VALUE));
            });
    long classObject = holding(NODE, leaf(8));
    long instance = heap.allocate(instanceType);
    heap.setRef(instance, 0, classObject);
    long entry = heap.newWeak(instance);
    long cache = list(entry, instance);
    heap.setRefMoved(classObject, 1, cache);
    release(entry, classObject, instance);

    assertThat(collector.collect()).as("class, instance, cache and its entry").isEqualTo(4);

    assertThat(events).containsExactly("weak: 0", "strong: 8");
    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void v315_finalizerCreatedWeakrefIsCleared() {
    List<WeakHandle> made = new ArrayList<>();
    ObjectType making =
        finalizable(
            "making",
            (_, self) -> {
              made.add(weak(self, (_, _) -> events.add("callback")));
              made.add(weak(heap.getRef(self, 1), (_, _) -> events.add("callback")));
              assertThat(made.getLast().get()).isEqualTo(heap.getRef(self, 1));
            });
    long object = selfCycle(making);
    long neighbour = selfCycle();
    heap.setRefMoved(object, 1, neighbour);
    heap.release(object);

    assertThat(collector.collect()).isEqualTo(2);

    assertThat(made).hasSize(2).allSatisfy(weak -> assertThat(weak.get()).isZero());
    assertThat(events).as("their callbacks do not run").isEmpty();
    assertDead(object, neighbour);
  }

  @Test
  void gc23_isFinalized() {
    ObjectType everyDeath =
        ObjectType.builder("every death")
            .finalizer(
                (_, self) -> {
                  if (finalizers++ == 0) {
                    heap.retain(self);
                    resurrected.add(self);
                  }
                },
                FinalizerKind.EVERY_DEATH)
            .build();
    long object = heap.allocate(everyDeath);

    heap.release(object);

    assertThat(resurrected).containsExactly(object);
    assertThat(collector.isFinalized(object)).as("never for what runs again").isFalse();
    releaseResurrected();
    assertThat(finalizers).isEqualTo(2);
    assertDead(object);
  }
}
