package org.ouroboros.collector.collections;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.Spaces;

/** Maps of every kind against {@link HashMap}, on every kind of heap. */
class MapPropertyTest {

  enum What {
    PUT,
    PUT_FRESH,
    REMOVE,
    GET,
    REMOVE_IF,
    COLLECT,
    RESERVE,
    TRIM,
    CLEAR
  }

  record Step(What what, int key, int value) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(30, What.PUT),
                Tuple.of(20, What.PUT_FRESH),
                Tuple.of(25, What.REMOVE),
                Tuple.of(20, What.GET),
                Tuple.of(3, What.REMOVE_IF),
                Tuple.of(4, What.COLLECT),
                Tuple.of(2, What.RESERVE),
                Tuple.of(2, What.TRIM),
                Tuple.of(1, What.CLEAR)),
            Arbitraries.integers().between(0, MapSubject.KEYS - 1),
            Arbitraries.integers().between(0, MapSubject.VALUES - 1))
        .as(Step::new)
        .list()
        .ofMaxSize(250);
  }

  @Provide
  Arbitrary<Heaps> heaps() {
    return Heaps.any();
  }

  @Property(tries = 2000)
  void mapsDoWhatJavasDo(
      @ForAll("heaps") Heaps heaps,
      @ForAll MapSubject.Kind kind,
      @ForAll("steps") List<Step> steps) {
    try (Heap heap = Heap.ofConfined(heaps.options())) {
      MapSubject subject = kind.open(heap);
      subject.allocate();
      Map<Integer, Integer> model = new HashMap<>();
      for (Step step : steps) {
        run(subject, model, step);
      }
      assertThat(subject.entries()).isEqualTo(model);
      Spaces.verify(heap);
      subject.release();
      heap.collector().collect();
      assertThat(heap.stats().liveObjects()).isZero();
      Spaces.verify(heap);
    }
  }

  private static void run(MapSubject subject, Map<Integer, Integer> model, Step step) {
    int key = step.key();
    switch (step.what()) {
      case PUT, PUT_FRESH -> {
        boolean added = model.put(key, step.value()) == null;
        assertThat(subject.put(key, step.value(), step.what() == What.PUT_FRESH)).isEqualTo(added);
      }
      case REMOVE -> assertThat(subject.remove(key)).isEqualTo(model.remove(key) != null);
      case GET -> {
        assertThat(subject.get(key)).isEqualTo(model.getOrDefault(key, MapSubject.MISSING));
        assertThat(subject.contains(key)).isEqualTo(model.containsKey(key));
      }
      case REMOVE_IF -> {
        int before = model.size();
        model.values().removeIf(value -> value >= step.value());
        assertThat(subject.removeIf(value -> value >= step.value()))
            .isEqualTo(before - model.size());
      }
      case COLLECT -> subject.heap.collector().collect(step.value() % 3);
      case RESERVE -> subject.face().reserve(subject.map, key);
      case TRIM -> subject.face().trim(subject.map);
      case CLEAR -> {
        model.clear();
        subject.face().clear(subject.map);
      }
    }
    assertThat(subject.face().size(subject.map)).isEqualTo(model.size());
  }
}
