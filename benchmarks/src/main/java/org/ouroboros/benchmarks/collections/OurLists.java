package org.ouroboros.benchmarks.collections;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.collections.LongList;
import org.ouroboros.collector.collections.RefList;

/** Lists on a heap, of longs and of the values that maps have too. */
final class OurLists {

  private OurLists() {}

  static ListUnderTest open(ListUnderTest.Kind kind, int entries) {
    Heap heap = Heap.ofConfined();
    return switch (kind) {
      case LONGS -> new Longs(heap);
      case OBJECTS -> new Objects(heap, entries);
    };
  }

  private static final class Longs extends ListUnderTest {
    private final Heap heap;
    private final LongList lists;
    private long list;
    private long sum;

    Longs(Heap heap) {
      this.heap = heap;
      this.lists = new LongList(heap);
      this.list = lists.allocate();
    }

    @Override
    void prepare() {
      // values are numbers
    }

    @Override
    void put(int number) {
      lists.add(list, number);
    }

    @Override
    void putNew(int number) {
      lists.add(list, number);
    }

    @Override
    long get(int index) {
      return lists.get(list, index);
    }

    @Override
    void set(int index, int number) {
      lists.set(list, index, number);
    }

    @Override
    long sum() {
      sum = 0;
      lists.forEach(list, value -> sum += value);
      return sum;
    }

    @Override
    void clear() {
      heap.release(list);
      list = lists.allocate();
    }

    @Override
    int size() {
      return lists.size(list);
    }

    @Override
    public void close() {
      heap.close();
    }
  }

  private static final class Objects extends ListUnderTest {
    private final Heap heap;
    private final RefList lists;
    private final int entries;
    private long[] values = {};
    private long list;
    private long sum;

    Objects(Heap heap, int entries) {
      this.heap = heap;
      this.entries = entries;
      this.lists = new RefList(heap);
      this.list = lists.allocate();
    }

    @Override
    void prepare() {
      values = OurMaps.newValues(heap, entries);
    }

    @Override
    void put(int number) {
      lists.add(list, values[number]);
    }

    @Override
    void putNew(int number) {
      lists.addMoved(list, OurMaps.newValue(heap, number));
    }

    @Override
    long get(int index) {
      return OurMaps.number(heap, lists.get(list, index));
    }

    @Override
    void set(int index, int number) {
      lists.set(list, index, values[number]);
    }

    @Override
    long sum() {
      sum = 0;
      lists.forEach(list, value -> sum += OurMaps.number(heap, value));
      return sum;
    }

    @Override
    void clear() {
      heap.release(list);
      list = lists.allocate();
    }

    @Override
    int size() {
      return lists.size(list);
    }

    @Override
    public void close() {
      heap.close();
    }
  }
}
