package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When CPython's collector runs by itself: rows GC-16 to GC-19. */
class GcTriggerConformanceTest extends ConformanceCase {

  private final List<Long> held = new ArrayList<>();

  @AfterEach
  void releaseHeld() {
    collector.disable();
    releaseAll();
  }

  private void releaseAll() {
    held.forEach(heap::release);
    held.clear();
  }

  private void allocate(int count) {
    for (int i = 0; i < count; i++) {
      held.add(node());
    }
  }

  @Test
  void gc16_setThreshold() {
    collector.setThreshold(5);
    assertThat(collector.threshold()).isEqualTo(counters(5, 10, 10));
    collector.setThreshold(6, 7);
    assertThat(collector.threshold()).isEqualTo(counters(6, 7, 10));
    collector.setThreshold(8, 9, 11);
    assertThat(collector.threshold()).isEqualTo(counters(8, 9, 11));
    collector.setThreshold(0);
    assertThat(collector.threshold()).isEqualTo(counters(0, 9, 11));

    assertThatIllegalArgumentException().isThrownBy(() -> collector.setThreshold(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> collector.setThreshold(1, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> collector.setThreshold(1, 1, -1));
    assertThat(collector.threshold()).isEqualTo(counters(0, 9, 11));
  }

  @Test
  void gc16_thresholdIsOfNetAllocations() {
    collector.setThreshold(10);
    collector.enable();
    for (int i = 0; i < 100; i++) {
      heap.release(node());
      heap.release(leaf(i));
    }
    assertThat(collections()).as("made less freed").containsExactly(0L, 0L, 0L);
    for (int i = 0; i < 100; i++) {
      held.add(leaf(i));
    }
    assertThat(collections()).as("leaves").containsExactly(0L, 0L, 0L);

    allocate(10);
    assertThat(collections()).as("not exceeded").containsExactly(0L, 0L, 0L);
    allocate(1);
    assertThat(collections()).as("exceeded").containsExactly(1L, 0L, 0L);
  }

  @Test
  void gc16_thresholdZeroDisables() {
    collector.setThreshold(0);
    collector.enable();

    allocate(5000);

    assertThat(collector.isEnabled()).isTrue();
    assertThat(collections()).containsExactly(0L, 0L, 0L);
    assertThat(collector.count()).isEqualTo(counters(5000, 0, 0));
  }

  @Test
  void gc17_getThreshold() {
    assertThat(collector.threshold()).isEqualTo(counters(2000, 10, 10));
  }

  @Test
  void gc18_countsAreExceededStrictlyAndTheOldestIsChosen() {
    // As measured with CPython 3.11.7 and 3.13.0: thresholds (10, 2, 2), first 13 collections.
    Recorder recorder = new Recorder();
    collector.addListener(recorder);
    collector.setThreshold(10, 2, 2);
    collector.enable();

    while (recorder.started.size() < 13 && held.size() < 1000) {
      allocate(1);
    }

    assertThat(recorder.started).containsExactly(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 2);
    assertThat(collector.count().generation1()).isZero();
    assertThat(collector.count().generation2()).isZero();
  }

  @Test
  void gc18_getCount() {
    allocate(3);
    assertThat(collector.count()).isEqualTo(counters(3, 0, 0));
    collector.collect(0);
    allocate(2);
    assertThat(collector.count()).isEqualTo(counters(2, 1, 0));
    collector.collect(0);
    assertThat(collector.count()).isEqualTo(counters(0, 2, 0));
    collector.collect(1);
    assertThat(collector.count()).isEqualTo(counters(0, 0, 1));
    collector.collect(0);
    collector.collect(1);
    assertThat(collector.count()).isEqualTo(counters(0, 0, 2));
    collector.collect(2);
    assertThat(collector.count()).isEqualTo(counters(0, 0, 0));
  }

  @Test
  void gc19_fullCollectionQuarterRule() {
    allocate(1000);
    collector.collect();
    collector.setThreshold(10, 0, 0);
    collector.enable();

    // Every second trigger promotes about 20 objects into generation 2; full collections have to
    // wait until these are 250.
    allocate(240);
    assertThat(stats(2).collections()).as("less than a quarter is new").isEqualTo(1);
    allocate(80);
    assertThat(stats(2).collections()).as("a quarter is new").isEqualTo(2);
    allocate(240);
    assertThat(stats(2).collections()).as("a quarter of more").isEqualTo(2);
  }

  @Test
  void gc19_pendingShrinksWhenPromotedObjectsDie() {
    // CPython's known flaw (gh-122569), which is mended here.
    allocate(1000);
    collector.collect();
    List<Long> promoted = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      promoted.add(node());
    }
    collector.collect(1);
    assertThat(collector.generation(promoted.getFirst())).isEqualTo(2);
    promoted.forEach(heap::release);
    collector.setThreshold(10, 0, 0);
    collector.enable();

    allocate(24);

    assertThat(collections()).as("two triggers, none of them full").element(2).isEqualTo(1L);
    assertThat(stats(0).collections() + stats(1).collections()).isEqualTo(3);
  }
}
