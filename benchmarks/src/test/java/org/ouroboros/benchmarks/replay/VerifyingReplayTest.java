package org.ouroboros.benchmarks.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;

/** The verifying pass finds what is wrong with an allocator, and nothing where nothing is. */
class VerifyingReplayTest {

  private static final Allocator LIBC = Allocators.of("libc");

  @Test
  void shouldFindNothingWrongWithASoundAllocator() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      Trace trace = CorruptTraceTest.random(new Random(seed)).decode();
      VerifyingReplay.verify(LIBC, trace);
      VerifyingReplay.verifyOnThreads(LIBC, trace);
    }
  }

  @Test
  void shouldFindBlocksThatOverlap() throws IOException {
    Allocator broken =
        new DelegatingAllocator(LIBC) {
          private long last;

          @Override
          public long malloc(long size) {
            last = last == 0 ? super.malloc(4096) : last + 48;
            return last;
          }

          @Override
          public long usableSize(long address) {
            return 64;
          }

          @Override
          public void free(long address) {
            // it has only one real block
          }
        };
    TraceBuilder trace =
        new TraceBuilder()
            .malloc(48)
            .malloc(64)
            .malloc(48)
            .free(3)
            .free(2)
            .free(1)
            .header("peakLiveBytes", 160)
            .header("peakLiveBlocks", 3);
    VerificationException e = fault(broken, trace);
    assertThat(e.event()).isEqualTo(4);
    assertThat(e.block()).isEqualTo(1);
    assertThat(e)
        .hasMessageMatching(
            "event 4, free of block 1: wrong content at offset 48: expected 0x\\w\\w, found"
                + " 0x\\w\\w; it lies in live block 2 too");
  }

  @Test
  void shouldFindAReallocThatLosesContent() throws IOException {
    Allocator broken =
        new DelegatingAllocator(LIBC) {
          @Override
          public long realloc(long address, long size) {
            super.free(address);
            return super.calloc(1, size);
          }
        };
    VerificationException e = fault(broken, TraceBuilder.example());
    assertThat(e.event()).isEqualTo(2);
    assertThat(e)
        .hasMessageContaining(
            "event 2, realloc of block 0: wrong content at offset 0 after it was"
                + " resized from 24 to 300");
  }

  @Test
  void shouldFindTheTailThatAReallocLoses() throws IOException {
    Allocator broken =
        new DelegatingAllocator(LIBC) {
          @Override
          public long realloc(long address, long size) {
            long moved = super.realloc(address, size);
            NativeMemory.putByte(moved + 99_999, (byte) ~NativeMemory.getByte(moved + 99_999));
            return moved;
          }
        };
    TraceBuilder trace =
        new TraceBuilder()
            .malloc(100_000)
            .realloc(1, 200_000)
            .header("peakLiveBytes", 200_000)
            .header("peakLiveBlocks", 1)
            .header("endLiveBlocks", 1);
    assertThat(fault(broken, trace)).hasMessageContaining("wrong content at offset 99999");
  }

  @Test
  void shouldFindACallocThatDoesNotZero() throws IOException {
    Allocator broken =
        new DelegatingAllocator(LIBC) {
          @Override
          public long calloc(long count, long size) {
            long address = super.calloc(count, size);
            NativeMemory.putByte(address + size - 1, (byte) 7);
            return address;
          }
        };
    assertThat(fault(broken, TraceBuilder.example()))
        .hasMessage("event 5, calloc of block 2: not zeroed at offset 127: found 0x07");
  }

  @Test
  void shouldFindBlocksThatAreNotAligned() throws IOException {
    Allocator broken =
        new DelegatingAllocator(LIBC) {
          @Override
          public long alignedAlloc(long alignment, long size) {
            return super.alignedAlloc(alignment, size + 32) + 32;
          }
        };
    VerificationException e = fault(broken, TraceBuilder.example());
    assertThat(e.event()).isEqualTo(1);
    assertThat(e).hasMessageContaining("is not aligned to 64 bytes");
  }

  @Test
  void shouldFindBlocksThatAreTooSmall() throws IOException {
    Allocator broken =
        new DelegatingAllocator(LIBC) {
          @Override
          public long usableSize(long address) {
            return 16;
          }
        };
    assertThat(fault(broken, TraceBuilder.example()))
        .hasMessage("event 0, malloc of block 0: usable size 16 for 24 bytes");
  }

  @Test
  void shouldNameTheEventAtWhichTheAllocatorThrows() throws IOException {
    Allocator broken =
        new DelegatingAllocator(LIBC) {
          @Override
          public void free(long address) {
            throw new IllegalStateException("no\nmore");
          }
        };
    VerificationException e = fault(broken, TraceBuilder.example());
    assertThat(e)
        .hasMessage(
            "event 4, free of block 1: the allocator threw java.lang.IllegalStateException: no");
  }

  @Test
  void shouldCheckWhatIsLiveAtTheEnd() throws IOException {
    Allocator broken =
        new DelegatingAllocator(LIBC) {
          private long first;

          @Override
          public long malloc(long size) {
            long address = super.malloc(size);
            if (size == 10) {
              first = address;
            } else {
              NativeMemory.putByte(first, (byte) ~BlockPattern.expected(0, 0));
            }
            return address;
          }
        };
    TraceBuilder trace =
        new TraceBuilder()
            .malloc(10)
            .malloc(11)
            .header("peakLiveBytes", 21)
            .header("peakLiveBlocks", 2)
            .header("endLiveBlocks", 2);
    VerificationException e = fault(broken, trace);
    assertThat(e.event()).isEqualTo(2);
    assertThat(e).hasMessageContaining("end of the trace, free of block 0: wrong content");
  }

  private static VerificationException fault(Allocator broken, TraceBuilder builder)
      throws IOException {
    Trace trace = builder.decode();
    VerificationException threaded =
        catchThrowableOfType(
            VerificationException.class, () -> VerifyingReplay.verifyOnThreads(broken, trace));
    VerificationException e =
        catchThrowableOfType(
            VerificationException.class, () -> VerifyingReplay.verify(broken, trace));
    if (trace.threads() == 1) {
      assertThat(threaded).as("on threads").isNotNull();
    }
    return e;
  }
}
