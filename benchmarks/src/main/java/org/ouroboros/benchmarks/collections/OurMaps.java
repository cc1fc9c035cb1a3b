package org.ouroboros.benchmarks.collections;

import java.lang.foreign.ValueLayout;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.collections.LongLongMap;
import org.ouroboros.collector.collections.LongRefMap;
import org.ouroboros.collector.collections.StringRefMap;

/** Maps on a heap, with values of 16 bytes. */
final class OurMaps {

  private static final ObjectType VALUE =
      ObjectType.builder("value").field("number", ValueLayout.JAVA_LONG).build();

  private static final long NUMBER = VALUE.offset("number");

  private OurMaps() {}

  static MapUnderTest open(MapUnderTest.Kind kind, int entries) {
    Heap heap = Heap.ofConfined();
    return switch (kind) {
      case LONG_OBJECT -> new LongObject(heap, entries);
      case LONG_LONG -> new LongLong(heap);
      case STRING_OBJECT -> new StringObject(heap, entries);
    };
  }

  static long newValue(Heap heap, int number) {
    long value = heap.allocate(VALUE);
    heap.setLong(value, NUMBER, number);
    return value;
  }

  /** The number of a value. */
  static long number(Heap heap, long value) {
    return heap.getLong(value, NUMBER);
  }

  static long[] newValues(Heap heap, int entries) {
    long[] values = new long[entries];
    for (int i = 0; i < entries; i++) {
      values[i] = newValue(heap, i);
    }
    return values;
  }

  private static final class LongObject extends MapUnderTest {
    private final Heap heap;
    private final LongRefMap maps;
    private final int entries;
    private long[] values = {};
    private long map;

    LongObject(Heap heap, int entries) {
      this.heap = heap;
      this.entries = entries;
      this.maps = new LongRefMap(heap);
      this.map = maps.allocate();
    }

    @Override
    void prepare() {
      values = newValues(heap, entries);
    }

    @Override
    void put(int number) {
      maps.put(map, key(number), values[number]);
    }

    @Override
    void put(int number, int other) {
      maps.put(map, key(number), values[other]);
    }

    @Override
    void putNew(int number) {
      maps.putMoved(map, key(number), newValue(heap, number));
    }

    @Override
    boolean get(int number) {
      return maps.get(map, key(number)) != Heap.NULL;
    }

    @Override
    boolean remove(int number) {
      return maps.remove(map, key(number));
    }

    @Override
    void clear() {
      heap.release(map);
      map = maps.allocate();
    }

    @Override
    int size() {
      return maps.size(map);
    }

    @Override
    public void close() {
      heap.close();
    }
  }

  private static final class LongLong extends MapUnderTest {
    private final Heap heap;
    private final LongLongMap maps;
    private long map;

    LongLong(Heap heap) {
      this.heap = heap;
      this.maps = new LongLongMap(heap);
      this.map = maps.allocate();
    }

    @Override
    void prepare() {
      // values are numbers
    }

    @Override
    void put(int number) {
      maps.put(map, key(number), number);
    }

    @Override
    void put(int number, int other) {
      maps.put(map, key(number), other);
    }

    @Override
    void putNew(int number) {
      maps.put(map, key(number), number);
    }

    @Override
    boolean get(int number) {
      return maps.get(map, key(number), -1) >= 0;
    }

    @Override
    boolean remove(int number) {
      return maps.remove(map, key(number));
    }

    @Override
    void clear() {
      heap.release(map);
      map = maps.allocate();
    }

    @Override
    int size() {
      return maps.size(map);
    }

    @Override
    public void close() {
      heap.close();
    }
  }

  private static final class StringObject extends MapUnderTest {
    private final Heap heap;
    private final StringRefMap maps;
    private final int entries;
    private long[] values = {};
    private String[] texts = {};
    private long map;

    StringObject(Heap heap, int entries) {
      this.heap = heap;
      this.entries = entries;
      this.maps = new StringRefMap(heap);
      this.map = maps.allocate();
    }

    @Override
    void prepare() {
      values = newValues(heap, entries);
      texts = JavaMaps.newTexts(entries);
    }

    @Override
    void put(int number) {
      maps.put(map, texts[number], values[number]);
    }

    @Override
    void put(int number, int other) {
      maps.put(map, texts[number], values[other]);
    }

    @Override
    void putNew(int number) {
      maps.putMoved(map, text(number), newValue(heap, number));
    }

    @Override
    boolean get(int number) {
      return maps.get(map, texts[number]) != Heap.NULL;
    }

    @Override
    boolean remove(int number) {
      return maps.remove(map, texts[number]);
    }

    @Override
    void clear() {
      heap.release(map);
      map = maps.allocate();
    }

    @Override
    int size() {
      return maps.size(map);
    }

    @Override
    public void close() {
      heap.close();
    }
  }
}
