package org.ouroboros.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ResourceLeakDetector;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.OuroborosAllocator;

/** What Netty's published tests do not ask: blocks, threads, buffers used again, bad input. */
class OuroborosByteBufAllocatorTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final OuroborosAllocator blocks = OuroborosAllocator.create();
  private final OuroborosByteBufAllocator allocator = new OuroborosByteBufAllocator(blocks);
  private ResourceLeakDetector.Level level;

  @BeforeEach
  void detectNoLeaks() {
    level = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  @AfterEach
  void close() {
    ResourceLeakDetector.setLevel(level);
    blocks.close();
  }

  // --------------------------------------------------------------------- blocks

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 64, 1000, 16_384, 100_000, 40_000_000})
  void shouldBeABlockOfTheAllocator(int size) {
    ByteBuf buffer = allocator.directBuffer(size);
    assertThat(buffer.memoryAddress() % Allocator.MIN_ALIGNMENT).isZero();
    assertThat(blocks.usableSize(buffer.memoryAddress())).isGreaterThanOrEqualTo(size);
    assertThat(blocks.stats().liveBlocks()).isEqualTo(1);
    assertThat(allocator.metric().directBuffers()).isEqualTo(1);
    assertThat(allocator.metric().usedDirectMemory()).isEqualTo(size);
    assertThat(buffer.release()).isTrue();
    assertThat(blocks.stats().liveBlocks()).isZero();
    assertThat(allocator.metric().directBuffers()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void shouldKeepContentWhenItGrows() {
    ByteBuf buffer = allocator.directBuffer(8, 1 << 20).writeLong(0x0102030405060708L);
    ByteBuf slice = buffer.slice(0, 8);
    buffer.internalNioBuffer(0, 8);
    buffer.capacity(1 << 20);
    assertThat(buffer.getLong(0)).isEqualTo(0x0102030405060708L);
    assertThat(slice.getLongLE(0)).isEqualTo(0x0807060504030201L);
    assertThat(buffer.internalNioBuffer(0, 1 << 20).getLong()).isEqualTo(0x0102030405060708L);
    assertThat(allocator.metric().usedDirectMemory()).isEqualTo(1 << 20);
    buffer.release();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void shouldKeepItsBlockWhenItShrinks() {
    ByteBuf buffer = allocator.directBuffer(40_000_000).setByte(39_999_999, 7);
    long address = buffer.memoryAddress();
    ByteBuf slice = buffer.slice(0, 40_000_000);
    buffer.capacity(16);
    assertThatThrownBy(() -> buffer.getByte(16)).isInstanceOf(IndexOutOfBoundsException.class);
    // a slice from before is not told, and must not lead out of the block
    assertThat(slice.getByte(39_999_999)).isEqualTo((byte) 7);
    assertThat(buffer.capacity(40_000_000).memoryAddress()).isEqualTo(address);
    buffer.release();
  }

  @Test
  void shouldCountHeapBuffers() {
    ByteBuf buffer = allocator.heapBuffer(100);
    assertThat(buffer.hasArray()).isTrue();
    assertThat(allocator.metric().usedHeapMemory()).isEqualTo(100);
    buffer.capacity(1000);
    assertThat(allocator.metric().usedHeapMemory()).isEqualTo(1000);
    assertThat(allocator.metric().toString()).contains("usedHeapMemory: 1000", "directBuffers: 0");
    buffer.release();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  // ----------------------------------------------------------- buffers used again

  @Test
  void shouldRefuseEveryUseOfAReleasedBuffer() {
    ByteBuf buffer = allocator.directBuffer(16);
    ByteBuf slice = buffer.slice();
    buffer.release();
    Class<? extends Exception> refused = IllegalReferenceCountException.class;
    assertThatThrownBy(buffer::release).isInstanceOf(refused);
    assertThatThrownBy(buffer::retain).isInstanceOf(refused);
    assertThatThrownBy(buffer::memoryAddress).isInstanceOf(refused);
    assertThatThrownBy(() -> buffer.getByte(0)).isInstanceOf(refused);
    assertThatThrownBy(() -> buffer.writeInt(1)).isInstanceOf(refused);
    assertThatThrownBy(() -> buffer.capacity(8)).isInstanceOf(refused);
    assertThatThrownBy(() -> slice.getByte(0)).isInstanceOf(refused);
    assertThat(blocks.stats().liveBlocks()).isZero();
  }

  @Test
  void shouldBeginAnewWhenItIsUsedAgain() {
    ByteBuf first = allocator.directBuffer(16, 32).writeLong(1);
    first.readInt();
    first.markReaderIndex().markWriterIndex();
    first.release();
    ByteBuf second = allocator.directBuffer(64, 100);
    assertThat(second).isSameAs(first);
    assertThat(second.refCnt()).isEqualTo(1);
    assertThat(second.capacity()).isEqualTo(64);
    assertThat(second.maxCapacity()).isEqualTo(100);
    assertThat(second.readerIndex()).isZero();
    assertThat(second.writerIndex()).isZero();
    second.writeInt(1).resetReaderIndex().resetWriterIndex();
    assertThat(second.writerIndex()).isZero();
    second.release();
  }

  @Test
  void shouldNeverHandOutALiveBuffer() {
    List<ByteBuf> live = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 3 * BufferStack.LIMIT; i++) {
        live.add(allocator.directBuffer(4).writeInt(live.size()));
      }
      for (int i = 0; i < live.size(); i++) {
        assertThat(live.get(i).getInt(0)).isEqualTo(i);
      }
      live.forEach(ByteBuf::release);
      live.clear();
    }
  }

  @Test
  void shouldMakeNoGarbage() {
    pairs(200_000);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    pairs(200_000);
    // a reading itself, and what the compiler's events may make
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
  }

  private void pairs(int times) {
    for (int i = 0; i < times; i++) {
      ByteBuf buffer = allocator.directBuffer(64);
      buffer.setLong(0, i);
      buffer.release();
    }
  }

  /** The leak detector sees a lost buffer as garbage only if nothing here refers to it. */
  @Test
  void shouldForgetALostBuffer() throws Exception {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    allocator.directBuffer(16).release();
    WeakReference<ByteBuf> lost = new WeakReference<>(allocator.directBuffer(16).unwrap());
    for (int i = 0; i < 100 && lost.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(lost.get()).isNull();
    assertThat(allocator.metric().directBuffers()).isEqualTo(1);
  }

  // -------------------------------------------------------------------- threads

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldReleaseOnOtherThreads(boolean virtual) throws Exception {
    for (int round = 0; round < 20; round++) {
      List<ByteBuf> buffers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        buffers.add(allocator.directBuffer(i).writeZero(i));
      }
      Runnable work =
          () -> {
            buffers.forEach(ByteBuf::release);
            buffers.replaceAll(released -> allocator.directBuffer(10).writeLong(1));
          };
      Thread thread = virtual ? Thread.ofVirtual().start(work) : Thread.ofPlatform().start(work);
      thread.join();
      assertThat(allocator.metric().directBuffers()).isEqualTo(100);
      assertThat(allocator.metric().usedDirectMemory()).isEqualTo(1000);
      buffers.forEach(ByteBuf::release);
    }
    assertThat(allocator.metric().directBuffers()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
    assertThat(blocks.stats().liveBlocks()).isZero();
  }

  @Test
  void shouldServeMoreThreadsThanTheTableHas() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 200; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 50; i++) {
                      allocator.directBuffer(i).writeZero(i).release();
                      Thread.yield();
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(allocator.metric().directBuffers()).isZero();
    assertThat(blocks.stats().liveBlocks()).isZero();
  }

  // ------------------------------------------------------------------ bad input

  @Test
  void shouldTellWhenThereIsNoMemory() {
    OuroborosByteBufAllocator buffers = new OuroborosByteBufAllocator(new Small(blocks));
    ByteBuf buffer = buffers.directBuffer(1000).writeInt(42);
    assertThatThrownBy(() -> buffers.directBuffer(2 << 20))
        .isInstanceOf(OutOfMemoryError.class)
        .isInstanceOfSatisfying(
            OutOfBufferMemoryError.class, e -> assertThat(e.requestedBytes()).isEqualTo(2 << 20))
        .hasCauseInstanceOf(AllocationFailedException.class)
        .hasMessageContainingAll("small", "2097152");
    assertThatThrownBy(() -> buffer.capacity(2 << 20)).isInstanceOf(OutOfBufferMemoryError.class);
    assertThat(buffer.capacity()).isEqualTo(1000);
    assertThat(buffer.getInt(0)).isEqualTo(42);
    assertThat(buffers.metric().directBuffers()).isEqualTo(1);
    assertThat(buffers.metric().usedDirectMemory()).isEqualTo(1000);
    buffer.release();
    assertThat(blocks.stats().liveBlocks()).isZero();
  }

  /** Has no block larger than a mebibyte. */
  private static final class Small extends ForwardingAllocator {

    Small(Allocator inner) {
      super(inner, "small");
    }

    @Override
    public long malloc(long size) {
      return super.malloc(checked(size));
    }

    @Override
    public long realloc(long block, long size) {
      return super.realloc(block, checked(size));
    }

    private static long checked(long size) {
      if (size > 1 << 20) {
        throw new AllocationFailedException("small", size, "ask for less", null);
      }
      return size;
    }
  }

  @Test
  void shouldFailWhenTheAllocatorIsClosed() {
    blocks.close();
    assertThatThrownBy(() -> allocator.directBuffer(16))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThat(allocator.metric().directBuffers()).isZero();
    assertThat(allocator.heapBuffer(16).release()).isTrue();
  }

  @Test
  void shouldRefuseAnAllocatorOfOneThread() {
    try (Allocator view = blocks.confined()) {
      assertThatThrownBy(() -> new OuroborosByteBufAllocator(view))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("ouroboros", "one thread", "threadSafe");
    }
    assertThatThrownBy(() -> OuroborosByteBufAllocator.of("nosuch"))
        .isInstanceOf(AllocatorUnavailableException.class);
    assertThatThrownBy(() -> new OuroborosByteBufAllocator(null))
        .isInstanceOf(NullPointerException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 8, 0x1234567, -16})
  void shouldRefuseAnAddressThatNoBlockHas(long address) {
    Allocator bad =
        new ForwardingAllocator(blocks, "bad") {
          @Override
          public long malloc(long size) {
            return address;
          }

          @Override
          public long realloc(long block, long size) {
            return address;
          }
        };
    OuroborosByteBufAllocator buffers = new OuroborosByteBufAllocator(bad);
    assertThatThrownBy(() -> buffers.directBuffer(16))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("bad", "0x" + Long.toHexString(address), "16");
    assertThat(buffers.metric().directBuffers()).isZero();
  }

  @Test
  void shouldNotCloseWhileBuffersAreLive() {
    OuroborosByteBufAllocator own = OuroborosByteBufAllocator.of("ouroboros_debug");
    ByteBuf buffer = own.buffer(16).writeInt(1);
    assertThat(buffer.isDirect()).isTrue();
    assertThatThrownBy(own::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("ouroboros_debug", "1 direct buffers", "16 bytes");
    assertThat(buffer.getInt(0)).isEqualTo(1);
    buffer.release();
    own.close();
    own.close();
    assertThatThrownBy(() -> own.directBuffer(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldLeaveAGivenAllocatorOpen() {
    allocator.close();
    assertThat(allocator.directBuffer(1).release()).isTrue();
    assertThat(allocator.allocator()).isSameAs(blocks);
  }
}
