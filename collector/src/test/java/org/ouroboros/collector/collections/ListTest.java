package org.ouroboros.collector.collections;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/** What lists do beside what Java's do: die, grow while the heap is collected, hold themselves. */
class ListTest {

  private static final ObjectType OBJECT =
      ObjectType.builder("object").references("next").field("number", JAVA_LONG).build();

  static Stream<Named<HeapOptions>> heaps() {
    return Spaces.inAllModes();
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void visitorsMayLetTheListDie(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options.withReservation(64 << 20))) {
      RefList lists = new RefList(heap);
      LongList longLists = new LongList(heap);
      long list = lists.allocate();
      long longs = longLists.allocate();
      for (int i = 0; i < 1; i++) { // a second call would release what is dead
        lists.add(list, Heap.NULL);
        longLists.add(longs, i);
      }
      assertThatThrownBy(() -> lists.forEach(list, value -> heap.release(list)))
          .isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> longLists.forEach(longs, value -> heap.release(longs)))
          .isInstanceOf(InvalidReferenceException.class);
      assertThat(heap.stats().liveObjects()).isZero();
      Spaces.verify(heap);
    }
  }

  @Test
  void visitorsSeeWhatIsSetAhead() {
    try (Heap heap = Heap.ofConfined()) {
      LongList lists = new LongList(heap);
      long list = lists.allocate();
      for (int i = 0; i < 4; i++) {
        lists.add(list, i);
      }
      long[] sum = {0};
      lists.forEach(
          list,
          value -> {
            sum[0] += value;
            lists.set(list, 3, 100);
          });
      assertThat(sum[0]).isEqualTo(0 + 1 + 2 + 100);
    }
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void nothingIsLostWhereListsGrowBetweenSteps(HeapOptions options) {
    for (boolean incremental : List.of(false, true)) {
      boolean stepped = incremental && options.allocator() == null;
      HeapOptions all = options.withReservation(64 << 20).withIncremental(stepped);
      try (Heap heap = Heap.ofConfined(all)) {
        RefList lists = new RefList(heap);
        long list = lists.allocate();
        for (int i = 0; i < 500; i++) {
          if (options.allocator() == null) {
            heap.collector().step(0);
          }
          long fresh = heap.allocate(OBJECT);
          if (i % 2 == 0) {
            lists.add(list, fresh);
            heap.release(fresh);
          } else {
            lists.addMoved(list, fresh);
          }
          lists.set(list, i / 2, lists.get(list, i));
        }
        heap.collector().collect();
        // half of the list names the later ones twice; the first were replaced
        for (int i = 0; i < 500; i++) {
          assertThat(heap.typeOf(lists.get(list, i))).isEqualTo(OBJECT);
        }
        Spaces.verify(heap);
        heap.release(list);
        heap.collector().collect();
        assertThat(heap.stats().liveObjects()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void listsThatHoldThemselvesAreFound(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options.withReservation(64 << 20))) {
      RefList lists = new RefList(heap);
      long added = lists.allocate();
      lists.add(added, Heap.NULL);
      long replaced = lists.allocate();
      long twice = heap.allocate(OBJECT);
      lists.add(replaced, twice);
      heap.collector().collect(); // what was stored so far is known to be no cycle
      lists.add(added, added);
      heap.release(added);
      heap.collector().collect();
      assertThat(heap.stats().liveObjects()).isEqualTo(3);
      lists.set(replaced, 0, replaced); // the former element lives on
      heap.release(replaced);
      heap.collector().collect();
      assertThat(heap.stats().liveObjects()).isEqualTo(1);
      heap.release(twice);
    }
  }
}
