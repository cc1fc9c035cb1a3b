package org.ouroboros.collector.heap;

import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.space.BlockClass;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.Words;

/**
 * The quick ways to make and free objects of simple types, and the places that are kept
 * <i>warm</i> for them: of the last few of each type that died in generation 0, or untracked.
 *
 * <p>Warm places keep their side bits, which are what the next object of the type needs, so that
 * making it is a matter of its header and fields alone. {@link #settle} ends that: it is called
 * before anything looks at side bits other than those of an object that exists, and nothing is kept
 * warm while a collection runs, see {@link #setExact}.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class WarmObjects extends ObjectCounters permits ObjectStore {

  /** How many objects of a type may be kept warm now. */
  private int warmRoom = TypeInfo.WARM;

  WarmObjects(ObjectSpace space, Faults faults, ByteGrant grant, boolean quick) {
    super(space, faults, grant, quick);
  }

  // ------------------------------------------------------------------------- making

  /**
   * Makes an object as {@link ObjectStore#create}, if the type is a simple one, a block is at hand,
   * and nothing else is to be done.
   *
   * @return its id; 0 if it is not that simple: nothing has been done then
   */
  final int quickCreate(ObjectType type) {
    return quickCreate(type, 0);
  }

  /**
   * The same, with the first two references.
   *
   * @param pair the word that has them; 0 for an object without references
   */
  final int quickCreate(ObjectType type, long pair) {
    int number = type.id();
    if (number >= types.length || netAllocations >= quickDue) {
      return 0;
    }
    TypeInfo info = types[number];
    if (info == null || pair != 0 && !info.beginsWithPair) {
      return 0;
    }
    int left = info.warmCount - 1;
    if (left < 0) {
      left = warmUp(info) - 1;
      if (left < 0) {
        return createFromBlock(info, pair);
      }
    }
    info.warmCount = left;
    int id = info.warm[left];
    begin(id, info, pair);
    return id;
  }

  /**
   * Takes one of the places that are ready.
   *
   * @param warm those of the type
   * @param left how many are left
   * @param tracked whether objects of the type are, 1 or 0
   * @return the id
   */
  final int takeWarm(TypeInfo info, int[] warm, int left, int tracked) {
    info.warmCount = left;
    netAllocations += tracked;
    return warm[left & TypeInfo.WARM - 1];
  }

  /** Gets some places for objects of a type ready; returns how many. */
  private int warmUp(TypeInfo info) {
    BlockClass blocks = info.quick;
    return blocks == null || !hasRoomFor(blocks)
        ? 0
        : made(info, blocks, blocks.takeSome(info.warm, info.tracked != 0));
  }

  /** Whether as many objects may be made as are kept warm of a type. */
  private boolean hasRoomFor(BlockClass blocks) {
    return warmRoom != 0 && bytesLeft >= (long) TypeInfo.WARM * blocks.bytes;
  }

  /**
   * Gets places ready for new objects of a type, as if they were made.
   *
   * @param blocks of what size
   * @param owner see {@link BlockClass#takeUnits}
   * @param alone whether the world is stopped
   * @return how many; 0 if there is no memory, or the type is no simple one
   */
  final int makeReady(
      TypeInfo info, BlockClass blocks, int[] places, byte owner, boolean alone) {
    if (!hasRoomFor(blocks)) {
      return 0;
    }
    int count = blocks.takeUnits(places, info.tracked != 0, owner);
    if (count == 0 && space.provide(blocks, alone)) {
      count = blocks.takeUnits(places, info.tracked != 0, owner);
    }
    return made(info, blocks, count);
  }

  /**
   * Makes an object as {@link #quickCreate} while an incremental collection is under way, whose
   * side bits are exact.
   */
  final int createInCycle(ObjectType type) {
    int number = type.id();
    TypeInfo info = number < types.length ? types[number] : null;
    return info == null || netAllocations >= due || crowded ? 0 : createFromBlock(info, 0);
  }

  private int createFromBlock(TypeInfo info, long pair) {
    BlockClass blocks = info.quick;
    if (blocks == null || bytesLeft < blocks.bytes) {
      return 0;
    }
    int id = blocks.poll();
    if (id != 0) {
      bytesLeft -= blocks.bytes;
      live++;
      allocations++;
      begin(id, info, pair);
      sides.born(id, info.tracked != 0);
      born(info.tracked);
    }
    return id;
  }

  private void begin(int id, TypeInfo info, long pair) {
    netAllocations += info.tracked;
    long object = Words.address(base, Integer.toUnsignedLong(id) << 4);
    Words.set(space, object, info.initial);
    Words.set(space, object + 8, pair);
    for (int at = 16; at < info.quickBytes; at += 16) {
      Words.set(space, object + at, 0);
      Words.set(space, object + at + 8, 0);
    }
  }

  // ------------------------------------------------------------------------- freeing

  /**
   * Lets an object of the quick limit die whose counts are 0, if its type is a simple one, nobody
   * has taken an interest in it, and its slots are null.
   *
   * @return false if it is not that simple: nothing has been done then
   */
  final boolean quickFree(int id, long header) {
    int number = Header.type(header);
    TypeInfo info = number < types.length ? types[number] : null;
    if (info == null || header != info.dead) {
      return false;
    }
    if (info.refers(space, Words.address(base, Integer.toUnsignedLong(id) << 4))) {
      return false;
    }
    netAllocations = Math.max(0, netAllocations - info.tracked);
    int count = info.warmCount;
    if (count < warmRoom && (info.tracked == 0 || sides.isYoungest(id))) {
      allocations++;
      info.warm[count] = id;
      info.warmCount = count + 1;
    } else {
      freeBlock(id, info);
    }
    return true;
  }

  final void freeBlock(int id, TypeInfo info) {
    sides.died(id);
    Words.set(space, Words.address(base, Integer.toUnsignedLong(id) << 4), 0);
    live--;
    bytesLeft += info.quickBytes;
    BlockClass blocks = info.quick;
    if (blocks != null) {
      blocks.give(id);
    }
  }

  /**
   * Takes back dead objects of a simple type whose ids are in one word; for those that are not just
   * places that were kept ready, the net allocations are counted by the caller.
   *
   * @param word the ids divided by {@value Long#SIZE}
   * @param ids the bits of their remainders
   */
  private void freeBlocks(BlockClass blocks, int word, long ids) {
    int count = Long.bitCount(ids);
    live -= count;
    bytesLeft += (long) count * blocks.bytes;
    sides.died(word, ids);
    blocks.give(word, ids);
  }

  /** Ends objects as {@link ObjectStore#freePlain(int, long)}, whose ids are in one word. */
  final void freePlain(TypeInfo info, int word, long ids) {
    BlockClass blocks = info.quick;
    if (blocks != null) {
      netAllocations = Math.max(0, netAllocations - info.tracked * Long.bitCount(ids));
      freeBlocks(blocks, word, ids);
    }
  }

  /** Takes places back that were ready for new objects, or whose objects are dead. */
  final void freeReady(BlockClass blocks, int[] places, int count) {
    allocations -= count;
    freeDead(blocks, places, count);
  }

  /** Takes the places of dead objects of a simple type back. */
  final void freeDead(BlockClass blocks, int[] places, int count) {
    int word = 0;
    long ids = 0;
    for (int i = 0; i < count; i++) {
      int id = places[i];
      if (id >>> 6 != word && ids != 0) {
        freeBlocks(blocks, word, ids);
        ids = 0;
      }
      word = id >>> 6;
      ids |= 1L << id;
    }
    if (ids != 0) {
      freeBlocks(blocks, word, ids);
    }
  }

  // ----------------------------------------------------------------- exact side bits

  /** Makes the side bits exact: no place without an object has any. */
  final void settle() {
    if (caches != null) {
      caches.settle();
    }
    for (TypeInfo info : types) {
      if (info != null && info.warmCount > 0) {
        settle(info);
      }
    }
  }

  private void settle(TypeInfo info) {
    BlockClass blocks = info.quick;
    int count = info.warmCount;
    info.warmCount = 0;
    if (blocks != null) {
      freeReady(blocks, info.warm, count);
    }
  }

  /** From now on, or no longer, the side bits are exact at any time. */
  public final void setExact(boolean exact) {
    warmRoom = exact ? 0 : TypeInfo.WARM;
    settle();
    if (!exact) {
      bytesLeft -= grant.lessOf(bytesLeft);
    }
  }

  /** Whether that is so: a collection runs, or the heap is being closed. */
  final boolean isExact() {
    return warmRoom == 0;
  }
}
