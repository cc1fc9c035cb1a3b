package org.ouroboros.allocator.agrona;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.OuroborosAllocator;

/** Buffers over the default allocator. */
class AgronaBuffersTest {

  private final OuroborosAllocator allocator =
      OuroborosAllocator.builder().exactFreeChecks(true).build();
  private final AgronaBuffers buffers = new AgronaBuffers(allocator);

  @AfterEach
  void close() {
    allocator.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 64, 1000, 100_000, 3 << 20})
  void shouldAllocateBuffersOfExactlyTheCapacity(int capacity) {
    UnsafeBuffer buffer = buffers.allocate(capacity);
    assertThat(buffer.capacity()).isEqualTo(capacity);
    assertThat(buffer.addressOffset() % 16).isZero();
    if (capacity > 0) {
      buffer.putByte(capacity - 1, (byte) 5);
      assertThat(buffer.getByte(capacity - 1)).isEqualTo((byte) 5);
    }
    assertThatThrownBy(() -> buffer.putByte(capacity, (byte) 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(allocator.stats().liveBlocks()).isOne();
    buffers.free(buffer);
    assertThat(allocator.stats().liveBlocks()).isZero();
  }

  @Test
  void shouldCatchUseAfterFreeThroughTheSameBuffer() {
    UnsafeBuffer buffer = buffers.allocate(64);
    buffers.free(buffer);
    assertThat(buffer.capacity()).isZero();
    assertThatThrownBy(() -> buffer.getLong(0)).isInstanceOf(IndexOutOfBoundsException.class);
    buffers.free(buffer);
    assertThat(allocator.stats().liveBlocks()).isZero();
  }

  @Test
  void shouldZeroAndAlign() {
    UnsafeBuffer dirty = buffers.allocate(256);
    dirty.setMemory(0, 256, (byte) 0xAA);
    buffers.free(dirty);
    UnsafeBuffer zeroed = buffers.allocateZeroed(256);
    for (int i = 0; i < 256; i += Long.BYTES) {
      assertThat(zeroed.getLong(i)).isZero();
    }
    UnsafeBuffer aligned = buffers.allocateAligned(100, 4096);
    assertThat(aligned.addressOffset() % 4096).isZero();
    buffers.free(zeroed);
    buffers.free(aligned);
  }

  @Test
  void shouldResizeInAnyBufferThatWraps() {
    MutableDirectBuffer buffer = buffers.allocate(16);
    buffer.putLong(0, 42, ByteOrder.BIG_ENDIAN);
    buffers.reallocate(buffer, 100_000);
    assertThat(buffer.capacity()).isEqualTo(100_000);
    assertThat(buffer.getLong(0, ByteOrder.BIG_ENDIAN)).isEqualTo(42);
    assertThatThrownBy(() -> buffers.reallocate(buffer, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(buffer.capacity()).isEqualTo(100_000);
    buffers.free(buffer);
    buffers.reallocate(buffer, 8);
    assertThat(allocator.stats().liveBlocks()).isOne();
    buffers.free(buffer);
  }

  @Test
  void shouldGoBetweenBlocksSegmentsAndBuffers() {
    long block = allocator.malloc(32);
    UnsafeBuffer buffer = AgronaBuffers.wrap(block, 32);
    buffer.putIntVolatile(8, 7);
    MemorySegment segment = buffers.segment(buffer);
    assertThat(segment.address()).isEqualTo(block);
    assertThat(segment.byteSize()).isEqualTo(32);
    assertThat(segment.get(ValueLayout.JAVA_INT, 8)).isEqualTo(7);
    UnsafeBuffer again = AgronaBuffers.wrap(segment);
    assertThat(again.addressOffset()).isEqualTo(block);
    assertThat(again).isEqualTo(buffer);
    UnsafeBuffer part = new UnsafeBuffer(buffer, 8, 4);
    assertThat(buffers.segment(part).get(ValueLayout.JAVA_INT, 0)).isEqualTo(7);
    assertThatThrownBy(() -> buffers.free(part)).isInstanceOf(InvalidFreeException.class);
    assertThat(part.capacity()).isEqualTo(4);
    allocator.free(block);
  }

  @Test
  @SuppressWarnings("restricted")
  void shouldWrapForeignSegments() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(24);
      AgronaBuffers.wrap(segment).putByte(23, (byte) 3);
      assertThat(segment.get(ValueLayout.JAVA_BYTE, 23)).isEqualTo((byte) 3);
    }
    assertThatThrownBy(() -> AgronaBuffers.wrap(MemorySegment.ofArray(new byte[8])))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AgronaBuffers.wrap(MemorySegment.ofAddress(16).reinterpret(1L << 31)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2147483648");
  }

  @Test
  void shouldRefuseBuffersThatWrapNoBlock() {
    assertThatThrownBy(() -> buffers.free(new UnsafeBuffer(new byte[8])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("an array");
    assertThatThrownBy(() -> buffers.free(new UnsafeBuffer(ByteBuffer.allocateDirect(8))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a byte buffer");
    assertThatThrownBy(() -> buffers.segment(new ExpandableArrayBuffer()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> buffers.allocate(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
