package org.ouroboros.collector.collections;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/** Lists against {@link ArrayList}, on every kind of heap. */
class ListPropertyTest {

  private static final ObjectType OBJECT =
      ObjectType.builder("object").references("next").field("number", JAVA_LONG).build();

  enum What {
    ADD,
    ADD_FRESH,
    INSERT,
    SET,
    REMOVE,
    COLLECT,
    CLEAR
  }

  record Step(What what, int index, int value) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(30, What.ADD),
                Tuple.of(20, What.ADD_FRESH),
                Tuple.of(20, What.INSERT),
                Tuple.of(20, What.SET),
                Tuple.of(25, What.REMOVE),
                Tuple.of(4, What.COLLECT),
                Tuple.of(1, What.CLEAR)),
            Arbitraries.integers().between(0, 1000),
            Arbitraries.integers().between(0, 5))
        .as(Step::new)
        .list()
        .ofMaxSize(200);
  }

  @Provide
  Arbitrary<Heaps> heaps() {
    return Heaps.any();
  }

  @Property(tries = 800)
  void listsOfReferencesDoWhatJavasDo(
      @ForAll("heaps") Heaps heaps, @ForAll("steps") List<Step> steps) {
    try (Heap heap = Heap.ofConfined(heaps.options())) {
      RefList lists = new RefList(heap);
      long list = lists.allocate();
      long object = heap.allocate(OBJECT);
      long[] values = {Heap.NULL, list, object, object, list, Heap.NULL};
      List<Long> model = new ArrayList<>();
      for (Step step : steps) {
        int size = model.size();
        long value = values[step.value()];
        switch (step.what()) {
          case ADD -> {
            model.add(value);
            lists.add(list, value);
          }
          case ADD_FRESH -> {
            long fresh = heap.allocate(OBJECT);
            model.add(fresh);
            lists.addMoved(list, fresh);
          }
          case INSERT -> {
            model.add(step.index() % (size + 1), value);
            lists.insert(list, step.index() % (size + 1), value);
          }
          case SET -> {
            if (size > 0) {
              model.set(step.index() % size, value);
              lists.set(list, step.index() % size, value);
            }
          }
          case REMOVE -> {
            if (size > 0) {
              model.remove(step.index() % size);
              lists.remove(list, step.index() % size);
            }
          }
          case COLLECT -> heap.collector().collect(step.value() % 3);
          case CLEAR -> {
            model.clear();
            lists.clear(list);
          }
        }
      }
      List<Long> actual = new ArrayList<>();
      lists.forEach(list, actual::add);
      assertThat(actual).isEqualTo(model).hasSize(lists.size(list));
      assertThat(lists.indexOf(list, object)).isEqualTo(model.indexOf(object));
      for (int i = 0; i < model.size(); i++) {
        assertThat(lists.get(list, i)).isEqualTo(model.get(i));
      }
      Spaces.verify(heap);
      heap.release(list);
      heap.release(object);
      heap.collector().collect();
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @Property(tries = 800)
  void listsOfLongsDoWhatJavasDo(@ForAll("heaps") Heaps heaps, @ForAll("steps") List<Step> steps) {
    try (Heap heap = Heap.ofConfined(heaps.options())) {
      LongList lists = new LongList(heap);
      long list = lists.allocate();
      List<Long> model = new ArrayList<>();
      for (Step step : steps) {
        int size = model.size();
        long value = step.index() * 0x1_0000_0001L;
        switch (step.what()) {
          case ADD, ADD_FRESH -> {
            model.add(value);
            lists.add(list, value);
          }
          case INSERT -> {
            model.add(step.index() % (size + 1), value);
            lists.insert(list, step.index() % (size + 1), value);
          }
          case SET -> {
            if (size > 0) {
              model.set(step.index() % size, value);
              lists.set(list, step.index() % size, value);
            }
          }
          case REMOVE -> {
            if (size > 0) {
              long removed = lists.remove(list, step.index() % size);
              assertThat(removed).isEqualTo(model.remove(step.index() % size));
            }
          }
          case COLLECT -> heap.collector().collect(step.value() % 3);
          case CLEAR -> {
            model.clear();
            lists.clear(list);
          }
        }
      }
      List<Long> actual = new ArrayList<>();
      lists.forEach(list, actual::add);
      assertThat(actual).isEqualTo(model).hasSize(lists.size(list));
      assertThat(lists.indexOf(list, 0)).isEqualTo(model.indexOf(0L));
      Spaces.verify(heap);
      heap.release(list);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }
}
