package org.ouroboros.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.trace.GroupBy;
import org.ouroboros.allocator.trace.Snapshot;
import org.ouroboros.allocator.trace.Statistic;
import org.ouroboros.allocator.trace.TraceOptions;
import org.ouroboros.allocator.trace.TracingAllocator;

/** Traces of a share of the blocks, which the default allocator chooses itself. */
class SampledTracingTest {

  @Test
  void shouldSampleShortLivedBlocksToo() {
    try (OuroborosAllocator shared = OuroborosAllocator.create();
        TracingAllocator sampled =
            TracingAllocator.wrap(
                shared.confined(), TraceOptions.DEFAULT.withSampleBytes(1 << 12))) {
      int seen = 0;
      for (int i = 0; i < 200_000; i++) {
        long block = Sites.one(sampled, 64);
        seen += sampled.traceOf(block).isPresent() ? 1 : 0;
        sampled.free(block);
      }
      // 200,000 * (1 - exp(-1 / 64)), and five standard errors.
      assertThat(seen).isCloseTo(3101, within(280));
      assertThat(sampled.tracedMemory().current()).isZero();
      assertThat(sampled.snapshot().traces()).isEmpty();
    }
  }

  @Test
  void shouldEstimateWithoutBiasWhenSampledBlocksAreResized() {
    try (TracingAllocator sampled =
        TracingAllocator.wrap(
            OuroborosAllocator.create(), TraceOptions.DEFAULT.withSampleBytes(4096))) {
      for (int i = 0; i < 100_000; i++) {
        long block = Sites.one(sampled, 100);
        // In place, in place again, or to another class.
        sampled.realloc(sampled.realloc(block, 112), i % 2 == 0 ? 97 : 300);
      }
      Snapshot snapshot = sampled.snapshot();
      List<Statistic> rows = snapshot.statistics(GroupBy.METHOD);
      assertThat(rows).as("where they were resized last").hasSize(1);
      // Some 1200 samples of 50,000 blocks of 97 bytes, 3500 of as many of 300.
      long small =
          snapshot.traces().stream()
              .filter(one -> one.size() == 97)
              .mapToLong(one -> Math.round(one.weight()))
              .sum();
      assertThat(small).isCloseTo(50_000, within(7_500L));
      assertThat(rows.getFirst().size()).isCloseTo(19_850_000L, within(1_800_000L));
      assertThat(sampled.tracedMemory().current())
          .isCloseTo(rows.getFirst().size(), within(5_000L));
    }
  }

  @Test
  void shouldSampleAlignedZeroedAndLargeBlocks() {
    try (TracingAllocator sampled =
        TracingAllocator.wrap(
            OuroborosAllocator.create(), TraceOptions.DEFAULT.withSampleBytes(1))) {
      for (int round = 0; round < 3; round++) {
        for (long size : new long[] {16, 100, 5000, 50_000, 300_000, 40 << 20}) {
          long block = sampled.alignedAlloc(4096, size);
          assertThat(block % 4096).isZero();
          assertThat(sampled.traceOf(block).orElseThrow().size()).isEqualTo(size);
          sampled.segment(block, size).fill((byte) -1);
          sampled.free(block);
          assertThat(sampled.traceOf(block)).isEmpty();
          long zeroed = sampled.calloc(1, size);
          assertThat(sampled.traceOf(zeroed)).isPresent();
          assertThat(
                  sampled
                      .segment(zeroed, size)
                      .mismatch(MemorySegment.ofArray(new byte[(int) size])))
              .isEqualTo(-1);
          long larger = sampled.realloc(zeroed, size + 70_000);
          assertThat(sampled.traceOf(larger).orElseThrow().size()).isEqualTo(size + 70_000);
          sampled.free(larger);
        }
      }
      assertThat(sampled.tracedMemory().current()).isZero();
      assertThat(sampled.stats().liveBlocks()).isZero();
    }
  }

  @Test
  void shouldSampleFromStartToStop() {
    try (OuroborosAllocator shared = OuroborosAllocator.create()) {
      TracingAllocator sampled =
          TracingAllocator.wrap(shared, TraceOptions.DEFAULT.withSampleBytes(1).withStart(false));
      long before = sampled.malloc(100);
      sampled.start();
      long during = sampled.malloc(100);
      assertThat(sampled.traceOf(during)).isPresent();
      assertThat(shared.malloc(100)).as("not through the tracer").isNotZero();
      assertThat(sampled.snapshot().traces()).hasSize(1);
      sampled.clear();
      assertThat(sampled.traceOf(during)).isEmpty();
      sampled.free(during);
      assertThat(sampled.traceOf(sampled.malloc(100))).isPresent();
      sampled.stop();
      assertThat(sampled.traceOf(sampled.malloc(100))).isEmpty();
      sampled.start(2);
      assertThat(sampled.traceOf(sampled.malloc(100))).isPresent();
      sampled.stop();
      sampled.start(TraceOptions.DEFAULT);
      assertThat(sampled.traceOf(sampled.malloc(100)).orElseThrow().weight()).isEqualTo(1);
      sampled.free(before);
    }
  }

  @Test
  void shouldSampleOnManyThreads() throws Exception {
    try (TracingAllocator sampled =
        TracingAllocator.wrap(
            OuroborosAllocator.create(), TraceOptions.DEFAULT.withSampleBytes(2000))) {
      var queue = new LinkedBlockingQueue<Long>();
      var failures = new LinkedBlockingQueue<Throwable>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Runnable work =
            () -> {
              for (int n = 0; n < 20_000; n++) {
                queue.add(sampled.realloc(sampled.malloc(n & 511), n & 1023));
                Long other = queue.poll();
                if (other != null) {
                  sampled.free(other);
                }
              }
            };
        Thread.Builder builder = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
        threads.add(builder.uncaughtExceptionHandler((thread, e) -> failures.add(e)).start(work));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
      queue.forEach(sampled::free);
      assertThat(sampled.tracedMemory().current()).isZero();
      assertThat(sampled.snapshot().traces()).isEmpty();
      assertThat(sampled.stats().liveBlocks()).isZero();
    }
  }
}
