package org.ouroboros.allocator.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.InvalidFreeException;

/**
 * What the programs of mimalloc-bench's security list do, written anew, on a debugger. {@code
 * SECURITY.md} has the table, with those that no test stands for and the reason.
 */
abstract class SecurityPrograms {

  private static final long SIZE = 64;
  private static final long MEBIBYTE = 1 << 20;

  private DebugAllocator allocator;

  abstract String allocatorName();

  @BeforeEach
  void open() {
    try {
      allocator = (DebugAllocator) Allocators.of(allocatorName());
    } catch (AllocatorUnavailableException e) {
      abort(e.getMessage());
    }
  }

  @AfterEach
  void close() {
    try {
      allocator.close();
    } catch (DamagedBlockException e) {
      // The program did it.
    }
  }

  // Overflow and underflow

  @Test
  @Program("one_byte_overflow")
  void shouldDetectOneByteOverflow() {
    long p = allocator.malloc(SIZE);
    Raw.flip(p + SIZE);
    assertDamaged(DamagedBlockException.Kind.AFTER, () -> allocator.free(p));
  }

  @Test
  @Program("one_byte_underflow")
  void shouldDetectOneByteUnderflow() {
    long p = allocator.malloc(SIZE);
    Raw.flip(p - 1);
    assertDamaged(DamagedBlockException.Kind.BEFORE, () -> allocator.free(p));
  }

  @Test
  @Program("one_byte_memcpy_overflow")
  void shouldDetectOneByteMemcpyOverflow() {
    long p = allocator.malloc(SIZE);
    Raw.fill(p, SIZE + 1, 0);
    assertDamaged(DamagedBlockException.Kind.AFTER, allocator::verifyAll);
  }

  @Test
  @Program("one_byte_memcpy_underflow")
  void shouldDetectOneByteMemcpyUnderflow() {
    long p = allocator.malloc(SIZE);
    Raw.fill(p - 1, SIZE, 0);
    assertDamaged(DamagedBlockException.Kind.BEFORE, allocator::verifyAll);
  }

  @Test
  @Program("32_byte_overflow")
  void shouldDetect32ByteOverflow() {
    long p = allocator.malloc(SIZE);
    Raw.flip(p + SIZE - 1 + 32);
    assertDamaged(DamagedBlockException.Kind.AFTER, () -> allocator.free(p));
  }

  @Test
  @Program("32_byte_underflow")
  void shouldDetect32ByteUnderflow() {
    long p = allocator.malloc(SIZE);
    Raw.flip(p - 32);
    assertDamaged(DamagedBlockException.Kind.BEFORE, () -> allocator.free(p));
  }

  @Test
  @Program("32_byte_memcpy_overflow")
  void shouldDetect32ByteMemcpyOverflow() {
    long p = allocator.malloc(SIZE);
    Raw.fill(p, SIZE + 32, 0);
    assertDamaged(DamagedBlockException.Kind.AFTER, allocator::verifyAll);
  }

  @Test
  @Program("32_byte_memcpy_underflow")
  void shouldDetect32ByteMemcpyUnderflow() {
    long p = allocator.malloc(SIZE);
    Raw.fill(p - 32, SIZE, 0);
    assertDamaged(DamagedBlockException.Kind.BEFORE, allocator::verifyAll);
  }

  @Test
  @Program("one_mbyte_memcpy_overflow")
  void shouldDetectOneMebibyteMemcpyOverflow() {
    long p = amidMemory();
    Raw.fill(p, SIZE + MEBIBYTE, 0);
    assertDamaged(DamagedBlockException.Kind.AFTER, () -> allocator.free(p));
    assertThatExceptionOfType(DamagedBlockException.class).isThrownBy(allocator::verifyAll);
  }

  @Test
  @Program("one_mbyte_memcpy_underflow")
  void shouldDetectOneMebibyteMemcpyUnderflow() {
    long p = amidMemory();
    Raw.fill(p - MEBIBYTE, MEBIBYTE, 0);
    assertDamaged(DamagedBlockException.Kind.BEFORE, () -> allocator.free(p));
  }

  @Test
  @Program("one_mbyte_overflow")
  void shouldRefuseOneMebibyteOverflowWhenASegmentIsUsed() {
    MemorySegment p = allocator.allocate(SIZE);
    assertOutside(p, SIZE - 1 + MEBIBYTE);
  }

  @Test
  @Program("one_mbyte_underflow")
  void shouldRefuseOneMebibyteUnderflowWhenASegmentIsUsed() {
    MemorySegment p = allocator.allocate(SIZE);
    assertOutside(p, -MEBIBYTE);
  }

  /** A block with more than a mebibyte of the allocator's memory on each side. */
  private long amidMemory() {
    assumeTrue(allocatorName().startsWith("ouroboros"), "it keeps its own data between the blocks");
    long p = 0;
    for (int i = 0; i < 4 * MEBIBYTE / SIZE; i++) {
      long block = allocator.malloc(SIZE);
      if (i == 2 * MEBIBYTE / SIZE) {
        p = block;
      }
    }
    return p;
  }

  // Double free

  @Test
  @Program("double_free")
  void shouldDetectDoubleFree() {
    long p = allocator.malloc(SIZE);
    allocator.free(p);
    assertInvalid(InvalidFreeException.Kind.NOT_LIVE, p);
  }

  @Test
  @Program("double_free_delayed")
  void shouldDetectDelayedDoubleFree() {
    long p = allocator.malloc(SIZE);
    allocator.free(p);
    for (int i = 0; i < 1024; i++) {
      allocator.free(allocator.malloc(SIZE));
    }
    assertInvalid(InvalidFreeException.Kind.NOT_LIVE, p);
  }

  @Test
  @Program("double_free_interleaved")
  void shouldDetectInterleavedDoubleFree() {
    long p = allocator.malloc(SIZE);
    long q = allocator.malloc(SIZE);
    allocator.free(p);
    allocator.free(q);
    assertInvalid(InvalidFreeException.Kind.NOT_LIVE, p);
  }

  @Test
  @Program("double_free_reuse")
  void shouldDetectDoubleFreeWhenMemoryIsReused() {
    long p = allocator.malloc(SIZE);
    allocator.free(p);
    // Long enough for the block to leave the quarantine; if another one has its address by then,
    // the stale free is that block's first, and that block's own is the second.
    long[] others = new long[256 << 10];
    for (int i = 0; i < others.length; i++) {
      others[i] = allocator.malloc(SIZE);
    }
    InvalidBlockException found =
        catchThrowableOfType(
            InvalidBlockException.class,
            () -> {
              allocator.free(p);
              for (long other : others) {
                allocator.free(other);
              }
            });
    assertThat(found).isNotNull();
    assertThat(found.address()).isEqualTo(p);
  }

  @Test
  @Program("double_free_single_reuse")
  void shouldDetectDoubleFreeWhenThereIsOneReuse() {
    long p = allocator.malloc(SIZE);
    allocator.free(p);
    long q = allocator.malloc(SIZE);
    assertInvalid(InvalidFreeException.Kind.NOT_LIVE, p);
    allocator.free(q);
  }

  // Invalid free

  @Test
  @Program("invalid_free")
  void shouldDetectFreeOfWhatIsNoHeap() {
    assertInvalid(InvalidFreeException.Kind.FOREIGN, 0x1337);
  }

  @Test
  @Program("invalid_free_alloca")
  void shouldDetectFreeOfAlloca() {
    try (Arena frame = Arena.ofConfined()) {
      assertInvalid(InvalidFreeException.Kind.FOREIGN, frame.allocate(SIZE).address());
    }
  }

  @Test
  @Program("invalid_free_stack")
  void shouldDetectFreeOfStack() {
    try (Arena frame = Arena.ofConfined()) {
      assertInvalid(
          InvalidFreeException.Kind.FOREIGN, frame.allocate(ValueLayout.JAVA_LONG).address());
    }
  }

  @Test
  @Program("invalid_free_close")
  void shouldDetectFreeNearABlock() {
    long p = allocator.malloc(SIZE);
    assertInvalid(InvalidFreeException.Kind.FOREIGN, p + 4096);
  }

  @Test
  @Program("invalid_free_far")
  void shouldDetectFreeFarFromABlock() {
    long p = allocator.malloc(SIZE);
    assertInvalid(InvalidFreeException.Kind.FOREIGN, p + (1L << 30));
  }

  @Test
  @Program("invalid_free_unaligned")
  void shouldDetectUnalignedFree() {
    long p = allocator.malloc(SIZE);
    assertInvalid(InvalidFreeException.Kind.UNALIGNED, p + 1);
  }

  @Test
  @Program("invalid_free_unaligned_multiple")
  void shouldDetectFreeInsideABlock() {
    long p = allocator.malloc(SIZE);
    assertInvalid(InvalidFreeException.Kind.UNALIGNED, p + 8);
  }

  // Sizes

  @Test
  @Program("impossibly_large_malloc")
  void shouldRefuseAnImpossiblyLargeMalloc() {
    assertThatExceptionOfType(AllocationFailedException.class)
        .isThrownBy(() -> allocator.malloc(Long.MAX_VALUE));
  }

  @Test
  @Program("read_zero_size")
  void shouldRefuseToReadFromNothingWhenASegmentIsUsed() {
    MemorySegment p = allocator.allocate(0);
    assertOutside(p, 0);
  }

  @Test
  @Program("read_zero_size_free")
  void shouldRefuseToReadFromNothingAndFreeWhenASegmentIsUsed() {
    MemorySegment p = allocator.allocate(0);
    assertOutside(p, 0);
    allocator.free(p);
  }

  @Test
  @Program("write_zero_size")
  void shouldDetectAWriteToNothing() {
    long p = allocator.malloc(0);
    Raw.write(p, 'A');
    assertDamaged(DamagedBlockException.Kind.AFTER, allocator::verifyAll);
  }

  @Test
  @Program("write_zero_size_free")
  void shouldDetectAWriteToNothingWhenFreed() {
    long p = allocator.malloc(0);
    Raw.write(p, 'A');
    assertDamaged(DamagedBlockException.Kind.AFTER, () -> allocator.free(p));
  }

  // Use after free

  @Test
  @Program("write_after_free")
  void shouldDetectAWriteAfterFree() {
    long p = allocator.malloc(SIZE);
    allocator.free(p);
    Raw.fill(p, SIZE, 'A');
    assertDamaged(DamagedBlockException.Kind.AFTER_FREE, allocator::verifyAll);
  }

  @Test
  @Program("write_after_free_reuse")
  void shouldDetectAWriteAfterFreeWhenMemoryIsReused() {
    long p = allocator.malloc(SIZE);
    allocator.free(p);
    Raw.fill(p, SIZE, 'A');
    assertDamaged(
        DamagedBlockException.Kind.AFTER_FREE,
        () -> {
          for (int i = 0; i < 256 << 10; i++) {
            allocator.free(allocator.malloc(SIZE));
          }
        });
  }

  @Test
  @Program("malloc_reuse")
  void shouldNotReuseAtOnce() {
    long p = allocator.malloc(SIZE);
    allocator.free(p);
    assertThat(allocator.malloc(SIZE)).isNotEqualTo(p);
  }

  @Test
  @Program("malloc_reuse_downsize")
  void shouldNotReuseAtOnceForLess() {
    long p = allocator.malloc(SIZE);
    allocator.free(p);
    assertThat(allocator.malloc(SIZE / 2)).isNotEqualTo(p);
  }

  @Test
  @Program("realloc_reuse")
  void shouldMoveWhenReallocGrows() {
    long p = allocator.malloc(8);
    assertThat(allocator.realloc(p, 1024)).isNotEqualTo(p);
    assertInvalid(InvalidFreeException.Kind.NOT_LIVE, p);
  }

  // Content

  @Test
  @Program("zero_after_free")
  void shouldEraseAfterFree() {
    long p = allocator.malloc(SIZE);
    Raw.fill(p, SIZE, 'A');
    allocator.free(p);
    assertContent(p, 0xDD);
  }

  @Test
  @Program("zero_on_malloc")
  void shouldNotShowOldContentOnMalloc() {
    for (int i = 0; i < 100_000; i++) {
      long p = allocator.malloc(SIZE);
      assertContent(p, 0xCD);
      Raw.fill(p, SIZE, 'A');
      allocator.free(p);
    }
  }

  @Test
  @Program("executable_heap")
  void shouldNotBeExecutable() throws Exception {
    long p = allocator.malloc(SIZE);
    for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
      int dash = line.indexOf('-');
      int space = line.indexOf(' ');
      long begin = Long.parseUnsignedLong(line, 0, dash, 16);
      long end = Long.parseUnsignedLong(line, dash + 1, space, 16);
      if (begin <= p && p < end) {
        assertThat(line.substring(space + 1)).startsWith("rw-");
        return;
      }
    }
    throw new AssertionError("the block is in no mapping");
  }

  // Helpers

  private static void assertDamaged(DamagedBlockException.Kind kind, ThrowingCallable call) {
    assertThatExceptionOfType(DamagedBlockException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
  }

  private void assertInvalid(InvalidFreeException.Kind kind, long address) {
    assertThatExceptionOfType(InvalidBlockException.class)
        .isThrownBy(() -> allocator.free(address))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
  }

  private static void assertOutside(MemorySegment block, long offset) {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> block.get(ValueLayout.JAVA_BYTE, offset));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> block.set(ValueLayout.JAVA_BYTE, offset, (byte) 1));
  }

  private static void assertContent(long address, int value) {
    for (long i = 0; i < SIZE; i++) {
      assertThat(Raw.read(address + i)).isEqualTo((byte) value);
    }
  }
}
