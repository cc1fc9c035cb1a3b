package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.ObjectType;

/** Deaths as deep as a structure is, which must not take stack: rows ALG-60 to ALG-62. */
class DeallocationDepthConformanceTest extends ConformanceCase {

  private static final ObjectType LINK = ObjectType.builder("link").references(1).build();

  private long chain(ObjectType type, int length) {
    long head = heap.allocate(type);
    for (int i = 1; i < length; i++) {
      head = holding(type, head);
    }
    return head;
  }

  private void releaseChain(int length) {
    long head = chain(LINK, length);
    assertThat(heap.stats().liveObjects()).isEqualTo(length);

    heap.release(head);

    assertThat(heap.stats().liveObjects()).isZero();
    assertThat(heap.stats().frees()).isEqualTo(length);
  }

  @Test
  void alg60_trashcanKeepsTheOrder() {
    // CPython queues what is nested deeper than 50; here the order does not depend on the depth.
    List<Integer> order = new ArrayList<>();
    int depth = 200;
    ObjectType noting =
        ObjectType.builder("noting")
            .references(2)
            .field("number", ValueLayout.JAVA_INT)
            .finalizer((h, self) -> order.add(h.getInt(self, h.typeOf(self).offset("number"))))
            .build();
    long inner = 0;
    for (int i = depth; i > 0; i--) {
      long outer = heap.allocate(noting);
      heap.setInt(outer, noting.offset("number"), 2 * i);
      long second = heap.allocate(noting);
      heap.setInt(second, noting.offset("number"), 2 * i + 1);
      heap.setRefMoved(outer, 0, inner);
      heap.setRefMoved(outer, 1, second);
      inner = outer;
    }

    heap.release(inner);

    List<Integer> expected = new ArrayList<>();
    for (int i = 1; i <= depth; i++) {
      expected.add(2 * i);
    }
    for (int i = depth; i > 0; i--) {
      expected.add(2 * i + 1);
    }
    assertThat(order).as("depth first, in slot order").isEqualTo(expected);
  }

  @Test
  void alg61_everyKindOfContainerIsSafe() {
    int depth = 20_000;
    ObjectType cell = ObjectType.builder("cell").references(1).build();
    ObjectType acyclic = ObjectType.builder("acyclic").references(1).acyclic().build();
    ObjectType opaque = ObjectType.builder("opaque").references(1).opaque().build();
    ObjectType finalized = finalizable("finalized", (_, _) -> {});
    ObjectType[] kinds = {cell, acyclic, opaque, finalized};
    long inner = node();
    for (int i = 0; i < depth; i++) {
      long list = heap.allocate(LIST, 3);
      heap.setRefMoved(list, heap.elementSlot(list, i % 3), inner);
      inner = holding(kinds[i % kinds.length], list);
    }
    assertThat(heap.stats().liveObjects()).isEqualTo(2L * depth + 1);

    heap.release(inner);

    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void alg61_deepGarbageIsCollected() {
    int depth = 200_000;
    long last = heap.allocate(LINK);
    heap.retain(last);
    long head = last;
    for (int i = 1; i < depth; i++) {
      head = holding(LINK, head);
    }
    heap.setRef(last, 0, head);
    release(last, head);
    assertThat(heap.stats().liveObjects()).isEqualTo(depth);

    assertThat(collector.collect()).isEqualTo(depth);

    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void alg62_aMillionLinks() {
    releaseChain(1_000_000);
  }

  @Test
  @Tag("stress")
  void alg62_tenMillionLinks() {
    releaseChain(10_000_000);
  }
}
