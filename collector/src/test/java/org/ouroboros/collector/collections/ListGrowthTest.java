package org.ouroboros.collector.collections;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/** Tables of more than 64 KiB become longer where they are, as long as nothing is behind them. */
class ListGrowthTest {

  private static final int LARGE = 100_000;

  private static final ObjectType OBJECT =
      ObjectType.builder("object").field("number", JAVA_LONG).build();

  private static final HeapOptions SMALL = HeapOptions.DEFAULT.withReservation(64 << 20);

  static Stream<Named<HeapOptions>> heaps() {
    return Spaces.inAllModes();
  }

  private static long table(HeapCollection lists, long list) {
    return lists.heap().getRef(list, lists.type().slot("table"));
  }

  @Test
  void shouldKeepTheTableWhenNothingIsBehindIt() {
    try (Heap heap = Heap.ofConfined(SMALL)) {
      LongList lists = new LongList(heap);
      long list = lists.allocate();
      int tables = 0;
      long table = Heap.NULL;
      for (int i = 0; i < LARGE; i++) {
        lists.add(list, i);
        if (i > LARGE / 4 && table(lists, list) != table) {
          tables++;
        }
        table = table(lists, list);
      }
      assertThat(tables).isZero();
      assertThat(heap.stats().liveBytes()).isBetween(LARGE * 8L, LARGE * 12L + (128 << 10));
      heap.release(list);
      assertThat(heap.stats().liveBytes()).isZero();
    }
  }

  /** Nothing is lost whether the pages behind a table are free, in use, or free again. */
  @ParameterizedTest
  @MethodSource("heaps")
  void shouldKeepAllElementsWhateverIsBehindTheTables(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options.withReservation(64 << 20))) {
      RefList refLists = new RefList(heap);
      LongList lists = new LongList(heap);
      long[] longs = {lists.allocate(), lists.allocate()};
      long refs = refLists.allocate();
      for (int i = 0; i < LARGE; i++) {
        lists.add(longs[0], i);
        if (i < LARGE / 2) {
          lists.add(longs[1], -1 - i);
        } else if (i == LARGE / 2) {
          assertElements(lists, longs[1], -1, LARGE / 2);
          heap.release(longs[1]);
        }
        if (i % 4 == 0) {
          long object = heap.allocate(OBJECT);
          heap.setLong(object, OBJECT.offset("number"), i);
          refLists.addMoved(refs, object);
        }
      }
      assertElements(lists, longs[0], 1, LARGE);
      for (int i = 0; i < LARGE; i += 4) {
        long object = refLists.get(refs, i / 4);
        assertThat(heap.getLong(object, OBJECT.offset("number"))).isEqualTo(i);
      }
      Spaces.verify(heap);
      heap.release(longs[0]);
      heap.release(refs);
      assertThat(heap.stats().liveObjects()).isZero();
      assertThat(heap.stats().liveBytes()).isZero();
    }
  }

  private static void assertElements(LongList lists, long list, int sign, int count) {
    assertThat(lists.size(list)).isEqualTo(count);
    for (int i = 0; i < count; i++) {
      assertThat(lists.get(list, i)).isEqualTo(sign < 0 ? -1 - i : i);
    }
  }

  /** The pages behind may have been written before: new slots must be null all the same. */
  @Test
  void shouldHaveNullsBehindTheReferencesWhenTheMemoryWasUsedBefore() {
    try (Heap heap = Heap.ofConfined(SMALL)) {
      LongList lists = new LongList(heap);
      long dirt = lists.allocate();
      for (int i = 0; i < LARGE; i++) {
        lists.add(dirt, -1);
      }
      heap.release(dirt);
      RefList refLists = new RefList(heap);
      long refs = refLists.allocate();
      long object = heap.allocate(OBJECT);
      long table = Heap.NULL;
      int kept = 0;
      for (int i = 0; i < LARGE; i++) {
        refLists.add(refs, object);
        if (table(refLists, refs) == table && heap.getInt(table, 8) != kept) {
          Spaces.verify(heap);
        }
        table = table(refLists, refs);
        kept = heap.getInt(table, 8);
      }
      int first = HeapCollection.firstSlot(heap.typeOf(table));
      for (int i = LARGE; i < kept; i++) {
        assertThat(heap.getRef(table, first + i)).isEqualTo(Heap.NULL);
      }
      Spaces.verify(heap);
      heap.release(refs);
      heap.release(object);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @Test
  void shouldKeepToTheLimitOfTheHeap() {
    long limit = 1 << 20;
    try (Heap heap = Heap.ofConfined(SMALL.withLimit(limit))) {
      LongList lists = new LongList(heap);
      long list = lists.allocate();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < LARGE * 10; i++) {
                  lists.add(list, i);
                }
              })
          .isInstanceOf(HeapExhaustedException.class);
      assertThat(heap.stats().liveBytes()).isLessThanOrEqualTo(limit);
      int size = lists.size(list);
      assertThat(size).isGreaterThan(50_000);
      assertElements(lists, list, 1, size);
      Spaces.verify(heap);
      heap.release(list);
      assertThat(heap.stats().liveBytes()).isZero();
    }
  }

  /** A collection under way may have seen a part of a table: then it is not made longer. */
  @Test
  void shouldLoseNothingWhileIncrementalCollectionsRun() {
    try (Heap heap = Heap.ofConfined(SMALL.withIncremental(true))) {
      RefList lists = new RefList(heap);
      long list = lists.allocate();
      for (int i = 0; i < LARGE; i++) {
        if (i % 500 == 0) {
          heap.collector().step(0);
        }
        lists.addMoved(list, heap.allocate(OBJECT));
      }
      heap.collector().collect();
      for (int i = 0; i < LARGE; i++) {
        assertThat(heap.typeOf(lists.get(list, i))).isEqualTo(OBJECT);
      }
      Spaces.verify(heap);
      heap.release(list);
      heap.collector().collect();
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }
}
