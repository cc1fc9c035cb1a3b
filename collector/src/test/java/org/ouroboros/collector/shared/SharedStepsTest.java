package org.ouroboros.collector.shared;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/**
 * One change of the graph between any two steps of a collection that marks beside the threads: an
 * object that only a late holder refers to is taken away from it.
 */
class SharedStepsTest {

  private static final ObjectType CELL =
      ObjectType.builder("cell").references(2).field("number", JAVA_LONG).build();
  private static final ObjectType TABLE = ObjectType.referenceArray("table");
  private static final long NUMBER = CELL.offset("number");
  private static final int BETWEEN = 400;
  private static final int LENGTH = 2;

  /** The early cell and array are in the slots of the late one; the other cell is owned. */
  record Scene(Heap heap, long late, long owned, List<Long> kept, List<Long> arrays) {

    long early() {
      return heap.loadRef(late, 0);
    }

    void keep(long owned) {
      kept.add(owned);
    }
  }

  interface Change {
    void make(Scene scene);
  }

  static Stream<Named<Change>> changes() {
    return Stream.of(
        Named.of(
            "load, and clear the slot",
            s -> {
              s.keep(s.early());
              s.heap.setRef(s.late, 0, Heap.NULL);
            }),
        Named.of("take", s -> s.keep(s.heap.takeRef(s.late, 0))),
        Named.of("exchange", s -> s.keep(s.heap.exchangeRef(s.late, 0, cell(s.heap)))),
        Named.of(
            "store what was owned, and release it",
            s -> {
              long holder = cell(s.heap);
              s.heap.setRef(holder, 0, s.owned);
              s.heap.release(s.owned);
              s.kept.remove(s.owned);
              s.keep(holder);
            }),
        Named.of(
            "move what was owned",
            s -> {
              long holder = cell(s.heap);
              s.heap.setRefMoved(holder, 0, s.owned);
              s.kept.remove(s.owned);
              s.keep(holder);
            }),
        Named.of(
            "an object that owns it",
            s -> {
              long early = s.heap.takeRef(s.late, 0);
              s.keep(s.heap.allocateOwning(CELL, early, cell(s.heap)));
              s.heap.setLong(s.kept.getLast(), NUMBER, 7);
            }),
        Named.of(
            "a birth in its place",
            s -> {
              s.heap.setRef(s.late, 0, Heap.NULL);
              s.keep(cell(s.heap));
            }),
        Named.of(
            "an array in its place",
            s -> {
              s.heap.setRef(s.late, 1, Heap.NULL);
              s.arrays.add(array(s.heap));
            }),
        Named.of(
            "an array that holds what was owned, in its place",
            s -> {
              s.heap.setRef(s.late, 1, Heap.NULL);
              long array = array(s.heap);
              s.heap.setRefMoved(array, s.heap.elementSlot(array, 0), s.owned);
              s.kept.remove(s.owned);
              s.arrays.add(array);
            }),
        Named.of(
            "a holder in its place",
            s -> {
              s.heap.setRef(s.late, 0, Heap.NULL);
              long holder = cell(s.heap);
              s.heap.setRefMoved(holder, 1, cell(s.heap));
              s.keep(holder);
            }),
        Named.of(
            "a weak reference, upgraded",
            s -> {
              long early = s.early();
              long weak = s.heap.newWeak(early, null);
              s.heap.release(early);
              s.keep(s.heap.upgradeWeak(weak));
              s.heap.setRef(s.late, 0, Heap.NULL);
              s.heap.release(weak);
            }));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void nothingIsLostBetweenAnyTwoSteps(Change change) {
    boolean ended = false;
    for (int steps = 0; !ended; steps++) {
      try (Heap heap = Heap.ofShared()) {
        heap.collector().disable();
        ended = run(heap, change, steps);
        assertThat(steps).isLessThan(1000);
      }
    }
  }

  /** Returns whether the collection had ended before the change. */
  private static boolean run(Heap heap, Change change, int steps) {
    long early = cell(heap);
    long earlyArray = array(heap);
    long table = heap.allocate(TABLE, BETWEEN);
    for (int i = 0; i < BETWEEN; i++) {
      heap.setRefMoved(table, heap.elementSlot(table, i), cell(heap));
    }
    long late = cell(heap);
    heap.setRefMoved(late, 0, early);
    heap.setRefMoved(late, 1, earlyArray);
    long owned = cell(heap);
    boolean ended = false;
    for (int i = 0; i < steps && !ended; i++) {
      ended = heap.collector().step(0);
    }
    Scene scene = new Scene(heap, late, owned, new ArrayList<>(List.of(owned)), new ArrayList<>());
    change.make(scene);
    while (!ended && !heap.collector().step(0)) {
      assertThat(heap.isLive(late)).isTrue();
    }
    assertThat(heap.inspector().verify()).isEmpty();
    for (long cell : scene.kept) {
      assertThat(heap.typeOf(cell)).isSameAs(CELL);
      assertThat(heap.getLong(cell, NUMBER)).isEqualTo(7);
      long inside = heap.loadRef(cell, 0);
      if (inside != Heap.NULL) {
        assertThat(heap.getLong(inside, NUMBER)).isEqualTo(7);
        heap.release(inside);
      }
      heap.release(cell);
    }
    for (long array : scene.arrays) {
      assertThat(heap.isLive(array)).isTrue();
      assertThat(heap.length(array)).isEqualTo(LENGTH);
      long inside = heap.loadElement(array, 0);
      if (inside != Heap.NULL) {
        assertThat(heap.getLong(inside, NUMBER)).isEqualTo(7);
        heap.release(inside);
      }
      heap.release(array);
    }
    heap.release(table);
    heap.release(late);
    assertThat(heap.collector().collect()).isZero();
    assertThat(heap.stats().liveObjects()).isZero();
    return ended;
  }

  private static long array(Heap heap) {
    return heap.allocate(TABLE, LENGTH);
  }

  private static long cell(Heap heap) {
    long cell = heap.allocate(CELL);
    heap.setLong(cell, NUMBER, 7);
    return cell;
  }
}
