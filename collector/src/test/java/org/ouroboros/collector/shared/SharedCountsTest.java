package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/** Counts of one object that threads change at the same time, in all ways there are. */
class SharedCountsTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final ObjectType OPAQUE =
      ObjectType.builder("opaque").references(2).opaque().build();
  private static final int STEPS = 100_000;

  @Test
  void retainsAndReleases() {
    try (Heap heap = Heap.ofShared()) {
      long node = heap.allocate(NODE);
      Crew.run(
          4,
          (number, random) -> {
            for (int i = 0; i < STEPS; i++) {
              heap.retain(node);
              heap.release(node);
            }
          });
      assertThat(heap.externalCount(node)).isEqualTo(1);
      heap.release(node);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  /**
   * While some threads count owned references without going in, another one does all that changes
   * the header in a stopped world.
   */
  @Test
  void countingOutsideWhileTheHeaderChangesInAStoppedWorld() {
    try (Heap heap = Heap.ofShared()) {
      long node = heap.allocate(NODE);
      AtomicBoolean ended = new AtomicBoolean();
      Crew.Task counting =
          (number, random) -> {
            while (!ended.get()) {
              for (int i = 0; i < 100; i++) {
                heap.retain(node);
                heap.retain(node);
                heap.release(node);
                heap.release(node);
              }
            }
          };
      Crew.run(
          counting,
          counting,
          (number, random) -> {
            try {
              for (int i = 0; i < STEPS / 50; i++) {
                long weak = heap.newWeak(node);
                heap.release(weak);
                long opaque = heap.allocate(OPAQUE);
                heap.setRef(opaque, 0, node);
                heap.addEdge(node);
                heap.setRef(opaque, 1, node);
                heap.release(opaque);
                heap.removeEdge(node);
                long holder = heap.allocate(NODE);
                long inner = heap.allocate(NODE);
                heap.setRef(inner, 0, node);
                heap.setRef(inner, 1, node);
                heap.setRefMoved(holder, 0, inner);
                heap.release(holder);
                heap.collector().collect(random.nextInt(3));
              }
            } finally {
              ended.set(true);
            }
          });
      assertThat(heap.externalCount(node)).isEqualTo(1);
      assertThat(heap.refCount(node)).isEqualTo(1);
      assertThat(heap.inspector().verify()).isEmpty();
      heap.release(node);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @Test
  void countsThatDoNotFitTheHeader() {
    try (Heap heap = Heap.ofShared()) {
      long node = heap.allocate(NODE);
      Crew.run(
          4,
          (number, random) -> {
            for (int round = 0; round < 5; round++) {
              int many = 2000 + random.nextInt(3000);
              for (int i = 0; i < many; i++) {
                heap.retain(node);
              }
              for (int i = 0; i < many; i++) {
                heap.release(node);
              }
            }
          });
      assertThat(heap.externalCount(node)).isEqualTo(1);
      assertThat(heap.inspector().verify()).isEmpty();
      heap.release(node);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  /** The object dies all the time, in the hands of whoever is the last. */
  @Test
  void lastReferenceInASlot() {
    try (Heap heap = Heap.ofShared()) {
      long holder = heap.allocate(NODE);
      Crew.run(
          4,
          (number, random) -> {
            for (int i = 0; i < STEPS; i++) {
              if (random.nextInt(4) == 0) {
                heap.setRefMoved(holder, 0, heap.allocate(NODE));
              } else {
                heap.release(heap.loadRef(holder, 0));
              }
            }
          });
      assertThat(heap.inspector().verify()).isEmpty();
      assertThat(heap.stats().liveObjects()).isEqualTo(2);
      heap.release(holder);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  /** Each of two threads stores one edge of a cycle: the collector must look for it. */
  @Test
  void cyclesThatTwoThreadsClose() {
    try (Heap heap = Heap.ofShared()) {
      for (int i = 0; i < 500; i++) {
        long one = heap.allocate(NODE);
        long other = heap.allocate(NODE);
        Crew.run(
            (number, random) -> heap.setRef(one, 0, other),
            (number, random) -> heap.setRef(other, 0, one));
        heap.release(one);
        heap.release(other);
        assertThat(heap.collector().collect()).isEqualTo(2);
      }
    }
  }
}
