package org.ouroboros.allocator.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.AllocationReservation;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;

/** Arrow's buffers over the default allocator. */
class OuroborosAllocationManagerTest {

  private static final long LIMIT = 1L << 40;

  private final OuroborosAllocator allocator =
      OuroborosAllocator.builder().reservation(64L << 20).exactFreeChecks(true).build();
  private final AllocationManager.Factory factory = OuroborosAllocationManager.factory(allocator);

  @AfterEach
  void close() {
    assertThat(live()).as("blocks that are left").isZero();
    allocator.close();
  }

  private static BufferAllocator root(AllocationManager.Factory factory, long limit) {
    return new RootAllocator(
        RootAllocator.configBuilder()
            .allocationManagerFactory(factory)
            .maxAllocation(limit)
            .build());
  }

  private BufferAllocator root() {
    return root(factory, LIMIT);
  }

  private long live() {
    return allocator.stats().liveBlocks();
  }

  // ----------------------------------------------------------------- allocating

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 8, 64, 65, 1000, 4096, 100_000, (16 << 20) + 1})
  void shouldBackEachBufferWithOneAlignedBlock(long size) {
    try (BufferAllocator root = root()) {
      try (ArrowBuf buffer = root.buffer(size)) {
        assertThat(buffer.capacity()).isGreaterThanOrEqualTo(size);
        assertThat(buffer.memoryAddress() % OuroborosAllocationManager.DEFAULT_ALIGNMENT).isZero();
        assertThat(allocator.usableSize(buffer.memoryAddress()))
            .isGreaterThanOrEqualTo(buffer.capacity());
        assertThat(root.getAllocatedMemory()).isEqualTo(buffer.capacity());
        buffer.setByte(0, 5);
        buffer.setByte(buffer.capacity() - 1, 7);
        assertThat(buffer.getByte(buffer.capacity() - 1)).isEqualTo((byte) 7);
        assertThat(live()).isOne();
      }
      assertThat(live()).isZero();
      assertThat(root.getAllocatedMemory()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 16, 64, 4096})
  void shouldAlignAsAsked(long alignment) {
    try (BufferAllocator root =
            root(OuroborosAllocationManager.factory(allocator, alignment), LIMIT);
        ArrowBuf first = root.buffer(8);
        ArrowBuf second = root.buffer(8)) {
      long atLeast = Math.max(alignment, Allocator.MIN_ALIGNMENT);
      assertThat(first.memoryAddress() % atLeast).isZero();
      assertThat(second.memoryAddress() % atLeast).isZero();
    }
  }

  @Test
  void shouldTakeNoMoreThanNeededForSmallBuffersOfTheLeastAlignment() {
    AllocationManager.Factory dense = OuroborosAllocationManager.factory(allocator, 16);
    try (BufferAllocator root = root(dense, LIMIT);
        ArrowBuf buffer = root.buffer(8)) {
      assertThat(allocator.usableSize(buffer.memoryAddress())).isEqualTo(16);
    }
  }

  @Test
  void shouldHaveAnEmptyBufferWithoutABlock() {
    try (BufferAllocator root = root();
        ArrowBuf empty = root.buffer(0)) {
      assertThat(empty).isSameAs(factory.empty()).isSameAs(root.getEmpty());
      assertThat(empty.capacity()).isZero();
      assertThat(live()).isZero();
      assertThatThrownBy(() -> empty.getByte(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void shouldServeReservationsThatAreNoPowerOfTwo() {
    try (BufferAllocator root = root();
        AllocationReservation reservation = root.newReservation()) {
      assertThat(reservation.add(64L)).isTrue();
      assertThat(reservation.add(8L)).isTrue();
      expectReserved(root, reservation, 72);
    }
  }

  /** The one way to a block of size 0: Arrow has its empty buffer for all others. */
  @Test
  void shouldServeReservationsOfNothing() {
    try (BufferAllocator root = root();
        AllocationReservation reservation = root.newReservation()) {
      expectReserved(root, reservation, 0);
    }
  }

  private void expectReserved(BufferAllocator root, AllocationReservation reservation, long size) {
    try (ArrowBuf buffer = reservation.allocateBuffer()) {
      assertThat(buffer.capacity()).isEqualTo(size);
      assertThat(root.getAllocatedMemory()).isEqualTo(size);
      assertThat(live()).isOne();
    }
    assertThat(live()).isZero();
    assertThat(root.getAllocatedMemory()).isZero();
  }

  @Test
  void shouldServeAnyAllocator() {
    try (Allocator libc = Allocators.of("libc_debug");
        BufferAllocator root = root(OuroborosAllocationManager.factory(libc), LIMIT)) {
      try (ArrowBuf buffer = root.buffer(100)) {
        buffer.setZero(0, 128);
        assertThat(libc.stats().liveBlocks()).isOne();
        assertThat(buffer.memoryAddress() % 64).isZero();
      }
      assertThat(libc.stats().liveBlocks()).isZero();
    }
  }

  // ------------------------------------------------------------------ releasing

  @Test
  void shouldFreeWhenTheLastOfSlicesAndAllocatorsLetsGo() {
    try (BufferAllocator root = root();
        BufferAllocator a = root.newChildAllocator("a", 0, LIMIT);
        BufferAllocator b = root.newChildAllocator("b", 0, LIMIT)) {
      ArrowBuf buffer = a.buffer(256);
      ArrowBuf slice = buffer.slice(64, 64);
      slice.getReferenceManager().retain();
      ArrowBuf moved = buffer.getReferenceManager().retain(buffer, b);
      buffer.close();
      assertThat(live()).isOne();
      slice.close();
      assertThat(live()).isOne();
      assertThat(a.getAllocatedMemory()).isZero();
      assertThat(b.getAllocatedMemory()).isEqualTo(256);
      moved.setLong(0, 1);
      moved.close();
      assertThat(live()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldReleaseOnAnotherThread(boolean virtual) throws InterruptedException {
    try (BufferAllocator root = root()) {
      List<ArrowBuf> buffers = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        buffers.add(root.buffer(1 + i));
      }
      List<Throwable> failures = new ArrayList<>();
      Runnable release =
          () -> {
            try {
              buffers.forEach(ArrowBuf::close);
            } catch (Throwable t) {
              failures.add(t);
            }
          };
      Thread thread =
          virtual ? Thread.ofVirtual().start(release) : Thread.ofPlatform().start(release);
      thread.join();
      assertThat(failures).isEmpty();
      assertThat(live()).isZero();
    }
  }

  // ------------------------------------------------------------------- failures

  @Test
  void shouldRefuseAnAllocatorOfOneThread() {
    try (Allocator view = allocator.confined()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> OuroborosAllocationManager.factory(view))
          .withMessageContaining("serves one thread");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -64, 3, 65, Long.MIN_VALUE})
  void shouldRefuseAnAlignmentThatIsNoPowerOfTwo(long alignment) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OuroborosAllocationManager.factory(allocator, alignment))
        .withMessageContaining(Long.toString(alignment));
  }

  @Test
  void shouldThrowArrowsExceptionWhenThereIsNoMemory() {
    try (BufferAllocator root = root(factory, Long.MAX_VALUE)) {
      ArrowBuf held = root.buffer(32);
      assertThatThrownBy(() -> root.buffer(1L << 62))
          .isInstanceOf(OutOfMemoryException.class)
          .hasMessageContaining("ouroboros: cannot allocate 4611686018427387904 bytes")
          .hasCauseInstanceOf(AllocationFailedException.class);
      assertThat(root.getAllocatedMemory()).isEqualTo(32);
      assertThat(live()).isOne();
      held.close();
    }
  }

  @Test
  void shouldServeAgainAfterAllWasTaken() {
    try (OuroborosAllocator small = OuroborosAllocator.builder().reservation(1 << 20).build();
        BufferAllocator root = root(OuroborosAllocationManager.factory(small), LIMIT)) {
      List<ArrowBuf> taken = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                while (taken.size() < 1000) {
                  taken.add(root.buffer(16 << 10));
                }
              })
          .isInstanceOf(OutOfMemoryException.class)
          .hasCauseInstanceOf(AllocationFailedException.class);
      assertThat(taken).isNotEmpty();
      assertThat(small.stats().liveBlocks()).isEqualTo(taken.size());
      assertThat(root.getAllocatedMemory()).isEqualTo((long) taken.size() << 14);
      taken.removeLast().close();
      taken.add(root.buffer(16 << 10));
      taken.forEach(ArrowBuf::close);
      assertThat(small.stats().liveBlocks()).isZero();
    }
  }

  @Test
  void shouldLeaveArrowsOwnLimitToArrow() {
    try (BufferAllocator root = root(factory, 1024)) {
      assertThatThrownBy(() -> root.buffer(1025))
          .isInstanceOf(OutOfMemoryException.class)
          .hasNoCause();
      assertThat(live()).isZero();
      root.buffer(1024).close();
    }
  }

  @Test
  void shouldRefuseNegativeSizesAndLeaveNothingBehind() {
    try (BufferAllocator root = root()) {
      assertThatIllegalArgumentException().isThrownBy(() -> root.buffer(-1));
      assertThatIllegalArgumentException().isThrownBy(() -> factory.create(root, -1));
      assertThat(root.getAllocatedMemory()).isZero();
    }
  }

  @Test
  void shouldFreeTheBlockIfArrowRefusesTheManager() {
    BufferAllocator root = root();
    root.close();
    assertThatThrownBy(() -> factory.create(root, 64)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> factory.create(null, 64)).isInstanceOf(NullPointerException.class);
    assertThat(live()).isZero();
  }

  @Test
  void shouldSayThatTheAllocatorIsClosed() {
    OuroborosAllocator closed = OuroborosAllocator.create();
    BufferAllocator root = root(OuroborosAllocationManager.factory(closed), LIMIT);
    ArrowBuf left = root.buffer(64);
    closed.close();
    assertThatThrownBy(() -> root.buffer(64)).isInstanceOf(IllegalStateException.class);
    assertThat(root.getAllocatedMemory()).isEqualTo(64);
    assertThatThrownBy(left::close).isInstanceOf(IllegalStateException.class);
    assertThat(root.getAllocatedMemory()).isZero();
    root.close();
  }
}
