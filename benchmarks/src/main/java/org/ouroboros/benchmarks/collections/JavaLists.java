package org.ouroboros.benchmarks.collections;

import java.util.ArrayList;

/** Java's array lists. */
final class JavaLists {

  private JavaLists() {}

  static ListUnderTest open(ListUnderTest.Kind kind, int entries) {
    return switch (kind) {
      case LONGS -> new Longs();
      case OBJECTS -> new Objects(entries);
    };
  }

  private static final class Longs extends ListUnderTest {
    private ArrayList<Long> list = new ArrayList<>();
    private long sum;

    @Override
    void prepare() {
      // values are numbers
    }

    @Override
    void put(int number) {
      list.add((long) number);
    }

    @Override
    void putNew(int number) {
      list.add((long) number);
    }

    @Override
    long get(int index) {
      return list.get(index);
    }

    @Override
    void set(int index, int number) {
      list.set(index, (long) number);
    }

    @Override
    long sum() {
      sum = 0;
      list.forEach(value -> sum += value);
      return sum;
    }

    @Override
    void clear() {
      list = new ArrayList<>();
    }

    @Override
    int size() {
      return list.size();
    }

    @Override
    public void close() {
      clear();
    }
  }

  private static final class Objects extends ListUnderTest {
    private final int entries;
    private JavaMaps.Value[] values = {};
    private ArrayList<JavaMaps.Value> list = new ArrayList<>();
    private long sum;

    Objects(int entries) {
      this.entries = entries;
    }

    @Override
    void prepare() {
      values = JavaMaps.newValues(entries);
    }

    @Override
    void put(int number) {
      list.add(values[number]);
    }

    @Override
    void putNew(int number) {
      list.add(new JavaMaps.Value(number));
    }

    @Override
    long get(int index) {
      return list.get(index).number;
    }

    @Override
    void set(int index, int number) {
      list.set(index, values[number]);
    }

    @Override
    long sum() {
      sum = 0;
      list.forEach(value -> sum += value.number);
      return sum;
    }

    @Override
    void clear() {
      list = new ArrayList<>();
    }

    @Override
    int size() {
      return list.size();
    }

    @Override
    public void close() {
      clear();
    }
  }
}
