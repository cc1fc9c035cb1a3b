package org.ouroboros.collector.heap;

import java.lang.ref.Reference;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.space.AtomicWords;
import org.ouroboros.collector.space.BlockClass;
import org.ouroboros.collector.space.Words;

/**
 * Makes the objects of a shared heap: small ones of simple types, and arrays, at places that the
 * thread has ready, while the world goes on; all others in a stopped world.
 *
 * <p>Places are got under the lock, some tens at a time ({@link WarmObjects#makeReady}), and only
 * if no collection is due: else the core is asked for the next object.
 *
 * <p>Thread rule: any thread.
 */
abstract sealed class SharedAllocation extends SharedShapes permits SharedHeap {

  /** Instead of a length. */
  private static final int NO_TAIL = -1;

  SharedAllocation(HeapOptions options, boolean lends) {
    super(options, lends);
  }

  public final long allocate(ObjectType type) {
    int id = allocateQuickly(type);
    return id != 0 ? tag | Integer.toUnsignedLong(id) : allocateSlowly(type, NO_TAIL);
  }

  public final long allocate(ObjectType type, int length) {
    int id = allocateQuickly(type, length);
    if (id != 0) {
      return tag | Integer.toUnsignedLong(id);
    }
    if (length < 0) {
      throw new IllegalArgumentException(type + " with a length of " + length);
    }
    return allocateSlowly(type, length);
  }

  private long allocateSlowly(ObjectType type, int length) {
    if (!makeReady(type, length)) {
      stop();
      try {
        if (!makeReadyAlone(type, length)) {
          return allocateInCore(type, length);
        }
      } finally {
        endAllocation();
      }
      makeReady(type, length);
    }
    int id = length == NO_TAIL ? allocateQuickly(type) : allocateQuickly(type, length);
    if (id != 0) {
      return tag | Integer.toUnsignedLong(id);
    }
    stop();
    try {
      return allocateInCore(type, length);
    } finally {
      endAllocation();
    }
  }

  private long allocateInCore(ObjectType type, int length) {
    return length == NO_TAIL ? core.allocateSlowly(type) : core.allocate(type, length);
  }

  public final long allocate(ObjectType type, int length, int bytes) {
    stop();
    try {
      return core.allocate(type, length, bytes);
    } finally {
      endAllocation();
    }
  }

  // ------------------------------------------------------------------------- inside

  /** Makes an object of a simple type whose place is ready; 0 if that is not all there is to do. */
  private int allocateQuickly(ObjectType type) {
    Mutator mutator = safepoint.mutators.current();
    if (goIn(mutator)) {
      try {
        ReadyPlaces places = mutator.take(type.id());
        if (places != null) {
          int id = places.places[places.count];
          marks.bornInside(id);
          begin(id, places.info, 0);
          return id;
        }
      } finally {
        mutator.leave();
        Reference.reachabilityFence(this);
      }
    }
    return 0;
  }

  /** The same with a tail. */
  private int allocateQuickly(ObjectType type, int length) {
    Mutator mutator = safepoint.mutators.current();
    if (goIn(mutator)) {
      try {
        ReadyPlaces places = mutator.readyTail(type.id(), length);
        if (places != null && mutator.hasReady(places)) {
          mutator.take(places);
          int id = places.places[places.count];
          marks.bornInside(id);
          beginTail(id, places, length);
          return id;
        }
      } finally {
        mutator.leave();
        Reference.reachabilityFence(this);
      }
    }
    return 0;
  }

  /** Writes a new object: the header last, which others may look at already. */
  private void begin(int id, TypeInfo info, long pair) {
    long at = address(Integer.toUnsignedLong(id) << 4);
    Words.set(core.space, at + 8, pair);
    for (int offset = 16; offset < info.quickBytes; offset += 16) {
      Words.set(core.space, at + offset, 0);
      Words.set(core.space, at + offset + 8, 0);
    }
    AtomicWords.setRelease(core.space, at, info.initial);
  }

  /** The same with a tail. Who still looks at a former object there reads its length, or this. */
  private void beginTail(int id, ReadyPlaces places, int length) {
    long at = address(Integer.toUnsignedLong(id) << 4);
    for (int offset = 8; offset < places.blocks.bytes; offset += 8) {
      Words.set(core.space, at + offset, 0);
    }
    Words.setInt(core.space, at + TypeInfo.LENGTH, length);
    AtomicWords.setRelease(core.space, at, places.info.initial);
  }

  // ------------------------------------------------------------------- getting ready

  /** The core has looked whether a collection is due, or made an object: resumes. */
  abstract void endAllocation();

  /**
   * Gets places ready for objects of a type, for the calling thread, if the next object may be made
   * without a look at what is due.
   *
   * @return whether there are any; if not, the world has to be stopped
   */
  private boolean makeReady(ObjectType type, int length) {
    safepoint.lock();
    try {
      return makeReady(type, length, false);
    } finally {
      safepoint.unlock();
    }
  }

  /** The same in the stopped world. If no collection is due, all may make objects again after. */
  private boolean makeReadyAlone(ObjectType type, int length) {
    return core.store.mayBeQuick() && makeReady(type, length, true);
  }

  /** The same, for who holds the lock; {@code alone} if also the world is stopped. */
  private boolean makeReady(ObjectType type, int length, boolean alone) {
    Mutator mutator = safepoint.mutators.current();
    if (!alone && !safepoint.mutators.draw(mutator) || !mutator.hold()) {
      return false;
    }
    try {
      TypeInfo info = core.store.info(type);
      BlockClass blocks = blocks(info, length);
      if (blocks == null || core.store.isExact()) {
        return false;
      }
      ReadyPlaces places = mutator.makeReady(info, length, blocks);
      if (places.count == 0) {
        places.count = core.store.makeReady(info, blocks, places.places, mutator.owner, alone);
        core.updateLimit();
      }
      return places.count > 0;
    } catch (AllocatorException | OutOfMemoryError e) {
      return false; // the core tells what is missing
    } finally {
      mutator.unhold();
    }
  }

  // ------------------------------------------------------------------ owning a pair

  public final long allocateOwning(ObjectType type, long first, long second) {
    long one = first ^ tag;
    long other = second ^ tag;
    if (isQuick(one) && isQuick(other) && one != other) {
      int id = allocateOwningQuickly(type, one, other);
      if (id != 0) {
        return tag | Integer.toUnsignedLong(id);
      }
    }
    return allocateOwningSlowly(type, first, second);
  }

  private int allocateOwningQuickly(ObjectType type, long one, long other) {
    Mutator mutator = safepoint.mutators.current();
    if (!goIn(mutator)) {
      return 0;
    }
    try {
      ReadyPlaces places = mutator.ready(type.id());
      if (places == null
          || !places.info.beginsWithPair
          || !mutator.hasReady(places)
          || !moveIn(mutator, one, other)) {
        return 0;
      }
      mutator.take(places);
      int id = places.places[places.count];
      marks.bornInside(id);
      begin(id, places.info, TypeInfo.pair(one, other));
      return id;
    } finally {
      mutator.leave();
      Reference.reachabilityFence(this);
    }
  }

  private long allocateOwningSlowly(ObjectType type, long first, long second) {
    long one = first ^ tag;
    long other = second ^ tag;
    if (isQuick(one) && isQuick(other) && one != other) {
      if (!makeReady(type, NO_TAIL)) {
        stop();
        try {
          if (!makeReadyAlone(type, NO_TAIL)) {
            return core.allocateOwning(type, first, second);
          }
        } finally {
          endAllocation();
        }
        makeReady(type, NO_TAIL);
      }
      int id = allocateOwningQuickly(type, one, other);
      if (id != 0) {
        return tag | Integer.toUnsignedLong(id);
      }
    }
    stop();
    try {
      return core.allocateOwning(type, first, second);
    } finally {
      endAllocation();
    }
  }
}
