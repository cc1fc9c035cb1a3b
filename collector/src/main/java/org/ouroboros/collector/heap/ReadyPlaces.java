package org.ouroboros.collector.heap;

import java.util.Arrays;
import org.ouroboros.collector.space.BlockClass;
import org.ouroboros.collector.space.Header;

/**
 * Places that one thread keeps ready for new objects of one simple type, and those of objects that
 * it has let die and whose side bits are not those of new ones. Of a type with a tail they are all
 * of one size; then whatever length is read there the references are null, or of such an object.
 *
 * <p>The first are as {@link ObjectStore}'s warm ones: they have the side bits of a new object, and
 * a header without counts. The others ({@code old}) wait to be taken back together.
 *
 * <p>Thread rule: as the {@link Mutator} it belongs to.
 */
final class ReadyPlaces {

  final TypeInfo info;
  final BlockClass blocks;

  /** The header of an object whose counts are 0 and that is simple to free. */
  final long dead;

  /** {@link TypeInfo#tracked}. */
  final int tracked;

  final int[] places = new int[TypeInfo.WARM];
  int count;

  private final int[] old = new int[TypeInfo.WARM];
  private int oldCount;

  ReadyPlaces(TypeInfo info, BlockClass blocks) {
    this.info = info;
    this.blocks = blocks;
    this.dead = info.initial - Header.EXTERNAL_ONE;
    this.tracked = info.tracked;
  }

  /** Whether one more dead object can be kept, whatever its generation is. */
  boolean hasRoom() {
    return count < TypeInfo.WARM && oldCount < TypeInfo.WARM;
  }

  void addOld(int id) {
    old[oldCount++] = id;
  }

  /** How many objects the store takes for live ones because of these. */
  int objects() {
    return count + oldCount;
  }

  /** Gives the older half back, and all that are not ready. For who holds the lock. */
  void makeRoom(ObjectStore store) {
    store.freeDead(blocks, old, oldCount);
    oldCount = 0;
    int half = count / 2;
    store.freeReady(blocks, places, half);
    count -= half;
    System.arraycopy(places, half, places, 0, count);
    Arrays.fill(places, count, count + half, 0);
  }

  /** Gives all back. For who holds the lock. */
  void settle(ObjectStore store) {
    store.freeDead(blocks, old, oldCount);
    oldCount = 0;
    store.freeReady(blocks, places, count);
    count = 0;
  }
}
