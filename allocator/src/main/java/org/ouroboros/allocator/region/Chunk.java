package org.ouroboros.allocator.region;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A piece of memory that blocks are cut from, from its beginning to its end.
 *
 * <p>A block with its header:
 *
 * <pre>
 *   | padding for alignment | size: 8 | room: 8 | block: room bytes |
 *                           ^ where the top returns when it is freed
 * </pre>
 *
 * Size is what was asked for; room is that rounded up to 16, and more if the block has shrunk.
 *
 * <p>Protocol. The top is one word. Cutting raises it by compare-and-set and writes the header
 * afterwards, so a block is its allocator's alone; giving back the last block lowers it from the
 * block's end to its header, and growing the last block raises it, both by compare-and-set, which
 * fails if the block is not the last one any more. Only who owns a block does either, so a top that
 * went up and came back in between is the same as one that stayed.
 *
 * <p>Thread rule: any thread; headers as their blocks.
 */
final class Chunk {

  static final long HEADER = 16;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final long NONE = 0;

  private final MemorySegment memory;
  private final long base;
  private final long end;
  private final AtomicLong top;

  /** Gives the memory back. */
  final Runnable release;

  /**
   * Makes one.
   *
   * @param memory at an address that is a multiple of 16
   */
  Chunk(MemorySegment memory, Runnable release) {
    this.memory = memory;
    this.base = memory.address();
    this.end = base + memory.byteSize();
    this.top = new AtomicLong(base);
    this.release = release;
  }

  /** A chunk in which there is no room. */
  static Chunk empty() {
    return new Chunk(MemorySegment.NULL, () -> {});
  }

  /** The bytes that a block takes at the most, wherever the top is. */
  static long bytesFor(long alignment, long size) {
    return HEADER + roomFor(size) + alignment - Math.min(alignment, HEADER);
  }

  private static long roomFor(long size) {
    return Math.max(size, 1) + 15 & -16;
  }

  /**
   * Cuts a block.
   *
   * @return its address; 0 if there is no room
   */
  long cut(long alignment, long size) {
    long room = roomFor(size);
    while (true) {
      long before = top.get();
      long address = (before + HEADER + alignment - 1) & -alignment;
      if (room > end - address) {
        return NONE;
      }
      if (top.compareAndSet(before, address + room)) {
        writeHeader(address, size, room);
        return address;
      }
    }
  }

  /** Lowers the top if this is the last block. */
  void giveBack(long address) {
    if (contains(address)) {
      top.compareAndSet(address + room(address), address - HEADER);
    }
  }

  /**
   * Resizes a block where it is.
   *
   * @return false if there is no room for that
   */
  boolean resize(long address, long size) {
    long room = room(address);
    if (size <= room) {
      writeHeader(address, size, room);
      return true;
    }
    long wanted = roomFor(size);
    if (size > end - address
        || wanted > end - address
        || !top.compareAndSet(address + room, address + wanted)) {
      return false;
    }
    writeHeader(address, size, wanted);
    return true;
  }

  /** Whether a block can begin there. */
  boolean contains(long address) {
    return address - base >= HEADER && address - base < memory.byteSize();
  }

  long bytes() {
    return memory.byteSize();
  }

  /** The size that a block was asked for. */
  long size(long address) {
    return memory.get(LONG, address - HEADER - base);
  }

  private long room(long address) {
    return memory.get(LONG, address - HEADER + 8 - base);
  }

  private void writeHeader(long address, long size, long room) {
    memory.set(LONG, address - HEADER - base, size);
    memory.set(LONG, address - HEADER + 8 - base, room);
  }

  MemorySegment segment(long address, long size) {
    return memory.asSlice(address - base, size);
  }
}
