package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.FinalizerKind;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SideTables;

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

  /** The types that objects were made of, by their id. */
  private @Nullable TypeInfo[] types = new TypeInfo[64];

  private long liveObjects;
  private long liveBytes;
  private long allocations;

  /** Tracked objects made less freed since the collector last set it to 0. */
  private int netAllocations;

  /**
   * Makes a store.
   *
   * @param limitBytes how many bytes all objects together may take
   * @param quarantined how many freed places are kept from being used again at once
   */
  ObjectStore(ObjectSpace space, Faults faults, long limitBytes, int quarantined) {
    this.space = space;
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
      TypeInfo info = new TypeInfo(type);
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
    if (block > limitBytes - liveBytes) {
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
    memory.set(LONG, object, Header.initial(info.type.id(), info.flags));
    boolean tracked = (info.flags & Header.TRACKED) != 0;
    sides.born(id, tracked);
    allocations++;
    liveObjects++;
    liveBytes += block;
    netAllocations += tracked ? 1 : 0;
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
    liveObjects--;
    liveBytes -= space.blockBytes(info.size(memory, object), info.alignment);
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
    return liveObjects;
  }

  public long liveBytes() {
    return liveBytes;
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
