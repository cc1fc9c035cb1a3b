package org.ouroboros.allocator.netty;

import io.netty.buffer.AbstractByteBufTest;
import io.netty.buffer.ByteBuf;
import org.ouroboros.allocator.Allocators;

/** Netty's tests of any buffer, on heap ones. */
public class HeapBufferSuite extends AbstractByteBufTest {

  private static final OuroborosByteBufAllocator ALLOCATOR =
      new OuroborosByteBufAllocator(Allocators.of(PublishedSuites.allocator()));

  @Override
  protected ByteBuf newBuffer(int capacity, int maxCapacity) {
    return ALLOCATOR.heapBuffer(capacity, maxCapacity);
  }
}
