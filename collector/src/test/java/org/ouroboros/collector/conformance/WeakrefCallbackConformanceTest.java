package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.ErrorLog;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.LocalScope;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.WeakCallback;
import org.ouroboros.collector.WeakHandle;

/** Callbacks of weak references in CPython's {@code test_weakref}. */
class WeakrefCallbackConformanceTest extends ConformanceCase {

  @Test
  void multipleCallbacks() {
    long object = node();
    WeakHandle first = weak(object, (_, _) -> events.add("first"));
    WeakHandle second = weak(object, (_, _) -> events.add("second"));

    heap.release(object);

    assertThat(first.get()).isEqualTo(Heap.NULL);
    assertThat(second.get()).isEqualTo(Heap.NULL);
    assertThat(events).containsExactly("second", "first");
  }

  @Test
  void multipleSelfrefCallbacks() {
    List<Long> seen = new ArrayList<>();
    List<WeakHandle> weaks = new ArrayList<>();
    long object = node();
    for (int i = 0; i < 3; i++) {
      weaks.add(weak(object, (_, _) -> weaks.forEach(weak -> seen.add(weak.get()))));
    }

    heap.release(object);

    assertThat(seen).hasSize(9).containsOnly(Heap.NULL);
  }

  @Test
  void callbackOrder_byCounting() {
    long object = node();
    for (int i = 0; i < 5; i++) {
      String name = "c" + i;
      weak(object, (_, _) -> events.add(name));
      weak(object);
    }

    heap.release(object);

    assertThat(events).containsExactly("c4", "c3", "c2", "c1", "c0");
  }

  @Test
  void callbackOrder_byCollection() {
    long object = selfCycle();
    for (int i = 0; i < 5; i++) {
      String name = "c" + i;
      weak(object, (_, _) -> events.add(name));
      weak(object);
    }
    heap.release(object);
    assertThat(events).isEmpty();

    assertThat(collector.collect()).isEqualTo(1);

    assertThat(events).containsExactly("c4", "c3", "c2", "c1", "c0");
  }

  @Test
  void callbacksProtected() {
    assertThatIllegalStateException()
        .isThrownBy(
            () -> {
              try (LocalScope scope = heap.openScope()) {
                weak(scope.own(node()), (_, _) -> events.add("callback"));
                throw new IllegalStateException("pending");
              }
            })
        .withMessage("pending")
        .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
    assertThat(events).containsExactly("callback");

    assertThatIllegalStateException()
        .isThrownBy(
            () -> {
              try (LocalScope scope = heap.openScope()) {
                weak(
                    scope.own(node()),
                    (_, _) -> {
                      throw new IllegalArgumentException("of the callback");
                    });
                throw new IllegalStateException("pending");
              }
            })
        .withMessage("pending")
        .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
    assertThat(heap.errors().entries()).hasSize(1);
    ErrorLog.Failure failure = heap.errors().entries().getFirst();
    assertThat(failure.kind()).isEqualTo(ErrorLog.Kind.WEAK_CALLBACK);
    assertThat(failure.error()).hasMessage("of the callback");
    heap.errors().clear();
    assertThat(heap.stats().liveObjects()).as("two weak references").isEqualTo(2);
  }

  @Test
  void sfBug840829() {
    long object = node();
    WeakHandle weak = weak(object, (_, _) -> events.add("1: " + collector.collect()));
    heap.release(object);
    assertThat(weak.get()).isEqualTo(Heap.NULL);

    long inner = node();
    weak(inner, (_, _) -> events.add("2: " + collector.collect()));
    long middle = holding(NODE, inner);
    long outer = holding(NODE, middle);
    heap.release(outer);

    assertThat(events).containsExactly("1: 0", "2: 0");
    assertDead(object, inner, middle, outer);
    assertThat(collections()).containsExactly(0L, 0L, 2L);
    assertThat(heap.stats().frees()).as("each once").isEqualTo(4);
  }

  @Test
  void callbackAttribute() {
    long object = node();
    WeakCallback callback = (_, _) -> events.add("callback");
    long without = heap.newWeak(object);
    long with = heap.newWeak(object, callback);

    assertThat(heap.weakCallback(without)).isNull();
    assertThat(heap.weakCallback(with)).isSameAs(callback);

    heap.release(object);

    assertThat(events).containsExactly("callback");
    assertThat(heap.weakCallback(with)).as("after the death of its target").isNull();
    heap.release(without);
    heap.release(with);
  }

  @Test
  void callbackGcs() {
    ObjectType withDel = finalizable("with del", (_, _) -> events.add("finalizer"));
    long object = heap.allocate(withDel);
    WeakHandle weak = weak(object, (_, _) -> events.add("callback " + collector.collect()));

    heap.release(object);

    assertThat(events).containsExactly("finalizer", "callback 0");
    assertThat(weak.get()).isEqualTo(Heap.NULL);
    assertDead(object);
    assertThat(collections()).containsExactly(0L, 0L, 1L);
  }

  @Test
  void noMemoryWhenClearing() {
    long object = node();
    List<WeakHandle> weaks = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      weaks.add(weak(object, (_, _) -> events.add("callback")));
    }

    heap.inspector().failAllocations(1, 1_000_000);
    heap.release(object);
    heap.inspector().failAllocations(0, 0);

    assertDead(object);
    assertThat(weaks).allSatisfy(weak -> assertThat(weak.get()).isEqualTo(Heap.NULL));
    assertThat(events).hasSize(50);
  }

  @Test
  void noMemoryWhenClearing_inCollection() {
    long object = selfCycle();
    List<WeakHandle> weaks = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      weaks.add(weak(object, (_, _) -> events.add("callback")));
    }
    heap.release(object);

    heap.inspector().failAllocations(1, 1_000_000);
    int found = collector.collect();
    heap.inspector().failAllocations(0, 0);

    assertThat(found).isEqualTo(1);
    assertThat(weaks).allSatisfy(weak -> assertThat(weak.get()).isEqualTo(Heap.NULL));
    assertThat(events).hasSize(50);
  }
}
