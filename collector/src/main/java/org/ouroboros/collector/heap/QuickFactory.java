package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectFactory;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.Tail;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.Words;

/**
 * The quick paths of {@link ConfinedHeap#allocate(ObjectType)}, {@link ConfinedHeap#allocateOwning}
 * and {@link SlotAccess#getRef} once more, with all that does not change in the components of a
 * record: of a constant record the JIT makes constants, of final fields of other classes it does
 * not. What is not quick is the heap's.
 *
 * <p>Written out on segments, as {@link SlotAccess#setRef} is: see there.
 *
 * <p>Thread rule: as the heap.
 *
 * @param heap of the objects
 * @param store the heap's
 * @param type of the objects
 * @param info the same
 * @param owner the heap's
 * @param tag the heap's
 * @param base the heap's
 * @param initial the header of a new object
 * @param bytes of the block of an object; 0 if the type or the heap is not a simple one
 * @param tracked 1 or 0
 * @param warm {@link TypeInfo#warm}, which is one array for good
 */
public record QuickFactory(
    ConfinedHeap heap,
    ObjectStore store,
    ObjectType type,
    TypeInfo info,
    @Nullable Thread owner,
    long tag,
    long base,
    long initial,
    int bytes,
    int tracked,
    int[] warm)
    implements ObjectFactory {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** Of a type that has no tail. */
  static QuickFactory of(ConfinedHeap heap, ObjectType type) {
    if (type.tail() != Tail.NONE || type == ObjectType.WEAK_REFERENCE) {
      throw new IllegalArgumentException(
          type + " has a tail, or is that of weak references: there is no factory of those");
    }
    TypeInfo info = heap.store.info(type);
    return new QuickFactory(
        heap,
        heap.store,
        type,
        info,
        heap.owner,
        heap.tag,
        heap.base,
        info.initial,
        info.quickBytes,
        info.tracked,
        info.warm);
  }

  @Override
  public long allocate() {
    if (Thread.currentThread() == owner && bytes != 0) {
      int left = info.warmCount - 1;
      if (left >= 0 && store.mayBeQuick()) {
        long id = Integer.toUnsignedLong(store.takeWarm(info, warm, left, tracked));
        MemorySegment memory = Words.ALL != null ? Words.ALL : store.space.memory();
        long object = base + (id << 4) & Words.ADDRESSES;
        memory.set(LONG, object, initial);
        memory.set(LONG, object + 8, 0);
        for (int at = 16; at < bytes; at += 16) {
          memory.set(LONG, object + at & Words.ADDRESSES, 0);
          memory.set(LONG, object + at + 8 & Words.ADDRESSES, 0);
        }
        return tag | id;
      }
    }
    return heap.allocate(type);
  }

  @Override
  public long allocateOwning(long first, long second) {
    long limit = heap.storeLimit;
    long one = first ^ tag;
    long other = second ^ tag;
    if (Thread.currentThread() == owner
        && bytes == TypeInfo.PAIR_BYTES
        && info.beginsWithPair
        && Long.compareUnsigned(one, limit) < 0
        && Long.compareUnsigned(other, limit) < 0
        && one != other) {
      MemorySegment memory = Words.ALL != null ? Words.ALL : store.space.memory();
      long oneAt = base + (one << 4) & Words.ADDRESSES;
      long otherAt = base + (other << 4) & Words.ADDRESSES;
      long oneHeader = memory.get(LONG, oneAt);
      long otherHeader = memory.get(LONG, otherAt);
      int left = info.warmCount - 1;
      if (left >= 0
          && store.mayBeQuick()
          && Header.isOwnedAlone(oneHeader)
          && Header.isOwnedAlone(otherHeader)) {
        long id = Integer.toUnsignedLong(store.takeWarm(info, warm, left, tracked));
        store.unrootedBoth();
        long object = base + (id << 4) & Words.ADDRESSES;
        memory.set(LONG, object, initial);
        memory.set(LONG, object + 8, TypeInfo.pair(one, other));
        memory.set(LONG, oneAt, oneHeader + Header.MOVED);
        memory.set(LONG, otherAt, otherHeader + Header.MOVED);
        return tag | id;
      }
    }
    return heap.allocateOwning(type, first, second);
  }

  @Override
  public long getRef(long ref, int slot) {
    long place = ((ref ^ tag) << 4) + Checks.slotOffset(slot);
    if (Thread.currentThread() == owner && Long.compareUnsigned(place, heap.quickEnd) < 0) {
      MemorySegment memory = Words.ALL != null ? Words.ALL : store.space.memory();
      int target = memory.get(INT, base + place & Words.ADDRESSES);
      return target == 0 ? Heap.NULL : tag | Integer.toUnsignedLong(target);
    }
    return heap.getRef(ref, slot);
  }
}
