package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Domains, what serves them, and when that may change. */
class DomainsTest {

  private final Allocator first = OuroborosAllocator.create();
  private final Allocator second = OuroborosAllocator.create();
  private final Domains domains = Domains.startingWith(first);
  private final Allocator face = domains.get(Domain.MEM);

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  @Nested
  class Contract extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      Allocator served = OuroborosAllocator.create();
      Allocator shown = Domains.startingWith(served).get(Domain.OBJECT);
      return new ForwardingAllocator(shown, shown.name()) {
        @Override
        public void close() {
          served.close();
        }
      };
    }
  }

  @Test
  void shouldStartWithTheDefaultWhenOfTheProcess() {
    for (Domain domain : Domain.values()) {
      assertThat(Domains.process().current(domain)).isSameAs(Allocators.defaultAllocator());
    }
    assertThat(Domains.process()).isSameAs(Domains.process());
    Allocator raw = Domains.process().get(Domain.RAW);
    raw.close();
    raw.free(raw.malloc(10));
  }

  @Test
  void shouldCountEachDomainWhenBlocksAreAllocatedAndFreed() {
    long block = face.malloc(10);
    long other = domains.get(Domain.RAW).alignedAlloc(64, 10);
    face.free(0);
    assertThatExceptionOfType(AllocationFailedException.class)
        .isThrownBy(() -> face.malloc(Long.MAX_VALUE));
    assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> face.calloc(-1, 1));
    assertThatExceptionOfType(InvalidFreeException.class).isThrownBy(() -> face.free(block + 1));

    assertThat(domains.liveBlocks(Domain.MEM)).isEqualTo(1);
    assertThat(domains.liveBlocks(Domain.RAW)).isEqualTo(1);
    assertThat(domains.liveBlocks(Domain.OBJECT)).isZero();
    face.free(face.realloc(block, 1000));
    domains.get(Domain.RAW).free(other);
    assertThat(domains.liveBlocks(Domain.MEM)).isZero();
    assertThat(domains.liveBlocks(Domain.RAW)).isZero();
  }

  @Test
  void shouldSwapWhenNothingIsLive() {
    long block = face.malloc(10);
    assertThatExceptionOfType(SwapRefusedException.class)
        .isThrownBy(() -> domains.set(Domain.MEM, second))
        .withMessageContaining("1 block is live; free them first")
        .satisfies(e -> assertThat(e.liveBlocks()).isEqualTo(1))
        .satisfies(e -> assertThat(e.domain()).isEqualTo(Domain.MEM));
    assertThat(domains.current(Domain.MEM)).isSameAs(first);
    face.free(block);

    assertThat(domains.set(Domain.MEM, second)).isSameAs(first);

    assertThat(domains.current(Domain.MEM)).isSameAs(second);
    assertThat(domains.current(Domain.RAW)).isSameAs(first);
    face.free(face.malloc(10));
  }

  @Test
  void shouldWrapAndUnwrapWhenBlocksAreLive() {
    long block = face.malloc(10);
    Allocator wrapper = new FailingAllocator(new FailingAllocator(first));

    assertThat(domains.set(Domain.MEM, wrapper)).isSameAs(first);
    long another = face.malloc(10);
    face.free(block);
    assertThat(domains.set(Domain.MEM, first)).isSameAs(wrapper);
    face.free(another);

    assertThat(domains.liveBlocks(Domain.MEM)).isZero();
  }

  @Test
  void shouldNeverMixAllocatorsWhenSwappedWhileThreadsAllocate() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong failures = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!stop.get()) {
                      try {
                        // Freed by the one that allocated it, or this throws.
                        face.free(face.malloc(16));
                      } catch (InvalidFreeException e) {
                        failures.incrementAndGet();
                      }
                    }
                  }));
    }
    int swaps = 0;
    long end = System.nanoTime() + 1_000_000_000;
    while (System.nanoTime() < end) {
      try {
        domains.set(Domain.MEM, swaps % 2 == 0 ? second : first);
        swaps++;
      } catch (SwapRefusedException e) {
        Thread.onSpinWait();
      }
    }
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures.get()).isZero();
    assertThat(swaps).isPositive();
    assertThat(domains.liveBlocks(Domain.MEM)).isZero();
    assertThat(first.stats().liveBlocks()).isZero();
    assertThat(second.stats().liveBlocks()).isZero();
  }
}
