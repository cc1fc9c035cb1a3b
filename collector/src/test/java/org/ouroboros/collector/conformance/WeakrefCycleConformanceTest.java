package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.WeakCallback;
import org.ouroboros.collector.WeakHandle;

/**
 * CPython's {@code test_weakref} where weak references are trash themselves, or stand in the way of
 * a chain of deaths. A callback there is an object of the heap and here one of Java, so what it
 * would refer to is held by the weak reference's neighbours.
 */
class WeakrefCycleConformanceTest extends ConformanceCase {

  /** Names its weak reference too, as the tests' classes do. */
  private static final ObjectType OWNER =
      ObjectType.builder("owner").references("me", "target", "weak").build();

  private static final int ME = 0;
  private static final int TARGET = 1;
  private static final int WEAK = 2;

  private final WeakCallback never = (_, _) -> events.add("callback of trash");

  private void own(long owner, long target, WeakCallback callback) {
    heap.setRefMoved(owner, WEAK, heap.newWeak(target, callback));
  }

  @Test
  void callbackInCycle() {
    // I -> J, I -> weak reference to J; both I and J in cycles of their own.
    long j = selfCycle();
    long i = selfCycle(OWNER);
    heap.setRef(i, TARGET, j);
    own(i, j, never);

    release(i, j);

    assertThat(collector.collect()).as("I, J and the weak reference").isEqualTo(3);
    assertThat(events).isEmpty();
    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void callbackReachableOneWay() {
    long c1 = heap.allocate(OWNER);
    long c2 = selfCycle(OWNER);
    heap.setRef(c2, TARGET, c1);
    own(c2, c1, never);

    release(c1, c2);

    assertThat(collector.collect()).isEqualTo(3);
    assertThat(events).isEmpty();
    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void callbackDifferentClasses() {
    long c1 = leaf(1);
    long c2 = selfCycle(OWNER);
    heap.setRef(c2, TARGET, c1);
    own(c2, c1, never);

    release(c1, c2);

    // The leaf is no candidate: it dies by counting, when its weak reference must be cleared.
    assertThat(collector.collect()).isEqualTo(2);
    assertThat(events).isEmpty();
    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void callbackInCycleResurrection() {
    List<Long> resurrected = new ArrayList<>();
    long c1 = heap.allocate(OWNER);
    long c2 = heap.allocate(OWNER);
    WeakCallback resurrecting =
        (_, _) -> {
          heap.retain(c1);
          resurrected.add(c1);
        };
    long classObject = selfCycle();
    heap.setRef(c1, ME, classObject);
    heap.setRef(c2, ME, classObject);
    heap.setRef(c1, TARGET, c2);
    heap.setRef(c2, TARGET, c1);
    own(c1, c2, resurrecting);
    own(c2, c1, resurrecting);
    WeakHandle outside = weak(classObject, (_, _) -> events.add("C went away"));

    release(c1, c2, classObject);
    assertThat(events).isEmpty();

    assertThat(collector.collect()).as("C and two objects with weak references").isEqualTo(5);
    assertThat(resurrected).isEmpty();
    assertThat(events).containsExactly("C went away");
    assertThat(outside.get()).isEqualTo(Heap.NULL);

    assertThat(collector.collect()).isZero();
    assertThat(events).hasSize(1);
  }

  @Test
  void callbacksOnCallback() {
    // The callback is an object that weak references are made to: from inside and from outside.
    long c = heap.allocate(OWNER);
    long d = heap.allocate(OWNER);
    long callback = holding(NODE, heap.newWeak(d, never));
    heap.setRef(c, TARGET, d);
    heap.setRef(d, TARGET, c);
    heap.setRef(c, ME, callback);
    own(d, callback, never);
    WeakHandle external = weak(callback, (_, _) -> events.add("safe callback called"));
    assertThat(external.get()).isEqualTo(callback);

    release(callback, c, d);
    assertThat(events).isEmpty();

    assertThat(collector.collect()).isEqualTo(5);
    assertThat(events).containsExactly("safe callback called");
    assertThat(external.get()).isEqualTo(Heap.NULL);

    assertThat(collector.collect()).isZero();
    assertThat(events).hasSize(1);
  }

  @Test
  void gcDuringRefCreation() {
    long referenced = node();
    long trash = selfCycle(OWNER);
    own(trash, referenced, null);
    heap.release(trash);
    assertThat(heap.weakRefs(referenced)).hasSize(1);
    collector.setThreshold(1, 1, 1);
    collector.enable();

    long weak = heap.newWeak(referenced, (_, _) -> events.add("callback"));

    collector.disable();
    assertThat(collections()).as("in the creation").containsExactly(1L, 0L, 0L);
    assertThat(stats(0).collected()).isEqualTo(2);
    assertDead(trash);
    assertThat(heap.weakRefs(referenced)).containsExactly(weak);
    assertThat(heap.weakTarget(weak)).isEqualTo(referenced);
    heap.release(referenced);
    assertThat(events).containsExactly("callback");
    heap.release(weak);
  }

  @Test
  void gcDuringRefCreation_ofTheTargetItself() {
    // The target is held by nothing but the caller's own reference while the collection runs.
    long target = selfCycle();
    collector.collect();
    long[] more = {node(), node()};
    collector.setThreshold(1, 0, 0);
    collector.enable();

    long weak = heap.newWeak(target);

    collector.disable();
    assertThat(collections()).containsExactly(1L, 0L, 1L);
    assertThat(heap.weakTarget(weak)).isEqualTo(target);
    release(more);
    heap.release(target);
    assertThat(collector.collect()).isEqualTo(1);
    assertThat(heap.weakTarget(weak)).isEqualTo(Heap.NULL);
    heap.release(weak);
  }

  @Test
  void trashcan16602() {
    // Each link holds a weak reference to its parent, whose callback looks at the link itself.
    int links = 1000;
    long root = heap.allocate(OWNER);
    long parent = root;
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < links; i++) {
      long child = heap.allocate(OWNER);
      WeakHandle self = weak(child);
      own(
          child,
          parent,
          (_, _) -> {
            long link = self.get();
            counts.add(link == Heap.NULL ? 0 : heap.refCount(link));
          });
      heap.setRefMoved(parent, TARGET, child);
      parent = child;
    }

    heap.release(root);
    heap.stats(); // completes it in an incremental heap

    assertThat(counts).as("never shown while its count is 0").hasSize(links).containsOnly(1L);
    assertThat(heap.stats().liveObjects()).as("the handles").isEqualTo(links);
  }

  @Test
  void trashcan16602_finalizersLookAtTheirChildren() {
    int links = 300;
    List<Long> counts = new ArrayList<>();
    List<WeakHandle> weaks = new ArrayList<>();
    ObjectType looking =
        finalizable(
            "looking",
            (_, self) -> {
              events.add("finalizer");
              for (WeakHandle weak : weaks) {
                long link = weak.get();
                if (link != Heap.NULL && link != self) {
                  counts.add(heap.refCount(link));
                }
              }
              weaks.removeFirst();
            });
    long head = heap.allocate(looking);
    weaks.add(weak(head));
    long last = head;
    for (int i = 1; i < links; i++) {
      long next = heap.allocate(looking);
      weaks.add(weak(next));
      heap.setRefMoved(last, 0, next);
      last = next;
    }

    heap.release(head);

    assertThat(events).hasSize(links);
    assertThat(counts).hasSize(links * (links - 1) / 2).containsOnly(1L);
  }
}
