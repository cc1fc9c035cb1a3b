package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/** Where the objects of two threads lie that make them at the same time. */
class SharedPlacesTest {

  private static final ObjectType PAIR = ObjectType.builder("pair").references(2).build();
  private static final int ROUNDS = 20;
  private static final int OBJECTS = 10;

  /** Ids count 16 bytes. */
  private static final int LINE_IDS = 4;

  /** In between all places that are kept ready go back, so that each could get the others'. */
  @Test
  void twoThreadsDoNotWriteToTheSameLines() {
    long[][] objects = new long[2][ROUNDS * OBJECTS];
    try (Heap heap = Heap.ofShared()) {
      CyclicBarrier turn = new CyclicBarrier(2);
      Crew.run(
          2,
          (number, random) -> {
            for (int i = 0; i < ROUNDS; i++) {
              if (i % 2 == number) {
                heap.collector().collect(0);
              }
              for (int n = 0; n < OBJECTS; n++) {
                objects[number][i * OBJECTS + n] = heap.allocate(PAIR);
              }
              turn.await();
            }
          });
      Map<Long, Integer> owners = new HashMap<>();
      for (int number = 0; number < 2; number++) {
        for (long object : objects[number]) {
          long line = (object & 0xFFFF_FFFFL) / LINE_IDS;
          Integer other = owners.putIfAbsent(line, number);
          assertThat(other == null || other == number).as("one owner of line %d", line).isTrue();
        }
      }
      for (long[] some : objects) {
        for (long object : some) {
          heap.release(object);
        }
      }
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }
}
