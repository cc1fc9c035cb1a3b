package org.ouroboros.allocator.netty;

import io.netty.buffer.UnpooledHeapByteBuf;

/** A heap buffer: Netty's own over a Java array, counted. */
final class ArrayByteBuf extends UnpooledHeapByteBuf {

  private final OuroborosByteBufAllocator owner;

  ArrayByteBuf(OuroborosByteBufAllocator alloc, int initialCapacity, int maxCapacity) {
    // Empty first: allocateArray is called by the constructor, before there is an owner.
    super(alloc, EMPTY, maxCapacity);
    owner = alloc;
    capacity(initialCapacity);
  }

  private static final byte[] EMPTY = {};

  @Override
  protected byte[] allocateArray(int bytes) {
    byte[] array = super.allocateArray(bytes);
    owner.metric().countHeap(bytes);
    return array;
  }

  @Override
  protected void freeArray(byte[] array) {
    super.freeArray(array);
    owner.metric().countHeap(-array.length);
  }
}
