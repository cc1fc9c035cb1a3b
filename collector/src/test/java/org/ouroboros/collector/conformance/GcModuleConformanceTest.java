package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/** The functions of CPython's {@code gc} module but thresholds: rows GC-1 to GC-15, GC-20 on. */
class GcModuleConformanceTest extends ConformanceCase {

  @Test
  void gc1to3_enableDisableIsEnabled() {
    try (Heap fresh = Spaces.open(options())) {
      assertThat(fresh.collector().isEnabled()).as("at first").isTrue();
    }
    assertThat(collector.isEnabled()).isFalse();

    assertThat(collector.enable()).as("the former state").isFalse();
    assertThat(collector.isEnabled()).isTrue();
    assertThat(collector.enable()).isTrue();
    assertThat(collector.disable()).isTrue();
    assertThat(collector.isEnabled()).isFalse();
    assertThat(collector.disable()).isFalse();
  }

  @Test
  void gc2_disableLeavesCountingAndCollect() {
    long counted = node();
    long cycle = selfCycle();
    assertThat(collector.isEnabled()).isFalse();

    release(counted, cycle);

    assertDead(counted);
    assertAlive(cycle);
    assertThat(collector.collect()).isEqualTo(1);
  }

  @Test
  void gc4_collectGenerations() {
    long old = selfCycle();
    collector.collect();
    long middle = selfCycle();
    collector.collect(0);
    long young = selfCycle();
    release(old, middle, young);

    assertThat(collector.collect(0)).isEqualTo(1);
    assertDead(young);
    assertThat(collector.collect(1)).isEqualTo(1);
    assertDead(middle);
    assertAlive(old);
    assertThat(collector.collect(2)).isEqualTo(1);
    assertDead(old);

    for (int generation : new int[] {-1, 3, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThatIllegalArgumentException().isThrownBy(() -> collector.collect(generation));
    }
    assertThat(collections()).as("refused ones do not count").containsExactly(2L, 1L, 2L);
  }

  @Test
  void gc4_collectTakesYoungerGenerationsAlong() {
    // The cycle goes through all generations, so only a full collection can find it.
    long old = node();
    collector.collect();
    long middle = node();
    heap.setRef(old, 0, middle);
    collector.collect(0);
    long young = node();
    heap.setRef(middle, 0, young);
    heap.setRef(young, 0, old);
    release(old, middle, young);

    assertThat(collector.collect(0)).isZero();
    assertThat(collector.collect(1)).isZero();
    assertThat(collector.collect()).isEqualTo(3);
  }

  @Test
  void gc4_weakReferenceFreedByItsOwnCallbackCounts() {
    long object = selfCycle();
    long weak = heap.newWeak(object, (_, self) -> heap.release(self));
    heap.release(object);

    assertThat(collector.collect()).as("the object and its weak reference").isEqualTo(2);

    assertDead(object, weak);
    assertThat(stats(2).collected()).isEqualTo(2);
  }

  @Test
  void gc14_getObjects() {
    long held = node();
    long garbage = selfCycle();
    long leaf = leaf(1);
    long weak = heap.newWeak(held);
    heap.release(garbage);
    assertThat(collector.objects()).containsExactlyInAnyOrder(held, garbage, weak);
    assertThat(collector.objects()).as("in the order of their ids").isEqualTo(collector.objects(0));

    collector.freeze();
    assertThat(collector.objects()).isEmpty();
    long young = node();
    assertThat(collector.objects()).containsExactly(young);

    collector.unfreeze();
    assertThat(collector.objects(2)).containsExactlyInAnyOrder(held, garbage, weak);
    release(weak, leaf, held, young);
    assertThat(collector.collect()).isEqualTo(1);
  }

  @Test
  void gc15_getStats() {
    ObjectType legacy = legacy("legacy", (_, _) -> {});
    long object = selfCycle(legacy);
    heap.release(object);
    heap.release(selfCycle());
    collector.collect();
    heap.release(selfCycle());
    heap.release(selfCycle());
    collector.collect();
    heap.release(selfCycle());
    collector.collect(1);

    assertThat(collections()).containsExactly(0L, 1L, 2L);
    assertThat(collector.stats().stream().map(stats -> stats.collected()).toList())
        .containsExactly(0L, 1L, 3L);
    assertThat(collector.stats().stream().map(stats -> stats.uncollectable()).toList())
        .containsExactly(0L, 0L, 1L);
    heap.setRef(object, 0, Heap.NULL);
    collector.garbage().clear();
  }

  @Test
  void gc20_getReferrers() {
    ObjectType acyclic = ObjectType.builder("acyclic").references(1).acyclic().build();
    long target = node();
    long other = leaf(1);
    long twice = list(target, target, other);
    long once = node();
    heap.setRef(once, 1, target);
    long none = node();
    long untracked = heap.allocate(acyclic);
    heap.setRef(untracked, 0, target);

    assertThat(collector.referrers(target)).containsExactlyInAnyOrder(twice, once);
    assertThat(collector.referrers(target, other)).containsExactlyInAnyOrder(twice, once);
    assertThat(collector.referrers(other)).containsExactly(twice);
    assertThat(collector.referrers(none)).isEmpty();
    assertThat(collector.referrers()).isEmpty();

    collector.freeze();
    assertThat(collector.referrers(target)).as("frozen ones do not show").isEmpty();
    long young = list(target);
    assertThat(collector.referrers(target)).containsExactly(young);
    collector.unfreeze();
    assertThat(collector.referrers(target)).containsExactlyInAnyOrder(twice, once, young);
    release(target, other, twice, once, none, untracked, young);
  }

  @Test
  void gc24_freeze() {
    long garbage = selfCycle();
    heap.release(garbage);
    collector.collect(0);
    long also = selfCycle();
    heap.release(also);
    long middle = selfCycle();
    collector.collect(0);
    assertDead(garbage, also);
    long young = selfCycle();
    assertThat(collector.count()).isEqualTo(counters(1, 2, 0));

    collector.freeze();

    assertThat(collector.count()).isEqualTo(counters(0, 0, 0));
    assertThat(collector.freezeCount()).isEqualTo(2);
    release(middle, young);
    assertThat(collector.collect()).isZero();
    assertAlive(middle, young);
    collector.unfreeze();
    assertThat(collector.collect()).isEqualTo(2);
  }

  @Test
  void gc25_unfreeze() {
    long young = selfCycle();
    collector.freeze();
    long later = selfCycle();

    collector.unfreeze();

    assertThat(collector.generation(young)).isEqualTo(Collector.OLDEST);
    assertThat(collector.generation(later)).isZero();
    release(young, later);
    assertThat(collector.collect(1)).isEqualTo(1);
    assertAlive(young);
    assertThat(collector.collect()).isEqualTo(1);
  }

  @Test
  void gc26_getFreezeCount() {
    long[] objects = {node(), node(), node()};
    collector.freeze();
    assertThat(collector.freezeCount()).isEqualTo(3);

    heap.release(objects[0]);
    assertThat(collector.freezeCount()).as("frozen objects die by counting").isEqualTo(2);
    long next = node();
    assertThat(collector.freezeCount()).isEqualTo(2);
    collector.freeze();
    assertThat(collector.freezeCount()).as("freezing adds").isEqualTo(3);
    collector.unfreeze();
    assertThat(collector.freezeCount()).isZero();
    release(objects[1], objects[2], next);
  }
}
