package org.ouroboros.benchmarks.collections;

import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.Object2ObjectHashMap;

/** Agrona's maps. */
final class AgronaMaps {

  private AgronaMaps() {}

  static MapUnderTest open(MapUnderTest.Kind kind, int entries) {
    return switch (kind) {
      case LONG_OBJECT -> new LongObject(entries);
      case LONG_LONG -> new LongLong();
      case STRING_OBJECT -> new StringObject(entries);
    };
  }

  private static final class LongObject extends MapUnderTest {
    private final int entries;
    private JavaMaps.Value[] values = {};
    private Long2ObjectHashMap<JavaMaps.Value> map = new Long2ObjectHashMap<>();

    LongObject(int entries) {
      this.entries = entries;
    }

    @Override
    void prepare() {
      values = JavaMaps.newValues(entries);
    }

    @Override
    void put(int number) {
      map.put(key(number), values[number]);
    }

    @Override
    void put(int number, int other) {
      map.put(key(number), values[other]);
    }

    @Override
    void putNew(int number) {
      map.put(key(number), new JavaMaps.Value(number));
    }

    @Override
    boolean get(int number) {
      return map.get(key(number)) != null;
    }

    @Override
    boolean remove(int number) {
      return map.remove(key(number)) != null;
    }

    @Override
    void clear() {
      map = new Long2ObjectHashMap<>();
    }

    @Override
    int size() {
      return map.size();
    }

    @Override
    public void close() {
      clear();
    }
  }

  private static final class LongLong extends MapUnderTest {
    private Long2LongHashMap map = new Long2LongHashMap(-1);

    @Override
    void prepare() {
      // values are numbers
    }

    @Override
    void put(int number) {
      map.put(key(number), (long) number);
    }

    @Override
    void put(int number, int other) {
      map.put(key(number), (long) other);
    }

    @Override
    void putNew(int number) {
      put(number);
    }

    @Override
    boolean get(int number) {
      return map.get(key(number)) >= 0;
    }

    @Override
    boolean remove(int number) {
      return map.remove(key(number)) >= 0;
    }

    @Override
    void clear() {
      map = new Long2LongHashMap(-1);
    }

    @Override
    int size() {
      return map.size();
    }

    @Override
    public void close() {
      clear();
    }
  }

  private static final class StringObject extends MapUnderTest {
    private final int entries;
    private JavaMaps.Value[] values = {};
    private String[] keys = {};
    private String[] texts = {};
    private Object2ObjectHashMap<String, JavaMaps.Value> map = new Object2ObjectHashMap<>();

    StringObject(int entries) {
      this.entries = entries;
    }

    @Override
    void prepare() {
      values = JavaMaps.newValues(entries);
      keys = JavaMaps.newTexts(entries);
      texts = JavaMaps.newTexts(entries);
    }

    @Override
    void put(int number) {
      map.put(keys[number], values[number]);
    }

    @Override
    void put(int number, int other) {
      map.put(texts[number], values[other]);
    }

    @Override
    void putNew(int number) {
      map.put(text(number), new JavaMaps.Value(number));
    }

    @Override
    boolean get(int number) {
      return map.get(texts[number]) != null;
    }

    @Override
    boolean remove(int number) {
      return map.remove(texts[number]) != null;
    }

    @Override
    void clear() {
      map = new Object2ObjectHashMap<>();
    }

    @Override
    int size() {
      return map.size();
    }

    @Override
    public void close() {
      clear();
    }
  }
}
