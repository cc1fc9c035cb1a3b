package org.ouroboros.allocator.netty;

import io.netty.buffer.ByteBufAllocatorTest;
import org.ouroboros.allocator.Allocators;

/** Netty's tests of any {@code ByteBufAllocator}. */
public class AllocatorSuite extends ByteBufAllocatorTest {

  @Override
  protected OuroborosByteBufAllocator newAllocator(boolean preferDirect) {
    return new OuroborosByteBufAllocator(Allocators.of(PublishedSuites.allocator()), preferDirect);
  }

  @Override
  protected boolean isDirectExpected(boolean preferDirect) {
    return preferDirect;
  }

  @Override
  protected int defaultMaxCapacity() {
    return Integer.MAX_VALUE;
  }

  @Override
  protected int defaultMaxComponents() {
    return 16;
  }
}
