package org.ouroboros.benchmarks.collections;

import java.util.HashMap;

/** Java's hash maps; and the objects that Java's and Agrona's maps have as keys and values. */
final class JavaMaps {

  private JavaMaps() {}

  static MapUnderTest open(MapUnderTest.Kind kind, int entries) {
    return switch (kind) {
      case LONG_OBJECT -> new LongObject(entries);
      case LONG_LONG -> new LongLong();
      case STRING_OBJECT -> new StringObject(entries);
    };
  }

  /** A value: 24 bytes, or 16 with compact headers. */
  static final class Value {
    final long number;

    Value(long number) {
      this.number = number;
    }
  }

  static Value[] newValues(int entries) {
    Value[] values = new Value[entries];
    for (int i = 0; i < entries; i++) {
      values[i] = new Value(i);
    }
    return values;
  }

  /** The keys that are strings: objects of their own. */
  static String[] newTexts(int entries) {
    String[] texts = new String[entries];
    for (int i = 0; i < entries; i++) {
      texts[i] = MapUnderTest.text(i);
    }
    return texts;
  }

  private static final class LongObject extends MapUnderTest {
    private final int entries;
    private JavaMaps.Value[] values = {};
    private HashMap<Long, Value> map = new HashMap<>();

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
      map = new HashMap<>();
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
    private HashMap<Long, Long> map = new HashMap<>();

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
      return map.get(key(number)) != null;
    }

    @Override
    boolean remove(int number) {
      return map.remove(key(number)) != null;
    }

    @Override
    void clear() {
      map = new HashMap<>();
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
    private HashMap<String, Value> map = new HashMap<>();

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
      map = new HashMap<>();
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
