package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.LocalScope;
import org.ouroboros.collector.ObjectType;

/** What is garbage and what is tracked: the first rows of CPython's {@code test_gc}. */
class GcConformanceTest extends ConformanceCase {

  @Test
  void tGc1_list() {
    long list = heap.allocate(LIST, 1);
    heap.setElement(list, 0, list);
    assertThat(collector.collect()).isZero();

    heap.release(list);

    assertThat(collector.collect()).isEqualTo(1);
    assertDead(list);
  }

  @Test
  void tGc2_dict() {
    long key = leaf(1);
    long map = heap.allocate(NODE);
    heap.setRefMoved(map, 0, key);
    heap.setRef(map, 1, map);
    assertThat(collector.collect()).isZero();

    heap.release(map);

    assertThat(collector.collect()).as("the key is no tracked object").isEqualTo(1);
    assertDead(map, key);
  }

  @Test
  void tGc3_tuple() {
    long list = heap.allocate(LIST, 1);
    long tuple = heap.allocate(NODE);
    heap.setRef(tuple, 0, list);
    heap.setElement(list, 0, tuple);
    assertThat(collector.collect()).isZero();

    release(tuple, list);

    assertThat(collector.collect()).isEqualTo(2);
    assertDead(list, tuple);
  }

  @Test
  void tGc4_class() {
    ObjectType descriptor = ObjectType.builder("class").references("attribute", "mro").build();
    long type = heap.allocate(descriptor);
    heap.setRef(type, descriptor.slot("attribute"), type);
    heap.setRef(type, descriptor.slot("mro"), type);
    assertThat(collector.collect()).isZero();

    heap.release(type);

    assertThat(collector.collect()).isEqualTo(1);
    assertDead(type);
  }

  @Test
  void tGc5_newstyleclass() {
    // The cycles nobody wrote: class -> mro -> class, class -> dict -> getter -> class.
    long type = node();
    long mro = list(type);
    long getter = node();
    heap.setRef(getter, 0, type);
    long dict = list(getter, getter);
    heap.setRef(type, 0, mro);
    heap.setRef(type, 1, dict);
    release(mro, getter, dict);
    assertThat(collector.collect()).isZero();

    heap.release(type);

    assertThat(collector.collect()).isEqualTo(4);
    assertDead(type, mro, getter, dict);
  }

  @Test
  void tGc6_instance() {
    long type = node();
    long instance = selfCycle();
    heap.setRef(instance, 1, type);
    assertThat(collector.collect()).isZero();

    heap.release(instance);

    assertThat(collector.collect()).isEqualTo(1);
    assertDead(instance);
    assertThat(heap.refCount(type)).isEqualTo(1);
    heap.release(type);
    assertDead(type);
  }

  @Test
  void tGc7_newinstance() {
    long classA = selfCycle();
    long classB = selfCycle();
    long bases = list(classB, classA);
    long classC = selfCycle();
    heap.setRefMoved(classC, 1, bases);
    long instance = selfCycle();
    heap.setRef(instance, 1, classC);
    assertThat(collector.collect()).isZero();

    heap.release(instance);
    assertThat(collector.collect()).as("the instance").isEqualTo(1);

    release(classB, classC);
    assertThat(collector.collect()).as("two classes and the tuple of bases").isEqualTo(3);
    assertAlive(classA);

    long attribute = node();
    heap.setRef(attribute, 0, classA);
    heap.setRefMoved(classA, 1, attribute);
    heap.release(classA);
    assertThat(collector.collect()).as("a class and its instance").isEqualTo(2);
    assertThat(collector.collect()).isZero();
    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void tGc8_method() {
    long instance = node();
    long method = node();
    heap.setRef(method, 0, instance);
    heap.setRefMoved(instance, 0, method);
    assertThat(collector.collect()).isZero();

    heap.release(instance);

    assertThat(collector.collect()).isEqualTo(2);
    assertDead(instance, method);
  }

  @Test
  void tGc11_function() {
    long globals = heap.allocate(LIST, 3);
    long function = heap.allocate(NODE);
    heap.setRef(function, 1, globals);
    heap.setElement(globals, 2, function);
    heap.release(function);
    assertThat(collector.collect()).isZero();

    heap.release(globals);

    assertThat(collector.collect()).isEqualTo(2);
    assertDead(globals, function);
  }

  @Test
  void tGc13_frame() {
    assertThat(collector.collect()).isZero();

    long frame = frameThatNamesItself();

    assertThat(collector.collect()).isEqualTo(1);
    assertDead(frame);
  }

  private long frameThatNamesItself() {
    try (LocalScope locals = heap.openScope()) {
      return locals.own(selfCycle());
    }
  }

  @Test
  void tGc25_getReferents() {
    long one = leaf(1);
    long three = leaf(3);
    long five = leaf(5);
    long list = list(one, three, five);
    long pair = node();
    heap.setRef(pair, 0, three);
    heap.setRef(pair, 1, five);
    long twice = list(one, one, one);

    assertThat(collector.referents(list)).containsExactlyInAnyOrder(one, three, five);
    assertThat(collector.referents(pair)).containsExactlyInAnyOrder(three, five);
    assertThat(collector.referents(twice)).containsExactly(one, one, one);
    assertThat(collector.referents(list, pair, twice))
        .containsExactlyInAnyOrder(one, three, five, three, five, one, one, one);
    assertThat(collector.referents(one, three)).isEmpty();
    assertThat(collector.referents()).isEmpty();
    release(one, three, five, list, pair, twice);
  }

  @Test
  void tGc26_isTracked() {
    ObjectType bytes = ObjectType.array("bytes", ValueLayout.JAVA_BYTE);
    ObjectType ofLeaf = ObjectType.builder("of leaf").reference("leaf", LEAF).build();
    ObjectType acyclic = ObjectType.builder("acyclic").references(1).acyclic().build();
    ObjectType opaque = ObjectType.builder("opaque").references(1).opaque().build();
    long[] untracked = {
      leaf(1),
      heap.allocate(bytes, 3),
      heap.allocate(ofLeaf),
      heap.allocate(acyclic),
      heap.allocate(opaque)
    };
    long[] tracked = {node(), heap.allocate(LIST, 0), heap.allocate(LIST, 3)};
    long weak = heap.newWeak(tracked[0]);

    for (long ref : untracked) {
      assertThat(collector.isTracked(ref)).as(heap.typeOf(ref).name()).isFalse();
      assertThat(collector.generation(ref)).isEqualTo(Collector.UNTRACKED);
    }
    for (long ref : tracked) {
      assertThat(collector.isTracked(ref)).as(heap.typeOf(ref).name()).isTrue();
      assertThat(collector.generation(ref)).isZero();
    }
    assertThat(collector.isTracked(weak)).isTrue();
    assertThat(heap.stats().trackedObjects()).isEqualTo(4);
    release(untracked);
    release(weak);
    release(tracked);
  }

  @Test
  void tGc45_refcountErrors() {
    long list = list();
    long owner = node();
    heap.setRef(owner, 0, list);
    assertThat(heap.inspector().verify()).isEmpty();

    // A count that is too low cannot be made here: taking back what a slot holds is refused.
    assertThatThrownBy(() -> heap.removeEdge(list))
        .isInstanceOfSatisfying(
            InvalidReferenceException.class,
            e -> assertThat(e.kind()).isEqualTo(InvalidReferenceException.Kind.NOT_OWNED));
    heap.addEdge(list);

    List<String> wrong = new ArrayList<>(heap.inspector().verify());
    heap.removeEdge(list);
    assertThat(wrong).as("an edge that nobody reports").hasSize(1);
    assertThat(wrong.getFirst()).contains("list", "internal count 2, but 1");
    assertThat(heap.inspector().verify()).isEmpty();
    release(owner, list);
  }

  @Test
  void tGc48_astFini() {
    // An instance's death looks at its class, which dies in the same collection.
    long classObject = node();
    heap.setRefMoved(classObject, 0, leaf(42));
    ObjectType instanceType =
        finalizable(
            "instance",
            (_, self) -> {
              long itsClass = heap.getRef(self, 0);
              events.add("class of " + heap.getLong(heap.getRef(itsClass, 0), VALUE));
            });
    long instance = heap.allocate(instanceType);
    heap.setRef(instance, 0, classObject);
    heap.setRef(classObject, 1, instance);

    release(classObject, instance);

    assertThat(collector.collect()).isEqualTo(2);
    assertThat(events).containsExactly("class of 42");
    assertThat(heap.stats().liveObjects()).isZero();
  }
}
