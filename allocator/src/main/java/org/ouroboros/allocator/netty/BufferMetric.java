package org.ouroboros.allocator.netty;

import io.netty.buffer.ByteBufAllocatorMetric;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the buffers of an {@link OuroborosByteBufAllocator} take now. Each thread counts for itself,
 * so that counting costs next to nothing; while other threads allocate, a figure need not be of one
 * instant. The cost of a reading grows with the number of threads.
 */
@SuppressWarnings("exports") // callers require Netty for themselves
public final class BufferMetric implements ByteBufAllocatorMetric {

  private final BufferStacks direct;
  private final LongAdder heapBytes = new LongAdder();

  BufferMetric(BufferStacks direct) {
    this.direct = direct;
  }

  void countHeap(long bytes) {
    heapBytes.add(bytes);
  }

  /**
   * Bytes of the arrays of live heap buffers.
   *
   * @return bytes
   */
  @Override
  public long usedHeapMemory() {
    return heapBytes.sum();
  }

  /**
   * Bytes of the blocks of live direct buffers, as they were asked for: what the allocator rounds
   * up, and what it keeps free, its {@link org.ouroboros.allocator.Allocator#stats} tell.
   *
   * @return bytes
   */
  @Override
  public long usedDirectMemory() {
    return direct.bytes();
  }

  /**
   * How many direct buffers are live: allocated and not released.
   *
   * @return a number of buffers
   */
  public long directBuffers() {
    return direct.buffers();
  }

  @Override
  public String toString() {
    return "usedHeapMemory: "
        + usedHeapMemory()
        + "; usedDirectMemory: "
        + usedDirectMemory()
        + "; directBuffers: "
        + directBuffers();
  }
}
