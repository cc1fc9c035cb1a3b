package org.ouroboros.collector.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.Spaces;

/** Caches against {@link LinkedHashMap} in the order of access, on every kind of heap. */
class LruCachePropertyTest {

  enum What {
    PUT,
    PUT_SELF,
    GET,
    PEEK,
    REMOVE,
    COLLECT,
    CLEAR
  }

  record Step(What what, int key) {}

  /** A bounded map in the order of access. */
  private static final class Model extends LinkedHashMap<Long, Long> {

    private static final long serialVersionUID = 1L;

    private final int bound;

    Model(int bound) {
      super(16, 0.75f, true);
      this.bound = bound;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
      return size() > bound;
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(40, What.PUT),
                Tuple.of(4, What.PUT_SELF),
                Tuple.of(25, What.GET),
                Tuple.of(5, What.PEEK),
                Tuple.of(15, What.REMOVE),
                Tuple.of(3, What.COLLECT),
                Tuple.of(1, What.CLEAR)),
            Arbitraries.integers().between(-20, 20))
        .as(Step::new)
        .list()
        .ofMaxSize(200);
  }

  @Provide
  Arbitrary<Heaps> heaps() {
    return Heaps.any();
  }

  @Property(tries = 800)
  void theEntryUsedLongestAgoGivesWay(
      @ForAll("heaps") Heaps heaps,
      @ForAll @IntRange(min = 1, max = 30) int bound,
      @ForAll("steps") List<Step> steps) {
    try (Heap heap = Heap.ofConfined(heaps.options())) {
      LruCache caches = new LruCache(heap);
      long cache = caches.allocate(bound);
      Model model = new Model(bound);
      for (Step step : steps) {
        long key = step.key();
        switch (step.what()) {
          case PUT -> {
            long value = heap.allocate(MapSubject.OBJECT);
            boolean added = model.put(key, value) == null;
            assertThat(caches.putMoved(cache, key, value)).isEqualTo(added);
          }
          case PUT_SELF -> {
            boolean added = model.put(key, cache) == null;
            assertThat(caches.put(cache, key, cache)).isEqualTo(added);
          }
          case GET ->
              assertThat(caches.get(cache, key)).isEqualTo(model.getOrDefault(key, Heap.NULL));
          case PEEK -> {
            Long expected =
                new ArrayList<>(model.entrySet())
                    .stream()
                        .filter(e -> e.getKey() == key)
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(Heap.NULL);
            assertThat(caches.peek(cache, key)).isEqualTo(expected);
          }
          case REMOVE -> assertThat(caches.remove(cache, key)).isEqualTo(model.remove(key) != null);
          case COLLECT -> heap.collector().collect();
          case CLEAR -> {
            model.clear();
            caches.clear(cache);
          }
        }
        assertThat(caches.size(cache)).isEqualTo(model.size());
        assertThat(caches.oldestKey(cache, Long.MAX_VALUE))
            .isEqualTo(model.isEmpty() ? Long.MAX_VALUE : model.firstEntry().getKey());
      }
      Spaces.verify(heap);
      // In which order do they go?
      List<Long> order = new ArrayList<>();
      while (!caches.isEmpty(cache)) {
        order.add(caches.oldestKey(cache, 0));
        assertThat(caches.remove(cache, order.getLast())).isTrue();
      }
      assertThat(order).isEqualTo(List.copyOf(model.keySet()));
      heap.release(cache);
      heap.collector().collect();
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @Example
  void impossibleBoundsAndValuesAreRefused() {
    try (Heap heap = Heap.ofConfined()) {
      LruCache caches = new LruCache(heap);
      assertThatThrownBy(() -> caches.allocate(0)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> caches.allocate(LruCache.MAX_BOUND + 1))
          .isInstanceOf(IllegalArgumentException.class);
      long cache = caches.allocate(LruCache.MAX_BOUND);
      assertThatThrownBy(() -> caches.put(cache, 1, Heap.NULL))
          .isInstanceOf(InvalidReferenceException.class);
      assertThat(caches.bound(cache)).isEqualTo(LruCache.MAX_BOUND);
      heap.release(cache);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }
}
