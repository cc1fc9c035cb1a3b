package org.ouroboros.benchmarks.collections;

import org.agrona.collections.LongArrayList;

/** Agrona's list of longs; it has none of objects. */
final class AgronaLists {

  private AgronaLists() {}

  static ListUnderTest open(ListUnderTest.Kind kind) {
    return switch (kind) {
      case LONGS -> new Longs();
      case OBJECTS -> throw new IllegalArgumentException("Agrona has no list of objects");
    };
  }

  private static final class Longs extends ListUnderTest {
    private LongArrayList list = new LongArrayList();
    private long sum;

    @Override
    void prepare() {
      // values are numbers
    }

    @Override
    void put(int number) {
      list.addLong(number);
    }

    @Override
    void putNew(int number) {
      list.addLong(number);
    }

    @Override
    long get(int index) {
      return list.getLong(index);
    }

    @Override
    void set(int index, int number) {
      list.setLong(index, number);
    }

    @Override
    long sum() {
      sum = 0;
      list.forEachLong(value -> sum += value);
      return sum;
    }

    @Override
    void clear() {
      list = new LongArrayList();
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
