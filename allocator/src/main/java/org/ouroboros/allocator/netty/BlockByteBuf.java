package org.ouroboros.allocator.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A direct buffer that is a block of an allocator, from allocation to release and to the next
 * allocation: released ones wait in a {@link BufferStack} with a reference count of 0, so that a
 * second release, or any other use, fails as it does for every released buffer.
 *
 * <p>The block grows with the buffer and never shrinks: a slice that was made before the capacity
 * was reduced stays within the block.
 */
final class BlockByteBuf extends TransferByteBuf {

  private final OuroborosByteBufAllocator alloc;

  private int capacity;

  /** Bytes of the block, at least the capacity. */
  private int blockSize;

  /** Over all of the block, made when it is first asked for. */
  private @Nullable ByteBuffer internal;

  /** The stack that it came from, or would go to if its owner releases it. */
  BufferStack home;

  BlockByteBuf(OuroborosByteBufAllocator alloc, BufferStack home) {
    this.alloc = alloc;
    this.home = home;
  }

  // --------------------------------------------------------------- its life

  /** Begins the first life, in which the reference count is 1 already. */
  void begin(long address, int capacity, int maxCapacity) {
    maxCapacity(maxCapacity);
    hold(address, capacity);
  }

  /** Begins another life: a buffer that was released becomes one that was just made. */
  void beginAgain(long address, int capacity, int maxCapacity) {
    clear();
    markReaderIndex();
    markWriterIndex();
    begin(address, capacity, maxCapacity);
    resetRefCnt(); // last: it publishes the rest
  }

  private void hold(long address, int size) {
    this.address = address;
    this.capacity = size;
    this.blockSize = size;
    if (internal != null) {
      internal = null;
    }
    if (ALL == null) {
      segment = alloc.allocator().segment(address, size);
    }
  }

  @Override
  protected void deallocate() {
    alloc.release(this, address, blockSize);
  }

  // ------------------------------------------------------------------ capacity

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public ByteBuf capacity(int newCapacity) {
    checkNewCapacity(newCapacity);
    if (newCapacity > blockSize) {
      hold(alloc.resize(address, blockSize, newCapacity), newCapacity);
    } else {
      capacity = newCapacity;
      trimIndicesToCapacity(newCapacity);
    }
    return this;
  }

  @Override
  public int maxFastWritableBytes() {
    return Math.min(blockSize, maxCapacity()) - writerIndex();
  }

  @Override
  public ByteBufAllocator alloc() {
    return alloc;
  }

  // -------------------------------------------------------------- byte buffers

  @Override
  public ByteBuffer nioBuffer(int index, int length) {
    checkIndex(index, length);
    return view(index, length);
  }

  @Override
  public ByteBuffer internalNioBuffer(int index, int length) {
    checkIndex(index, length);
    ByteBuffer whole = internal;
    if (whole == null) {
      whole = view(0, blockSize);
      internal = whole;
    }
    return whole.limit(index + length).position(index);
  }

  private ByteBuffer view(int index, int length) {
    MemorySegment memory = memory();
    return memory.asSlice(at(index), length).asByteBuffer();
  }
}
