package org.ouroboros.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufTest;
import io.netty.buffer.ByteBuf;
import org.ouroboros.allocator.Allocators;

/** Netty's tests of any buffer, on direct ones. */
public class DirectBufferSuite extends AbstractByteBufTest {

  private static final OuroborosByteBufAllocator ALLOCATOR =
      new OuroborosByteBufAllocator(Allocators.of(PublishedSuites.allocator()));

  @Override
  protected ByteBuf newBuffer(int capacity, int maxCapacity) {
    ByteBuf buffer = ALLOCATOR.directBuffer(capacity, maxCapacity);
    assertThat(buffer.isDirect() || capacity == 0).isTrue();
    assertThat(buffer.writerIndex()).isZero();
    return buffer;
  }
}
