package org.ouroboros.collector.cycle;

import java.util.Arrays;
import org.agrona.collections.IntHashSet;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.collector.Garbage;
import org.ouroboros.collector.heap.ConfinedHeap;

/**
 * What was found unreachable and is not freed. The list owns a reference to each.
 *
 * <p>Thread rule: as the heap.
 */
final class GarbageList implements Garbage {

  private final ConfinedHeap heap;
  private int[] ids = new int[16];
  private int size;
  private final IntHashSet listed = new IntHashSet();

  GarbageList(ConfinedHeap heap) {
    this.heap = heap;
  }

  /** Adds an object; leaves it out if there is no memory for that. */
  void add(int id) {
    if (listed.contains(id)) {
      return;
    }
    try {
      if (size == ids.length) {
        heap.store().faults.request("the garbage list", 4L * size);
        ids = Arrays.copyOf(ids, size * 2);
      }
      listed.add(id);
      heap.ownInternally(id);
      ids[size++] = id;
    } catch (AllocatorException | OutOfMemoryError e) {
      // It survives without being listed, and is found again.
      listed.remove(id);
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long get(int index) {
    heap.checkReadable();
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(
          "entry " + index + " of " + size + " in the garbage list");
    }
    return heap.reference(ids[index]);
  }

  @Override
  public boolean remove(long ref) {
    heap.checkMutable();
    int index = indexOf(heap.liveId(ref));
    if (index < 0) {
      return false;
    }
    int id = ids[index];
    System.arraycopy(ids, index + 1, ids, index, size - index - 1);
    size--;
    listed.remove(id);
    heap.disownInternally(id);
    return true;
  }

  private int indexOf(int id) {
    for (int i = 0; i < size; i++) {
      if (ids[i] == id) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public void clear() {
    heap.checkMutable();
    while (size > 0) {
      int id = ids[--size];
      listed.remove(id);
      heap.disownInternally(id);
    }
  }

  @Override
  public long[] toArray() {
    heap.checkReadable();
    long[] all = new long[size];
    for (int i = 0; i < size; i++) {
      all[i] = heap.reference(ids[i]);
    }
    return all;
  }
}
