package org.ouroboros.collector.collections;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.util.Objects;
import java.util.function.LongConsumer;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.heap.ConfinedHeap;

/**
 * Lists of references that grow.
 *
 * <pre>{@code
 * RefList lists = new RefList(heap);
 * long list = scope.own(lists.allocate());
 * lists.addMoved(list, heap.allocate(NODE)); // the list owns the node now
 * lists.add(list, list); // a cycle: the collector frees it
 * long first = lists.get(list, 0); // borrowed
 * }</pre>
 *
 * <p>Reading, replacing, adding and removing at the end take constant time, adding amortised over
 * the growth by half; elsewhere time in proportion to the elements behind. An element takes 4 to 6
 * bytes. Elements may be null.
 *
 * <p>See {@link HeapCollection} for what holds for all collections.
 */
public final class RefList extends HeapCollection {

  private static final ObjectType ELEMENTS = ObjectType.referenceArray("list elements");
  private static final ObjectType ROOT = rootType("list", true, JAVA_INT.withName("capacity"));
  private static final long CAPACITY = ROOT.offset("capacity");
  private static final int FIRST = firstSlot(ELEMENTS);

  /** The same as an offset. */
  private static final long FIRST_BYTE = ELEMENTS.tailOffset(0);

  /**
   * Makes the face of a heap's lists.
   *
   * @param heap the heap
   */
  public RefList(Heap heap) {
    super(heap, ROOT);
  }

  /**
   * Makes an empty list. Its table is made when something is put into it.
   *
   * @return an owned reference
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public long allocate() {
    return allocateEmpty();
  }

  /**
   * Reads an element.
   *
   * @param list a live list
   * @param index from 0
   * @return a borrowed reference, or {@link Heap#NULL}
   * @throws IndexOutOfBoundsException if there is no such element
   */
  public long get(long list, int index) {
    long word = word(list);
    Objects.checkIndex(index, sizeIn(state(list)));
    return element(list, word, index);
  }

  /** Reads an element that is there. */
  private long element(long list, long word, int index) {
    ConfinedHeap quick = this.quick;
    return quick != null
        ? quick.referenceAt(place(word, index))
        : heap.getRef(table(list, word), FIRST + index);
  }

  /** Where an element is in the heap's memory. */
  private static long place(long word, int index) {
    return tablePlace(word) + FIRST_BYTE + ((long) index << 2);
  }

  /**
   * Replaces an element.
   *
   * @param list a live list
   * @param index from 0
   * @param value a borrowed reference, which the list counts; or {@link Heap#NULL}
   * @throws IndexOutOfBoundsException if there is no such element
   */
  public void set(long list, int index, long value) {
    long word = word(list);
    Objects.checkIndex(index, sizeIn(state(list)));
    ConfinedHeap quick = this.quick;
    if (quick == null || !quick.tryReplaceAt(place(word, index), value)) {
      heap.setRef(table(list, word), FIRST + index, value);
    }
  }

  /**
   * Adds an element at the end.
   *
   * @param list a live list
   * @param value a borrowed reference, which the list counts; or {@link Heap#NULL}
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public void add(long list, long value) {
    long word = word(list);
    long state = state(list);
    int size = sizeIn(state);
    if (size == heap.getInt(list, CAPACITY)) {
      size = ensureRoom(list, value);
      word = word(list);
      state = state(list);
    }
    ConfinedHeap quick = this.quick;
    if (quick == null || !quick.tryFillAt(place(word, size), value)) {
      heap.setRef(table(list, word), FIRST + size, value);
    }
    setState(list, state + ADDED);
  }

  /**
   * Adds an owned element at the end, which the list takes over.
   *
   * @param list a live list
   * @param owned an owned reference, unchanged if this throws; or {@link Heap#NULL}
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public void addMoved(long list, long owned) {
    int size = ensureRoom(list, owned);
    heap.setRefMoved(table(list, word(list)), FIRST + size, owned);
    setState(list, state(list) + ADDED);
  }

  /**
   * Inserts an element.
   *
   * @param list a live list
   * @param index where it will be: 0 to the size
   * @param value a borrowed reference, which the list counts; or {@link Heap#NULL}
   * @throws IndexOutOfBoundsException if there is no such place
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public void insert(long list, int index, long value) {
    Objects.checkIndex(index, size(list) + 1);
    int size = ensureRoom(list, value);
    Objects.checkIndex(index, size + 1); // it may have shrunk meanwhile
    long table = table(list);
    if (value != Heap.NULL) {
      heap.retain(value);
    }
    move(table, index, table, index + 1, size - index);
    try {
      heap.setRefMoved(table, FIRST + index, value);
    } catch (RuntimeException e) { // no memory to count the element
      closeGap(table, index, size + 1);
      heap.release(value);
      throw e;
    }
    setState(list, state(list) + ADDED);
  }

  /**
   * Removes an element, and gives it back.
   *
   * @param list a live list
   * @param index from 0
   * @throws IndexOutOfBoundsException if there is no such element
   */
  public void remove(long list, int index) {
    heap.release(take(list, index));
  }

  /**
   * Removes an element, and hands it out.
   *
   * @param list a live list
   * @param index from 0
   * @return an owned reference, or {@link Heap#NULL}
   * @throws IndexOutOfBoundsException if there is no such element
   */
  public long take(long list, int index) {
    int size = size(list);
    Objects.checkIndex(index, size);
    long table = table(list);
    long owned = heap.takeRef(table, FIRST + index);
    closeGap(table, index, size);
    setState(list, state(list) + REMOVED);
    return owned;
  }

  private void closeGap(long table, int gap, int end) {
    move(table, gap + 1, table, gap, end - gap - 1);
  }

  /**
   * Removes all elements.
   *
   * @param list a live list
   */
  public void clear(long list) {
    check(list);
    long table = detach(list);
    heap.setInt(list, CAPACITY, 0);
    heap.release(table);
  }

  /**
   * The index of the first element that is an object.
   *
   * @param list a live list
   * @param value a reference, or {@link Heap#NULL}
   * @return -1 if none is
   */
  public int indexOf(long list, long value) {
    long word = word(list);
    int size = sizeIn(state(list));
    for (int i = 0; i < size; i++) {
      if (element(list, word, i) == value) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Shows all elements to a consumer, in their order.
   *
   * @param list a live list
   * @param consumer is given borrowed references; must neither add nor remove elements
   * @throws CollectionChangedException if it does
   */
  public void forEach(long list, LongConsumer consumer) {
    check(list);
    long state = state(list);
    for (int i = 0; i < sizeIn(state); i++) {
      consumer.accept(element(list, word(list), i));
      requireUnchangedAlive(list, state);
    }
  }

  /** Makes room for one more element. Returns the size. */
  private int ensureRoom(long list, long value) {
    word(list);
    int size = sizeIn(state(list));
    while (size == heap.getInt(list, CAPACITY)) {
      grow(list, size, value);
      size = sizeIn(state(list));
    }
    return size;
  }

  private void grow(long list, int size, long value) {
    int capacity = Growth.more(size, heap);
    if (lengthen(list, size, capacity)) {
      heap.setInt(list, CAPACITY, capacity);
      return;
    }
    long table = allocateHolding(list, value, Heap.NULL, ELEMENTS, capacity, -1);
    if (heap.getInt(list, CAPACITY) != size || sizeIn(state(list)) != size) {
      heap.release(table); // user code has changed the list meanwhile
      return;
    }
    if (size != 0) {
      move(table(list), 0, table, 0, size);
    }
    heap.setInt(list, CAPACITY, capacity);
    heap.setRefMoved(list, TABLE, table);
  }

  /** Moves elements within a table, or to another one. */
  private void move(long from, int fromIndex, long to, int toIndex, int count) {
    ConfinedHeap quick = this.quick;
    if (count == 0
        || quick != null
            && quick.tryMoveRefs(from, FIRST + fromIndex, to, FIRST + toIndex, count)) {
      return;
    }
    boolean backwards = toIndex > fromIndex;
    for (int i = 0; i < count; i++) {
      int index = backwards ? count - 1 - i : i;
      heap.moveRef(from, FIRST + fromIndex + index, to, FIRST + toIndex + index);
    }
  }
}
