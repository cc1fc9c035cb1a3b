package org.ouroboros.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.fail;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorContractTest;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Capabilities;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.Reservation;
import org.ouroboros.allocator.source.SourceException;

/** The contract, less reuse, on every kind of chunks; and what a region adds. */
class RegionAllocatorTest {

  @Nested
  class ByName extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return Allocators.of("region");
    }
  }

  @Nested
  class OnAMappedFile extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return RegionAllocator.over(MappedFileSource.create());
    }
  }

  @Nested
  class OnAnotherAllocator extends AllocatorContractTest {

    private OuroborosAllocator below;

    @Override
    protected Allocator create() {
      below = OuroborosAllocator.create();
      return RegionAllocator.over(below);
    }

    @AfterEach
    void closeBelow() {
      allocator.close();
      assertThat(below.stats().liveBlocks()).isZero();
      below.close();
    }
  }

  @Nested
  class OnAConfinedView extends AllocatorContractTest {

    private OuroborosAllocator below;

    @Override
    protected Allocator create() {
      below = OuroborosAllocator.create();
      return RegionAllocator.over(below.confined());
    }

    @AfterEach
    void closeBelow() {
      allocator.close();
      below.close();
    }
  }

  @Nested
  class OnTheCLibrary extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return RegionAllocator.over(Allocators.of("libc"));
    }
  }

  private final RegionAllocator region = RegionAllocator.create();

  @AfterEach
  void close() {
    region.close();
  }

  @Test
  void shouldReuseTheLastBlockOnlyWhenBlocksAreFreed() {
    long first = region.malloc(100);
    long second = region.malloc(100);
    region.free(first);
    assertThat(region.malloc(100)).isGreaterThan(second);

    long last = region.malloc(40);
    region.free(last);
    assertThat(region.malloc(1000)).isEqualTo(last);
  }

  @Test
  void shouldStayFlatWhenTheLastBlockComesAndGoes() {
    region.malloc(1);
    long held = region.stats().committedBytes();
    for (int i = 0; i < 100_000; i++) {
      long buffer = region.malloc(1000);
      buffer = region.realloc(buffer, 5000);
      region.free(buffer);
    }
    assertThat(region.stats().committedBytes()).isEqualTo(held);
  }

  @Test
  void shouldGrowInPlaceWhenTheBlockIsTheLast() {
    region.malloc(10);
    long block = region.malloc(10);
    region.segment(block, 10).fill((byte) 7);
    assertThat(region.realloc(block, 1000)).isEqualTo(block);
    assertThat(region.usableSize(block)).isEqualTo(1000);
    assertThat(region.realloc(block, 20)).isEqualTo(block);
    assertThat(region.usableSize(block)).isEqualTo(20);
    region.malloc(1);
    assertThat(region.realloc(block, 1000)).as("within its room").isEqualTo(block);
    assertThat(region.realloc(block, 2000)).isNotEqualTo(block);
  }

  @Test
  void shouldSayWhatItDoesWhenAsked() {
    assertThat(region.capabilities()).isEqualTo(new Capabilities(false, true, true, false, false));
    assertThat(region.name()).isEqualTo("region");
    try (OuroborosAllocator below = OuroborosAllocator.create();
        RegionAllocator confined = RegionAllocator.over(below.confined())) {
      assertThat(confined.capabilities().threadSafe()).isFalse();
    }
  }

  @Test
  void shouldThrowWhenResizingWhatIsNotItsMemory() {
    region.malloc(10);
    assertThatExceptionOfType(InvalidFreeException.class)
        .isThrownBy(() -> region.realloc(4096, 10));
    assertThatExceptionOfType(InvalidFreeException.class).isThrownBy(() -> region.usableSize(4096));
    region.free(4096);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> region.segment(4096, 1));
  }

  @Test
  void shouldNotLeaveItsChunksWhenHeadersAreSpoilt() {
    long first = region.malloc(16);
    long second = region.malloc(16);
    region.segment(first, 32).fill((byte) -1);
    region.free(second);
    assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> region.realloc(second, 100));
    region.segment(region.malloc(100), 100).fill((byte) 1);
  }

  @Test
  void shouldRefuseOtherThreadsWhenTheAllocatorBelowIsConfined() throws Exception {
    try (OuroborosAllocator below = OuroborosAllocator.create();
        RegionAllocator confined = RegionAllocator.over(below.confined())) {
      long block = confined.malloc(10);
      Throwable[] thrown = new Throwable[3];
      Thread.ofPlatform()
          .start(
              () -> {
                thrown[0] = caught(() -> confined.malloc(10));
                thrown[1] = caught(() -> confined.free(block));
                thrown[2] = caught(confined::close);
              })
          .join();
      assertThat(thrown).allMatch(WrongThreadException.class::isInstance);
      confined.segment(block, 10).set(ValueLayout.JAVA_BYTE, 9, (byte) 1);
    }
  }

  @Test
  void shouldFailTypedWhenTheSourceHasNoMore() {
    try (RegionAllocator full = RegionAllocator.over(new SmallSource())) {
      assertThatExceptionOfType(AllocationFailedException.class)
          .isThrownBy(() -> full.malloc(1 << 20))
          .satisfies(e -> assertThat(e.allocator()).isEqualTo("region"))
          .satisfies(e -> assertThat(e.requestedBytes()).isEqualTo(1 << 20))
          .withCauseInstanceOf(SourceException.class);
      full.segment(full.malloc(100), 100).fill((byte) 1);
    }
  }

  @Test
  void shouldRefuseWhenThereIsNothingBelow() {
    assertThatNullPointerException().isThrownBy(() -> RegionAllocator.over((Allocator) null));
  }

  private static Throwable caught(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      return e;
    }
    return fail("it did not throw");
  }

  /** A source that reserves little at a time. */
  private static final class SmallSource implements MemorySource {

    private final MemorySource source = MappedFileSource.create();

    @Override
    public Reservation reserve(long bytes, long alignment) {
      if (bytes > 1 << 20) {
        throw new SourceException(name(), "reserving", SourceException.NO_ERRNO, "too much", null);
      }
      return source.reserve(bytes, alignment);
    }

    @Override
    public String name() {
      return "small";
    }

    @Override
    public long granularity() {
      return source.granularity();
    }

    @Override
    public boolean purges() {
      return false;
    }
  }
}
