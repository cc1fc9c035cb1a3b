package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.WeakHandle;

/** CPython's {@code test_weakref} where objects die by counting. */
class WeakrefConformanceTest extends ConformanceCase {

  private void checkBasicRef(ObjectType type) {
    long object = heap.allocate(type);
    long weak = heap.newWeak(object);
    assertThat(heap.isWeak(weak)).isTrue();
    assertThat(heap.isWeak(object)).isFalse();
    assertThat(heap.weakTarget(weak)).isEqualTo(object);
    assertThat(heap.refCount(object)).as("it does not count").isEqualTo(1);

    heap.release(object);

    assertDead(object);
    assertThat(heap.weakTarget(weak)).isEqualTo(Heap.NULL);
    heap.release(weak);
    assertDead(weak);
  }

  private void checkBasicCallback(ObjectType type) {
    long object = heap.allocate(type);
    List<Long> called = new ArrayList<>();
    WeakHandle weak =
        weak(
            object,
            (_, self) -> {
              called.add(self);
              assertThat(heap.weakTarget(self)).isEqualTo(Heap.NULL);
            });
    assertThat(weak.get()).isEqualTo(object);

    heap.release(object);

    assertThat(called).containsExactly(weak.ref());
    assertThat(weak.get()).isEqualTo(Heap.NULL);
    assertThat(weak.upgrade()).isEqualTo(Heap.NULL);
    collector.collect();
    assertThat(called).hasSize(1);
  }

  @Test
  void basicRef() {
    checkBasicRef(NODE);
    checkBasicRef(ObjectType.builder("acyclic").references(1).acyclic().build());
  }

  @Test
  void basicCallback() {
    checkBasicCallback(NODE);
    checkBasicCallback(ObjectType.builder("acyclic").references(1).acyclic().build());
  }

  @Test
  void cfunction() {
    checkBasicRef(LEAF);
    checkBasicCallback(LEAF);
  }

  @Test
  void upgradeHoldsTheTarget() {
    long object = node();
    WeakHandle weak = weak(object);

    long owned = weak.upgrade();

    assertThat(owned).isEqualTo(object);
    heap.release(object);
    assertThat(weak.get()).isEqualTo(object);
    heap.release(owned);
    assertThat(weak.get()).isEqualTo(Heap.NULL);
  }

  @Test
  void refReuse_isNotDone() {
    // CPython shares references without callback; the scenarios count every one of its own.
    long object = node();
    long first = heap.newWeak(object);
    long second = heap.newWeak(object);
    long third = heap.newWeak(object, (_, _) -> {});

    assertThat(new long[] {first, second, third}).doesNotHaveDuplicates();
    assertThat(heap.refCount(first)).isEqualTo(1);
    assertThat(heap.weakRefs(object)).containsExactly(third, second, first);
    release(first, second, third, object);
  }

  @Test
  void getweakrefcount() {
    long object = node();
    assertThat(heap.weakRefs(object)).isEmpty();
    long first = heap.newWeak(object);
    long second = heap.newWeak(object, (_, _) -> {});
    assertThat(heap.weakRefs(object)).hasSize(2);
    WeakHandle third = heap.weakHandle(object, null);
    WeakHandle fourth = heap.weakHandle(object, (_, _) -> {});
    assertThat(heap.weakRefs(object)).hasSize(4);

    release(first, second);
    assertThat(heap.weakRefs(object)).hasSize(2);
    third.close();
    fourth.close();
    fourth.close();

    assertThat(heap.weakRefs(object)).isEmpty();
    heap.release(object);
  }

  @Test
  void getweakrefs() {
    long object = node();
    long first = heap.newWeak(object, (_, _) -> events.add("callback"));
    long second = heap.newWeak(object, (_, _) -> events.add("callback"));
    long third = heap.newWeak(object, (_, _) -> events.add("callback"));
    assertThat(heap.weakRefs(object)).as("newest first").containsExactly(third, second, first);

    heap.release(second);
    assertThat(heap.weakRefs(object)).containsExactly(third, first);
    heap.release(third);
    assertThat(heap.weakRefs(object)).containsExactly(first);
    heap.release(first);
    assertThat(heap.weakRefs(object)).isEmpty();

    heap.release(object);
    assertThat(events).as("the references were dead").isEmpty();
  }

  @Test
  void refCreatedDuringDel() {
    List<WeakHandle> made = new ArrayList<>();
    ObjectType target =
        finalizable(
            "target",
            (_, self) -> {
              made.add(weak(self));
              assertThat(made.getLast().get()).isEqualTo(self);
            });
    long object = heap.allocate(target);

    heap.release(object);

    assertThat(made).hasSize(1);
    assertThat(made.getFirst().get()).isEqualTo(Heap.NULL);
    assertDead(object);
  }
}
