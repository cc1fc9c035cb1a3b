package org.ouroboros.collector.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/** Young collections are not sliced: in incremental heaps they do not get large. */
class YoungGenerationsTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final ObjectType TABLE = ObjectType.referenceArray("table");
  private static final int MANY = 100_000;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void generationOneStaysSmall(boolean incremental) {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withIncremental(incremental))) {
      heap.collector().setThreshold(1_000, 1_000);
      long table = heap.allocate(TABLE, MANY);
      int most = 0;
      for (int i = 0; i < MANY; i++) {
        long node = heap.allocate(NODE);
        heap.setElement(table, i, node);
        heap.release(node);
        if (i % 5_000 == 0) {
          most = Math.max(most, heap.collector().objects(1).length);
        }
      }
      assertThat(most <= 8_000).isEqualTo(incremental);
      heap.release(table);
    }
  }
}
