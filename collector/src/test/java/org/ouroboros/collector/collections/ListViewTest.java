package org.ouroboros.collector.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

/** A list of longs that was worked on last is gone straight to: when that must end. */
class ListViewTest {

  private static final int LISTS = 3;
  private static final int STEPS = 4000;

  static Stream<Named<HeapOptions>> heaps() {
    return Spaces.inAllModes();
  }

  /** A list with the values 0 to 9, which the last operation was about. */
  private static long shown(LongList lists) {
    long list = lists.allocate();
    for (int i = 0; i < 10; i++) {
      lists.add(list, i);
    }
    assertThat(lists.get(list, 9)).isEqualTo(9);
    return list;
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void listsThatTakeTurnsAreKeptApart(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options.withReservation(64 << 20))) {
      LongList[] faces = {new LongList(heap), new LongList(heap)};
      long[] lists = new long[LISTS];
      List<List<Long>> expected = new ArrayList<>();
      for (int i = 0; i < LISTS; i++) {
        lists[i] = faces[0].allocate();
        expected.add(new ArrayList<>());
      }
      Random random = new Random(1);
      int which = 0;
      for (int step = 0; step < STEPS; step++) {
        which = random.nextInt(5) == 0 ? random.nextInt(LISTS) : which;
        LongList face = faces[random.nextInt(2)];
        lists[which] = change(face, lists[which], expected.get(which), random);
        assertSame(face, lists[which], expected.get(which), random);
      }
      for (int i = 0; i < LISTS; i++) {
        List<Long> seen = new ArrayList<>();
        faces[1].forEach(lists[i], seen::add);
        assertThat(seen).isEqualTo(expected.get(i));
        heap.release(lists[i]);
      }
      Spaces.verify(heap);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  private static long change(LongList face, long list, List<Long> expected, Random random) {
    long value = random.nextLong();
    int size = expected.size();
    switch (random.nextInt(size == 0 ? 10 : 40)) {
      case 0, 1 -> {
        face.insert(list, size / 2, value);
        expected.add(size / 2, value);
      }
      case 2 -> {
        if (random.nextInt(20) == 0) {
          face.clear(list);
          expected.clear();
        }
      }
      case 3 -> {
        if (random.nextInt(20) == 0) { // the new one may have the reference of the dead one
          face.heap().release(list);
          expected.clear();
          return face.allocate();
        }
      }
      case 4, 5, 6, 7, 8, 9 -> {
        face.add(list, value);
        expected.add(value);
      }
      case 10, 11 -> {
        int index = random.nextInt(size);
        assertThat(face.remove(list, index)).isEqualTo(expected.remove(index));
      }
      default -> {
        int index = random.nextInt(size);
        face.set(list, index, value);
        expected.set(index, value);
      }
    }
    return list;
  }

  private static void assertSame(LongList face, long list, List<Long> expected, Random random) {
    int size = expected.size();
    assertThat(face.size(list)).isEqualTo(size);
    if (size > 0) {
      int index = random.nextInt(size);
      assertThat(face.get(list, index)).isEqualTo(expected.get(index));
    }
    assertThatThrownBy(() -> face.get(list, size)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> face.set(list, -1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void aNewListIsEmptyWhoeverHadItsReference(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options.withReservation(64 << 20))) {
      LongList lists = new LongList(heap);
      heap.release(shown(lists));
      long list = lists.allocate();
      assertThatThrownBy(() -> lists.get(list, 0)).isInstanceOf(IndexOutOfBoundsException.class);
      lists.add(list, 7); // into a table that may be where the former one was
      assertThat(lists.get(list, 0)).isEqualTo(7);
      assertThatThrownBy(() -> lists.get(list, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aClosedHeapIsNotGoneTo() {
    Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withReservation(64 << 20));
    LongList lists = new LongList(heap);
    long list = shown(lists);
    heap.close();
    assertThatThrownBy(() -> lists.get(list, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> lists.set(list, 0, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> lists.add(list, 0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void nothingIsChangedWhereTheHeapMayOnlyBeRead() {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withReservation(64 << 20))) {
      LongList lists = new LongList(heap);
      long list = shown(lists);
      heap.inspector()
          .visitAll(
              ref -> {
                assertThat(lists.get(list, 3)).isEqualTo(3);
                assertThatThrownBy(() -> lists.set(list, 3, 0))
                    .isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> lists.add(list, 0))
                    .isInstanceOf(IllegalStateException.class);
                return true;
              });
      assertThat(lists.get(list, 3)).isEqualTo(3);
      assertThat(lists.size(list)).isEqualTo(10);
    }
  }

  @Test
  void otherThreadsAreRefused() throws InterruptedException {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withReservation(64 << 20))) {
      LongList lists = new LongList(heap);
      long list = shown(lists);
      List<Throwable> thrown = new ArrayList<>();
      Thread other =
          new Thread(
              () -> {
                for (Runnable use :
                    List.<Runnable>of(
                        () -> lists.get(list, 0),
                        () -> lists.set(list, 0, 5),
                        () -> lists.add(list, 5))) {
                  try {
                    use.run();
                  } catch (RuntimeException e) {
                    thrown.add(e);
                  }
                }
              });
      other.start();
      other.join();
      assertThat(thrown).hasSize(3).hasOnlyElementsOfType(WrongThreadException.class);
      assertThat(lists.get(list, 0)).isZero();
      assertThat(lists.size(list)).isEqualTo(10);
    }
  }

  /** By a stale reference, for instance, anything may have been written into a list. */
  @Test
  void aListThatWasWrittenOverLeadsNowhereElse() {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withReservation(1 << 30))) {
      LongList lists = new LongList(heap);
      ObjectType type = lists.type();
      long list = shown(lists);
      long end = 1 << 30;
      heap.setLong(list, type.offset("state"), end);
      assertThatThrownBy(() -> lists.get(list, (int) end - 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      heap.setInt(list, type.offset("capacity"), (int) end);
      for (int i = 0; i < 20; i++) {
        assertThat(lists.get(list, i % 10)).isEqualTo(i % 10);
        assertThatThrownBy(() -> lists.get(list, (int) end - 1))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      heap.setLong(list, type.offset("state"), 10);
      heap.setInt(list, type.offset("kind"), 0);
      assertThatThrownBy(() -> lists.get(list, 0)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> lists.add(list, 0)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anotherTableIsFound() {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withReservation(64 << 20))) {
      LongList lists = new LongList(heap);
      long list = shown(lists);
      long other = lists.allocate();
      lists.add(other, 100);
      lists.get(list, 0);
      heap.setRef(list, lists.type().slot("table"), heap.getRef(other, lists.type().slot("table")));
      assertThat(lists.get(list, 0)).isEqualTo(100);
      assertThatThrownBy(() -> new RefList(heap).get(list, 0))
          .isInstanceOf(InvalidReferenceException.class);
    }
  }
}
