package org.ouroboros.benchmarks.compare;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import org.ouroboros.allocator.netty.OuroborosByteBufAllocator;

/** A direct buffer of Netty, and its release. */
final class NettyPair implements Pair {

  private final ByteBufAllocator allocator;

  private NettyPair(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  static NettyPair pooled() {
    return new NettyPair(new PooledByteBufAllocator(true));
  }

  static NettyPair adaptive() {
    return new NettyPair(new AdaptiveByteBufAllocator(true));
  }

  /** The adapter over an allocator of this project. */
  static NettyPair over(String name) {
    return new NettyPair(OuroborosByteBufAllocator.of(name));
  }

  ByteBufAllocator allocator() {
    return allocator;
  }

  @Override
  public long once(int size) {
    ByteBuf buffer = allocator.directBuffer(size);
    buffer.setByte(0, 1);
    buffer.release();
    return size;
  }

  @Override
  public void close() {
    if (allocator instanceof OuroborosByteBufAllocator ours) {
      ours.close();
    }
  }
}
