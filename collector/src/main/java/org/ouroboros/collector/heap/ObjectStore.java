package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.FinalizerKind;
import org.ouroboros.collector.space.BlockClass;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SideTables;
import org.ouroboros.collector.space.Words;

/**
 * Makes and unmakes objects on a space, and reads and writes their headers and slots. Knows nothing
 * of counting or collecting.
 *
 * <p>Invariant: an id has its LIVE bit from {@link #create} until its death; the header of every
 * place that has no object is 0.
 *
 * <p>Thread rule: as the heap.
 */
public final class ObjectStore {

  public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  public final ObjectSpace space;
  public final SideTables sides;
  public final Faults faults;
  private final long limitBytes;
  private final @Nullable Quarantine quarantine;

  /** Of the space. */
  private final long base;

  /** Whether small objects of simple types may be made and freed without a look at options. */
  private final boolean quick;

  /** The types that objects were made of, by their id. */
  private @Nullable TypeInfo[] types = new TypeInfo[64];

  private long allocations;
  private long frees;

  /** What new objects may still take. */
  private long bytesLeft;

  /** Tracked objects made less freed since the collector last set it to 0. */
  private int netAllocations;

  /** How many of them make the collector look whether a collection is due. */
  private int due = Integer.MAX_VALUE;

  /** Whether every allocation is to be looked at. */
  private boolean watched;

  /** Quick allocations end when there are so many net allocations: {@link #due}, or 0. */
  private int quickDue = Integer.MAX_VALUE;

  /**
   * Makes a store.
   *
   * @param limitBytes how many bytes all objects together may take
   * @param quarantined how many freed places are kept from being used again at once
   * @param quick whether nobody is told, in any way, when simple objects are made and freed
   */
  ObjectStore(ObjectSpace space, Faults faults, long limitBytes, int quarantined, boolean quick) {
    this.space = space;
    this.base = space.base();
    this.quick = quick;
    this.bytesLeft = limitBytes;
    this.sides = space.sides();
    this.faults = faults;
    this.limitBytes = limitBytes;
    this.quarantine = quarantined == 0 ? null : new Quarantine(space, quarantined);
  }

  // ------------------------------------------------------------------------- types

  TypeInfo info(ObjectType type) {
    int id = type.id();
    TypeInfo info = id < types.length ? types[id] : null;
    return info != null ? info : register(type);
  }

  private TypeInfo register(ObjectType type) {
    faults.request("the table of types", 4);
    try {
      if (type.id() >= types.length) {
        types = Arrays.copyOf(types, Math.max(type.id() + 1, types.length * 2));
      }
      BlockClass blocks = quick ? space.blocks(type.fixedBytes(), type.alignment()) : null;
      TypeInfo info = new TypeInfo(type, blocks);
      types[type.id()] = info;
      return info;
    } catch (OutOfMemoryError e) {
      throw Faults.javaHeap("the table of types", e);
    }
  }

  /** The type of the object that has a header. */
  public TypeInfo info(long header) {
    TypeInfo info = infoOrNull(header);
    if (info == null) {
      throw new IllegalStateException("header 0x" + Long.toHexString(header) + " has no type");
    }
    return info;
  }

  /** The type of an object; null if there is none of that id, or its place was overwritten. */
  public @Nullable TypeInfo infoOrNull(long header) {
    int type = Header.type(header);
    return type < types.length ? types[type] : null;
  }

  // ----------------------------------------------------------------------- objects

  /**
   * Makes an object with an external count of 1, zero fields and null slots.
   *
   * @throws org.ouroboros.allocator.AllocatorException if there is no memory; nothing has changed
   */
  int create(TypeInfo info, int length, int bytes) {
    long size = info.size(length, bytes);
    long block = space.blockBytes(size, info.alignment);
    if (block > bytesLeft) {
      throw new AllocationFailedException("heap", size, "its limit is reached", null);
    }
    int id = space.allocate(size, info.alignment);
    if (info.finalizer != null) {
      number(id);
    }
    MemorySegment memory = space.memory();
    long object = space.offset(id);
    switch (info.tail) {
      case NONE -> {
        // no length
      }
      case REFERENCES_AND_BYTES -> {
        memory.set(INT, object + TypeInfo.LENGTH, length);
        memory.set(INT, object + TypeInfo.BYTE_LENGTH, bytes);
      }
      default -> memory.set(INT, object + TypeInfo.LENGTH, length);
    }
    memory.set(LONG, object, info.initial);
    sides.born(id, info.tracked != 0);
    allocations++;
    bytesLeft -= block;
    netAllocations += info.tracked;
    return id;
  }

  private void number(int id) {
    try {
      faults.request("the order of creation", 4);
      sides.number(id);
    } catch (AllocationFailedException | OutOfMemoryError e) {
      space.free(id);
      throw e instanceof AllocationFailedException failure
          ? failure
          : Faults.javaHeap("the order of creation", e);
    }
  }

  /** Takes the memory of an object back whose side bits are cleared. Needs no memory. */
  public void free(int id) {
    MemorySegment memory = space.memory();
    long object = space.offset(id);
    long header = memory.get(LONG, object);
    TypeInfo info = info(header);
    frees++;
    bytesLeft += space.blockBytes(info.size(memory, object), info.alignment);
    if ((header & Header.TRACKED) != 0 && netAllocations > 0) {
      netAllocations--;
    }
    memory.set(LONG, object, 0);
    if (quarantine != null) {
      quarantine.add(id);
    } else {
      space.free(id);
    }
  }

  // ------------------------------------------------------------------- quick paths

  /**
   * Makes an object as {@link #create}, if the type is a simple one, a block is at hand, and
   * nothing else is to be done.
   *
   * @return its id; 0 if it is not that simple: nothing has been done then
   */
  int quickCreate(ObjectType type) {
    int number = type.id();
    if (number >= types.length || netAllocations >= quickDue) {
      return 0;
    }
    TypeInfo info = types[number];
    BlockClass blocks = info == null ? null : info.quick;
    if (info == null || blocks == null || bytesLeft < blocks.bytes) {
      return 0;
    }
    int id = blocks.poll();
    if (id != 0) {
      bytesLeft -= blocks.bytes;
      allocations++;
      netAllocations += info.tracked;
      long object = Integer.toUnsignedLong(id) << 4;
      Words.set(space, base, object, info.initial);
      Words.set(space, base, object + 8, 0);
      for (long at = 16; at < blocks.bytes; at += 16) {
        Words.set(space, base, object + at, 0);
        Words.set(space, base, object + at + 8, 0);
      }
      sides.born(id, info.tracked != 0);
    }
    return id;
  }

  /**
   * Lets an object of the quick limit die whose counts are 0, if its type is a simple one, nobody
   * has taken an interest in it, and its slots are null.
   *
   * @return false if it is not that simple: nothing has been done then
   */
  boolean quickFree(int id, long header) {
    TypeInfo info = infoOrNull(header);
    BlockClass blocks = info == null ? null : info.quick;
    if (info == null || blocks == null || header != info.initial - Header.EXTERNAL_ONE) {
      return false;
    }
    long object = Integer.toUnsignedLong(id) << 4;
    int any = 0;
    for (int i = 0; i < info.fixedReferences(); i++) {
      any |= Words.getInt(space, base, object + info.slotOffset(i));
    }
    if (any != 0) {
      return false;
    }
    if (!sides.diedYoung(id, info.tracked != 0)) {
      sides.died(id);
    }
    Words.set(space, base, object, 0);
    frees++;
    bytesLeft += blocks.bytes;
    netAllocations = Math.max(0, netAllocations - info.tracked);
    blocks.give(id);
    return true;
  }

  /** Sets how many net allocations of tracked objects make a collection due. */
  public void setDue(int count) {
    due = count;
    updateDue();
  }

  /** Whether every allocation has to be looked at, be a collection due or not. */
  void setWatched(boolean watched) {
    this.watched = watched;
    updateDue();
  }

  private void updateDue() {
    quickDue = watched ? 0 : due;
  }

  /** Makes all places usable again that were freed. */
  void endQuarantine() {
    if (quarantine != null) {
      quarantine.end();
    }
  }

  public long header(int id) {
    return space.memory().get(LONG, space.offset(id));
  }

  public void setHeader(int id, long header) {
    space.memory().set(LONG, space.offset(id), header);
  }

  /**
   * An object lives on that was about to be freed: what is done at every death will be done again.
   */
  public void renewFlags(int id) {
    long header = header(id);
    TypeInfo info = info(header);
    long renewed = header | info.flags & Header.CUSTOM;
    setHeader(
        id,
        info.finalizerKind == FinalizerKind.EVERY_DEATH ? renewed & ~Header.FINALIZED : renewed);
  }

  public void setFlag(int id, long flag) {
    setHeader(id, header(id) | flag);
  }

  public void clearFlag(int id, long flag) {
    setHeader(id, header(id) & ~flag);
  }

  /** An int of an object. */
  public int get(int id, long offset) {
    return space.memory().get(INT, space.offset(id) + offset);
  }

  public void set(int id, long offset, int value) {
    space.memory().set(INT, space.offset(id) + offset, value);
  }

  // ---------------------------------------------------------------------- counters

  public long liveObjects() {
    return allocations - frees;
  }

  public long liveBytes() {
    return limitBytes - bytesLeft;
  }

  public long allocations() {
    return allocations;
  }

  public long limitBytes() {
    return limitBytes;
  }

  public int netAllocations() {
    return netAllocations;
  }

  public void resetNetAllocations() {
    netAllocations = 0;
  }
}
