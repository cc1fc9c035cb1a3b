package org.ouroboros.collector.collections;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.TableView;

/**
 * Lists of {@code long} that grow.
 *
 * <pre>{@code
 * LongList lists = new LongList(heap);
 * long list = scope.own(lists.allocate());
 * lists.add(list, 3);
 * lists.insert(list, 0, 2);
 * long sum = lists.get(list, 0) + lists.get(list, 1);
 * }</pre>
 *
 * <p>Reading, replacing, adding and removing at the end take constant time, adding amortised over
 * the growth by half; elsewhere time in proportion to the elements behind, which are moved in one
 * go. An element takes 8 to 12 bytes.
 *
 * <p>See {@link HeapCollection} for what holds for all collections.
 */
public final class LongList extends HeapCollection {

  private static final ObjectType ELEMENTS = ObjectType.array("list longs", ValueLayout.JAVA_LONG);

  private static final ObjectType ROOT =
      rootType("long list", false, JAVA_INT.withName("capacity"));
  private static final long CAPACITY = ROOT.offset("capacity");
  private static final long FIRST = ELEMENTS.tailOffset(0);

  /** How far the state is before the word. */
  private static final int STATE_BEFORE = (int) (WORD - STATE);

  /** How many elements are copied in one go. */
  private static final int CHUNK = 1 << 24;

  /** What is shown of the list that was worked on last, through any face of the heap. */
  private final TableView view;

  /**
   * Makes the face of a heap's lists.
   *
   * @param heap the heap
   */
  public LongList(Heap heap) {
    super(heap, ROOT);
    this.view = quick != null ? quick.longs() : TableView.NOTHING;
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

  private static long at(int index) {
    return FIRST + (long) index * Long.BYTES;
  }

  /**
   * Reads an element.
   *
   * @param list a live list
   * @param index from 0
   * @return its value
   * @throws IndexOutOfBoundsException if there is no such element
   */
  public long get(long list, int index) {
    return view.has(list, index) ? view.get(index) : getUnseen(list, index);
  }

  private long getUnseen(long list, int index) {
    long word = word(list);
    int size = sizeIn(state(list));
    Objects.checkIndex(index, size);
    show(list, word, size);
    return element(list, word, index);
  }

  /** A list was worked on that was not shown. */
  private void show(long list, long word, int size) {
    ConfinedHeap quick = this.quick;
    if (quick != null) {
      view.forget(list);
      quick.showLongs(list, WORD, word, FIRST, size, heap.getInt(list, CAPACITY));
    }
  }

  /** Reads an element that is there. */
  private long element(long list, long word, int index) {
    ConfinedHeap quick = this.quick;
    return quick != null
        ? quick.longAt(tablePlace(word) + at(index))
        : heap.getLong(table(list, word), at(index));
  }

  /**
   * Replaces an element.
   *
   * @param list a live list
   * @param index from 0
   * @param value its new value
   * @throws IndexOutOfBoundsException if there is no such element
   */
  public void set(long list, int index, long value) {
    if (view.has(list, index)) {
      view.set(index, value);
    } else {
      setUnseen(list, index, value);
    }
  }

  private void setUnseen(long list, int index, long value) {
    long word = word(list);
    int size = sizeIn(state(list));
    Objects.checkIndex(index, size);
    show(list, word, size);
    setElement(list, word, index, value);
  }

  private void setElement(long list, long word, int index, long value) {
    ConfinedHeap quick = this.quick;
    if (quick == null || !quick.trySetLongAt(tablePlace(word) + at(index), value)) {
      heap.setLong(table(list, word), at(index), value);
    }
  }

  /**
   * Adds an element at the end.
   *
   * @param list a live list
   * @param value its value
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public void add(long list, long value) {
    if (!view.tryAdd(list, value, STATE_BEFORE, ADDED)) {
      addUnseen(list, value);
    }
  }

  private void addUnseen(long list, long value) {
    long word = word(list);
    long state = state(list);
    int size = sizeIn(state);
    if (size == heap.getInt(list, CAPACITY)) {
      size = ensureRoom(list);
      word = word(list);
      state = state(list);
    }
    setElement(list, word, size, value);
    setState(list, state + ADDED);
    show(list, word, size + 1);
  }

  /**
   * Inserts an element.
   *
   * @param list a live list
   * @param index where it will be: 0 to the size
   * @param value its value
   * @throws IndexOutOfBoundsException if there is no such place
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory for it
   */
  public void insert(long list, int index, long value) {
    Objects.checkIndex(index, size(list) + 1);
    int size = ensureRoom(list);
    Objects.checkIndex(index, size + 1); // it may have shrunk meanwhile
    long table = table(list);
    int end = size;
    while (end > index) {
      int count = Math.min(end - index, CHUNK);
      end -= count;
      heap.copyBytes(table, at(end), table, at(end + 1), count * Long.BYTES);
    }
    heap.setLong(table, at(index), value);
    setState(list, state(list) + ADDED);
    view.resized(list, size + 1);
  }

  /**
   * Removes an element.
   *
   * @param list a live list
   * @param index from 0
   * @return its value
   * @throws IndexOutOfBoundsException if there is no such element
   */
  public long remove(long list, int index) {
    int size = size(list);
    Objects.checkIndex(index, size);
    long table = table(list);
    long value = heap.getLong(table, at(index));
    copy(table, index + 1, table, index, size - index - 1);
    setState(list, state(list) + REMOVED);
    view.resized(list, size - 1);
    return value;
  }

  /** Copies elements, first ones first. */
  private void copy(long from, int fromIndex, long to, int toIndex, int count) {
    for (int done = 0; done < count; done += CHUNK) {
      int bytes = Math.min(count - done, CHUNK) * Long.BYTES;
      heap.copyBytes(from, at(fromIndex + done), to, at(toIndex + done), bytes);
    }
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
    view.forget(list);
    heap.release(table);
  }

  /**
   * The index of the first element that has a value.
   *
   * @param list a live list
   * @param value any value
   * @return -1 if none has
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
   * @param consumer must neither add nor remove elements
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
  private int ensureRoom(long list) {
    word(list);
    int size = sizeIn(state(list));
    while (size == heap.getInt(list, CAPACITY)) {
      grow(list, size);
      size = sizeIn(state(list));
    }
    return size;
  }

  private void grow(long list, int size) {
    int capacity = Growth.more(size, heap);
    if (lengthen(list, size, capacity)) {
      heap.setInt(list, CAPACITY, capacity);
      view.forget(list);
      return;
    }
    long table = allocateHolding(list, Heap.NULL, Heap.NULL, ELEMENTS, capacity, -1);
    if (heap.getInt(list, CAPACITY) != size || sizeIn(state(list)) != size) {
      heap.release(table); // user code has changed the list meanwhile
      return;
    }
    if (size != 0) {
      copy(table(list), 0, table, 0, size);
    }
    heap.setInt(list, CAPACITY, capacity);
    view.forget(list);
    heap.setRefMoved(list, TABLE, table);
  }
}
