package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.GenerationStats;

/** Generations, counters, statistics, freezing, and the lists of objects. */
class GcGenerationsConformanceTest extends ConformanceCase {

  @Test
  void tGc17_getCount() {
    collector.collect();
    assertThat(collector.count()).isEqualTo(counters(0, 0, 0));

    long object = node();

    assertThat(collector.count()).isEqualTo(counters(1, 0, 0));
    long leaf = leaf(1);
    assertThat(collector.count()).as("leaves do not count").isEqualTo(counters(1, 0, 0));
    long weak = heap.newWeak(object);
    assertThat(collector.count()).as("weak references do").isEqualTo(counters(2, 0, 0));
    release(weak, leaf, object);
    assertThat(collector.count()).isEqualTo(counters(0, 0, 0));
  }

  @Test
  void tGc17_getCountIsNeverNegative() {
    long[] objects = {node(), node(), node()};
    collector.collect();

    release(objects);

    assertThat(collector.count()).isEqualTo(counters(0, 0, 0));
  }

  @Test
  void tGc18_collectGenerations() {
    collector.collect();
    long object = node();
    assertThat(collector.generation(object)).isZero();

    collector.collect(0);
    assertThat(collector.generation(object)).isEqualTo(1);
    assertThat(collector.count()).isEqualTo(counters(0, 1, 0));

    collector.collect(1);
    assertThat(collector.generation(object)).isEqualTo(2);
    assertThat(collector.count()).isEqualTo(counters(0, 0, 1));

    collector.collect(2);
    assertThat(collector.generation(object)).isEqualTo(2);
    assertThat(collector.count()).isEqualTo(counters(0, 0, 0));
    heap.release(object);
  }

  @Test
  void tGc34_getStats() {
    List<GenerationStats> fresh = collector.stats();
    assertThat(fresh).hasSize(3).containsOnly(new GenerationStats(0, 0, 0, 0, 0));

    heap.release(selfCycle());
    collector.collect(0);
    assertThat(collections()).containsExactly(1L, 0L, 0L);

    collector.collect(2);
    assertThat(collections()).containsExactly(1L, 0L, 1L);

    collector.collect(1);
    assertThat(collections()).containsExactly(1L, 1L, 1L);
    assertThat(collector.stats())
        .extracting(GenerationStats::collected)
        .containsExactly(1L, 0L, 0L);
    assertThat(collector.stats())
        .allSatisfy(stats -> assertThat(stats.uncollectable()).isZero())
        .allSatisfy(stats -> assertThat(stats.durationNanos()).isNotNegative());
    assertThat(fresh).as("a snapshot").containsOnly(new GenerationStats(0, 0, 0, 0, 0));
  }

  @Test
  void tGc35_freeze() {
    long first = node();
    collector.collect();
    long second = node();
    long leaf = leaf(1);
    long weak = heap.newWeak(first);
    assertThat(collector.freezeCount()).isZero();

    collector.freeze();
    assertThat(collector.freezeCount()).isEqualTo(3);
    assertThat(collector.generation(first)).isEqualTo(Collector.PERMANENT);
    assertThat(collector.generation(second)).isEqualTo(Collector.PERMANENT);
    assertThat(collector.generation(leaf)).isEqualTo(Collector.UNTRACKED);

    collector.unfreeze();
    assertThat(collector.freezeCount()).isZero();
    assertThat(collector.generation(first)).isEqualTo(2);
    assertThat(collector.generation(second)).isEqualTo(2);
    release(weak, leaf, second, first);
  }

  @Test
  void tGc36_getObjects() {
    collector.collect();
    long object = selfCycle();
    assertGenerations(new long[] {object}, new long[] {}, new long[] {});

    collector.collect(0);
    assertGenerations(new long[] {}, new long[] {object}, new long[] {});

    collector.collect(1);
    assertGenerations(new long[] {}, new long[] {}, new long[] {object});

    collector.collect(2);
    assertGenerations(new long[] {}, new long[] {}, new long[] {object});

    heap.release(object);
    assertThat(collector.collect()).isEqualTo(1);
    assertGenerations(new long[] {}, new long[] {}, new long[] {});
  }

  private void assertGenerations(long[] young, long[] middle, long[] old) {
    assertThat(collector.objects(0)).containsExactly(young);
    assertThat(collector.objects(1)).containsExactly(middle);
    assertThat(collector.objects(2)).containsExactly(old);
  }

  @Test
  void tGc37_getObjectsArguments() {
    long old = node();
    collector.collect();
    long middle = node();
    collector.collect(0);
    long young = node();
    long leaf = leaf(1);

    assertThat(collector.objects()).containsExactlyInAnyOrder(old, middle, young);
    for (int generation : new int[] {3, 1000, -1, -1000, Integer.MAX_VALUE}) {
      assertThatIllegalArgumentException().isThrownBy(() -> collector.objects(generation));
    }
    release(old, middle, young, leaf);
  }

  @Test
  void v313_getObjects() {
    collector.collect();
    long object = selfCycle();
    assertThat(collector.objects()).containsExactly(object);

    heap.release(object);

    assertThat(collector.objects()).as("garbage is shown").containsExactly(object);
    collector.collect();
    assertThat(collector.objects()).isEmpty();
  }

  @Test
  void v313_getObjectsGenerations() {
    long old = node();
    collector.collect();
    long middle = node();
    collector.collect(0);
    long young = node();
    assertGenerations(new long[] {young}, new long[] {middle}, new long[] {old});

    collector.collect(1);

    assertThat(collector.objects(0)).isEmpty();
    assertThat(collector.objects(1)).isEmpty();
    assertThat(collector.objects(2)).containsExactlyInAnyOrder(old, middle, young);
    release(old, middle, young);
  }
}
