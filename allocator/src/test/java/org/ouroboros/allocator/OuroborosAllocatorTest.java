package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MmapSource;

/** The contract on every face of the default allocator, and what its builder takes. */
class OuroborosAllocatorTest {

  @Nested
  class SharedFace extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return OuroborosAllocator.create();
    }
  }

  @Nested
  class ConfinedView extends AllocatorContractTest {

    private OuroborosAllocator shared;

    @Override
    protected Allocator create() {
      shared = OuroborosAllocator.create();
      return shared.confined();
    }

    @AfterEach
    void closeShared() {
      shared.close();
    }
  }

  @Nested
  class OnMappedFile extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return OuroborosAllocator.builder().source(MappedFileSource.create()).build();
    }
  }

  @Nested
  @ExtendWith(InVirtualThread.class)
  class SharedFaceOfVirtualThreads extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return OuroborosAllocator.create();
    }

    @Test
    void shouldRunInAVirtualThreadWhenIntercepted() {
      assertThat(Thread.currentThread().isVirtual()).isTrue();
    }
  }

  @Nested
  class WithSmallReservation extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return OuroborosAllocator.builder().reservation(128 << 20).build();
    }
  }

  @Nested
  class WithZeroPurgeDelay extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return OuroborosAllocator.builder().purgeDelay(Duration.ZERO).build();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, (1 << 20) - 1, (64L << 40) + 1, Long.MIN_VALUE, Long.MAX_VALUE})
  void shouldRefuseWhenReservationIsOutOfRange(long bytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OuroborosAllocator.builder().reservation(bytes))
        .withMessageContaining(Long.toString(bytes));
  }

  @Test
  void shouldReserveWholePagesWhenAskedForLess() {
    try (OuroborosAllocator allocator =
        OuroborosAllocator.builder().reservation((1 << 20) + 1).build()) {
      assertThat(allocator.stats().reservedBytes()).isEqualTo((1 << 20) + (64 << 10));
      assertThat(allocator.stats().committedBytes()).isZero();
    }
  }

  @Test
  void shouldSayWhetherItPurgesWhenTheSourceDoesOrNot() {
    assumeTrue(MmapSource.isSupported(), () -> MmapSource.obstacle().orElse(""));
    try (OuroborosAllocator mmap = OuroborosAllocator.create();
        OuroborosAllocator file =
            OuroborosAllocator.builder().source(MappedFileSource.create()).build()) {
      assertThat(mmap.capabilities()).isEqualTo(new Capabilities(true, true, false, true, true));
      assertThat(file.capabilities()).isEqualTo(new Capabilities(true, true, false, true, false));
      try (Allocator view = mmap.confined()) {
        assertThat(view.capabilities()).isEqualTo(new Capabilities(true, false, false, true, true));
      }
    }
  }
}
