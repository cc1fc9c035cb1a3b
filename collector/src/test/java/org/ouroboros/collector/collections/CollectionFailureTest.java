package org.ouroboros.collector.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.InvalidReferenceException.Kind;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;

/** What fails leaves collections as they were; user code in the middle finds them whole. */
class CollectionFailureTest {

  @ParameterizedTest
  @EnumSource
  void noMemoryLosesNothingOfAMap(MapSubject.Kind kind) {
    int failures = 0;
    for (Heaps heaps : List.of(Heaps.PAGED, Heaps.PAGED_DEBUG, Heaps.LIBC_CHECKED)) {
      for (int first = 1; first <= 60; first++) {
        try (Heap heap = Heap.ofConfined(heaps.options())) {
          MapSubject subject = kind.open(heap);
          subject.allocate();
          Map<Integer, Integer> model = new HashMap<>();
          for (int key = 0; key < MapSubject.KEYS; key++) {
            subject.object(key); // made before memory is short
          }
          heap.inspector().failAllocations(first, 2); // also the second attempt
          for (int key = 0; key < MapSubject.KEYS; key++) {
            try {
              subject.put(key, key % MapSubject.VALUES, key % 2 == 0);
              model.put(key, key % MapSubject.VALUES);
            } catch (HeapExhaustedException e) {
              failures++;
              assertThat(subject.entries()).isEqualTo(model);
              assertThat(subject.face().size(subject.map)).isEqualTo(model.size());
            }
          }
          heap.inspector().failAllocations(0, 0);
          assertThat(subject.entries()).isEqualTo(model);
          Spaces.verify(heap);
          subject.release();
          heap.collector().collect();
          assertThat(heap.stats().liveObjects()).isZero();
        }
      }
    }
    assertThat(failures).isGreaterThan(5);
  }

  @Test
  void noMemoryLosesNothingOfAListOrACache() {
    int failures = 0;
    for (Heaps heaps : List.of(Heaps.PAGED, Heaps.LIBC_CHECKED)) {
      for (int first = 1; first <= 40; first++) {
        try (Heap heap = Heap.ofConfined(heaps.options())) {
          RefList lists = new RefList(heap);
          LongList longLists = new LongList(heap);
          LruCache caches = new LruCache(heap);
          long list = lists.allocate();
          long longs = longLists.allocate();
          long cache = caches.allocate(50);
          List<Long> model = new ArrayList<>();
          List<Long> cached = new ArrayList<>();
          heap.inspector().failAllocations(first, 2);
          for (int i = 0; i < 40; i++) {
            try {
              lists.add(list, list);
              longLists.insert(longs, 0, i);
              model.add(0, (long) i);
            } catch (HeapExhaustedException e) {
              failures++;
              if (lists.size(list) > model.size()) {
                lists.remove(list, model.size());
              }
            }
            try {
              caches.put(cache, i, cache);
              cached.add((long) i);
            } catch (HeapExhaustedException e) {
              failures++;
            }
            assertThat(lists.size(list)).isEqualTo(model.size());
            assertThat(caches.size(cache)).isEqualTo(cached.size());
          }
          heap.inspector().failAllocations(0, 0);
          List<Long> actual = new ArrayList<>();
          longLists.forEach(longs, actual::add);
          assertThat(actual).isEqualTo(model);
          for (long key : cached) {
            assertThat(caches.oldestKey(cache, -1)).isEqualTo(key);
            assertThat(caches.remove(cache, key)).isTrue();
          }
          Spaces.verify(heap);
          heap.release(list);
          heap.release(longs);
          heap.release(cache);
          heap.collector().collect();
          assertThat(heap.stats().liveObjects()).isZero();
        }
      }
    }
    assertThat(failures).isGreaterThan(20);
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#all")
  void finalizersMayChangeTheMapThatGrows(HeapOptions options) {
    // Each allocation collects, and finds a garbage cycle whose finalizer puts into the same map.
    try (Heap heap = Heap.ofConfined(options.withMode(HeapMode.CHECKED).withTorture(true))) {
      LongRefMap maps = new LongRefMap(heap);
      StringLongMap names = new StringLongMap(heap);
      RefList lists = new RefList(heap);
      LruCache caches = new LruCache(heap);
      long map = maps.allocate();
      long byName = names.allocate();
      long list = lists.allocate();
      long cache = caches.allocate(1000);
      int[] runs = new int[1];
      ObjectType intruder =
          ObjectType.builder("intruder")
              .references("self")
              .finalizer(
                  (h, ref) -> {
                    int run = runs[0]++;
                    maps.put(map, 100_000 + run, list);
                    names.put(byName, "from a finalizer " + run, run);
                    lists.add(list, map);
                    caches.put(cache, 100_000 + run, list);
                  })
              .build();
      for (int i = 0; i < 100; i++) {
        long garbage = heap.allocate(intruder);
        heap.setRef(garbage, 0, garbage);
        heap.release(garbage);
        switch (i % 4) {
          case 0 -> maps.put(map, i, map);
          case 1 -> names.put(byName, "name " + i, i);
          case 2 -> lists.add(list, list);
          default -> caches.put(cache, i, cache);
        }
      }
      heap.collector().collect();
      assertThat(runs[0]).isEqualTo(100);
      assertThat(heap.errors().entries()).isEmpty();
      assertThat(maps.size(map)).isEqualTo(125);
      assertThat(names.size(byName)).isEqualTo(125);
      assertThat(lists.size(list)).isEqualTo(125);
      assertThat(caches.size(cache)).isEqualTo(125);
      for (int i = 0; i < 100; i++) {
        assertThat(maps.containsKey(map, i)).isEqualTo(i % 4 == 0);
        assertThat(maps.get(map, 100_000 + i)).isEqualTo(list);
        assertThat(names.get(byName, "name " + i, -1)).isEqualTo(i % 4 == 1 ? i : -1);
        assertThat(names.get(byName, "from a finalizer " + i, -1)).isEqualTo(i);
      }
      Spaces.verify(heap);
      heap.release(map);
      heap.release(byName);
      heap.release(list);
      heap.release(cache);
      heap.collector().collect();
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#all")
  void whatDiesFindsTheCollectionWhole(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      LongRefMap maps = new LongRefMap(heap);
      long map = maps.allocate();
      List<Integer> sizes = new ArrayList<>();
      ObjectType watcher =
          ObjectType.builder("watcher")
              .finalizer(
                  (h, ref) -> {
                    sizes.add(maps.size(map));
                    maps.put(map, -1 - sizes.size(), map);
                  })
              .build();
      for (int key = 0; key < 3; key++) {
        maps.putMoved(map, key, heap.allocate(watcher));
      }
      maps.remove(map, 1);
      maps.put(map, 0, map);
      maps.clear(map);
      assertThat(sizes).containsExactly(2, 3, 0);
      assertThat(maps.size(map)).isEqualTo(1);
      assertThat(heap.errors().entries()).isEmpty();
      maps.clear(map);
      heap.release(map);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void cursorsFindEveryChange(MapSubject.Kind kind) {
    try (Heap heap = Heap.ofConfined()) {
      MapSubject subject = kind.open(heap);
      subject.allocate();
      HashTable face = subject.face();
      long map = subject.map;
      assertThat(face.first(map)).isEqualTo(HashTable.END);
      subject.put(1, 1, false);
      subject.put(2, 2, false);
      List<Runnable> changes =
          List.of(
              () -> subject.put(3, 3, false),
              () -> subject.remove(3),
              () -> face.reserve(map, 1000),
              () -> face.trim(map),
              () -> face.clear(map));
      for (Runnable change : changes) {
        long at = face.first(map);
        subject.put(1, 2, false); // no such change
        assertThat(face.keyAt(map, at)).isEqualTo(face.keyAt(map, at));
        change.run();
        assertThatThrownBy(() -> face.next(map, at)).isInstanceOf(CollectionChangedException.class);
        assertThatThrownBy(() -> face.keyAt(map, at))
            .isInstanceOf(CollectionChangedException.class);
        assertThatThrownBy(() -> face.valueAt(map, at))
            .isInstanceOf(CollectionChangedException.class);
      }
      assertThatThrownBy(() -> face.next(map, HashTable.END))
          .isInstanceOf(IllegalArgumentException.class);
      subject.put(1, 1, false);
      subject.put(2, 2, false);
      assertThatThrownBy(() -> face.forEach(map, (k, v) -> subject.put(7, 1, false)))
          .isInstanceOf(CollectionChangedException.class);
      assertThatThrownBy(
              () ->
                  face.removeIf(
                      map,
                      (k, v) -> {
                        subject.remove(1);
                        return true;
                      }))
          .isInstanceOf(CollectionChangedException.class);
      Spaces.verify(heap);
      subject.release();
    }
  }

  @Test
  void visitorsOfListsMustNotChangeThem() {
    try (Heap heap = Heap.ofConfined()) {
      RefList lists = new RefList(heap);
      LongList longLists = new LongList(heap);
      long list = lists.allocate();
      long longs = longLists.allocate();
      lists.add(list, Heap.NULL);
      longLists.add(longs, 1);
      assertThatThrownBy(() -> lists.forEach(list, value -> lists.add(list, value)))
          .isInstanceOf(CollectionChangedException.class);
      assertThatThrownBy(() -> longLists.forEach(longs, value -> longLists.clear(longs)))
          .isInstanceOf(CollectionChangedException.class);
      assertThat(lists.size(list)).isEqualTo(2);
    }
  }

  @Test
  void comparisonsMustNotChangeTheMap() {
    try (Heap heap = Heap.ofConfined()) {
      RefRefMap[] maps = new RefRefMap[1];
      long[] map = new long[1];
      maps[0] =
          new RefRefMap(
              heap,
              new KeyHashing() {
                @Override
                public int hash(Heap heap, long key) {
                  return 0;
                }

                @Override
                public boolean equals(Heap heap, long one, long other) {
                  maps[0].clear(map[0]);
                  return false;
                }
              });
      map[0] = maps[0].allocate();
      long a = heap.allocate(MapSubject.OBJECT);
      long b = heap.allocate(MapSubject.OBJECT);
      maps[0].put(map[0], a, a);
      assertThatThrownBy(() -> maps[0].put(map[0], b, b))
          .isInstanceOf(CollectionChangedException.class);
      assertThat(maps[0].isEmpty(map[0])).isTrue();
      assertThat(heap.refCount(a)).isEqualTo(1);
      assertThat(heap.refCount(b)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void whatIsNoSuchCollectionIsRefused(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      LongRefMap maps = new LongRefMap(heap);
      RefRefMap byIdentity = new RefRefMap(heap, KeyHashing.IDENTITY);
      long object = heap.allocate(MapSubject.OBJECT);
      long map = maps.allocate();
      long byString = new StringRefMap(heap).allocate();
      assertThatThrownBy(() -> maps.get(object, 1))
          .isInstanceOfSatisfying(
              InvalidReferenceException.class, e -> assertThat(e.kind()).isEqualTo(Kind.WRONG_TYPE))
          .hasMessageContaining("no long-ref map");
      assertThatThrownBy(() -> maps.put(byString, 1, object))
          .isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> maps.size(byString)).isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> maps.size(Heap.NULL)).isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> byIdentity.put(byString, object, object))
          .isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> maps.put(map, 1, Heap.NULL))
          .isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> maps.put(map, 1, 12345))
          .isInstanceOf(InvalidReferenceException.class);
      long identity = byIdentity.allocate();
      assertThatThrownBy(() -> byIdentity.put(identity, object, 12345))
          .isInstanceOf(InvalidReferenceException.class);
      assertThat(maps.size(map) + byIdentity.size(identity)).isZero();
      assertThat(heap.refCount(object)).isEqualTo(1);
      heap.release(identity);
      assertThatThrownBy(() -> byIdentity.put(identity, object, object))
          .isInstanceOf(InvalidReferenceException.class);
      heap.release(object);
      heap.release(map);
      heap.release(byString);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @Test
  void moreThanATableHoldsIsRefused() {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withLimit(1 << 20))) {
      LongLongMap maps = new LongLongMap(heap);
      long map = maps.allocate();
      assertThatThrownBy(() -> maps.reserve(map, Integer.MAX_VALUE))
          .isInstanceOf(HeapExhaustedException.class)
          .hasMessageContaining("at most 100663296");
      assertThatThrownBy(() -> maps.reserve(map, HashTable.MAX_ENTRIES))
          .isInstanceOf(HeapExhaustedException.class);
      assertThatThrownBy(() -> maps.reserve(map, -1)).isInstanceOf(IllegalArgumentException.class);
      maps.put(map, 1, 2);
      assertThat(maps.get(map, 1, 0)).isEqualTo(2);
    }
  }

  @Test
  void theReportOfTheCloseShowsWhatWasNotReleased() {
    Heap heap = Heap.ofConfined();
    LongRefMap maps = new LongRefMap(heap);
    long map = maps.allocate();
    maps.put(map, 1, map);
    heap.close();
    assertThat(heap.closeReport().objectsByType())
        .containsOnly(Map.entry("long-ref map", 1L), Map.entry("long-ref table", 1L));
    assertThat(heap.closeReport().externallyHeld()).isEqualTo(1);
  }
}
