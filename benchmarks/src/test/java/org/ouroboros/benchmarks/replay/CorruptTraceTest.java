package org.ouroboros.benchmarks.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever happens to a trace, it either decodes or the error is typed and tells the place. */
class CorruptTraceTest {

  private static final int EVENTS = 400;
  private static final int FLIPS = 20_000;

  @Test
  void shouldRefuseEveryTruncatedFile() throws IOException {
    byte[] gzip = random(new Random(1)).gzip();
    for (int length = 0; length < gzip.length; length++) {
      assertThat(refused(Arrays.copyOf(gzip, length))).as("length %d", length).isTrue();
    }
  }

  @Test
  void shouldRefuseEveryTruncatedStream() throws IOException {
    byte[] stream = random(new Random(2)).stream();
    for (int length = 0; length < stream.length; length++) {
      byte[] gzip = TraceBuilder.gzip(Arrays.copyOf(stream, length));
      assertThat(refused(gzip)).as("length %d", length).isTrue();
    }
  }

  @Test
  void shouldRefuseOrDecodeFilesWithChangedBytes() throws IOException {
    long seed = System.nanoTime();
    System.out.println("CorruptTraceTest files, seed " + seed);
    Random random = new Random(seed);
    byte[] gzip = random(random).gzip();
    int refused = 0;
    for (int i = 0; i < FLIPS; i++) {
      refused += refused(changed(gzip, random)) ? 1 : 0;
    }
    // the header of gzip holds a time and more that means nothing
    assertThat(refused).isGreaterThan(FLIPS / 2);
  }

  @Test
  void shouldRefuseOrDecodeStreamsWithChangedBytes() throws IOException {
    long seed = System.nanoTime();
    System.out.println("CorruptTraceTest streams, seed " + seed);
    Random random = new Random(seed);
    byte[] stream = random(random).stream();
    int refused = 0;
    for (int i = 0; i < FLIPS; i++) {
      refused += refused(TraceBuilder.gzip(changed(stream, random))) ? 1 : 0;
    }
    assertThat(refused).isGreaterThan(FLIPS / 2);
  }

  private static boolean refused(byte[] gzip) throws IOException {
    try {
      TraceBuilder.decode(gzip);
      return false;
    } catch (TraceException e) {
      assertThat(e.offset()).isNotNegative();
      assertThat(e.getMessage().lines()).hasSize(1);
      return true;
    }
  }

  private static byte[] changed(byte[] bytes, Random random) {
    byte[] changed = bytes.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
    }
    return changed;
  }

  /** A valid trace of random events. */
  static TraceBuilder random(Random random) {
    TraceBuilder builder = new TraceBuilder();
    long[] sizes = new long[EVENTS];
    boolean[] live = new boolean[EVENTS];
    long bytes = 0;
    long blocks = 0;
    long peakBytes = 0;
    long peakBlocks = 0;
    int created = 0;
    int thread = 0;
    for (int i = 0; i < EVENTS; i++) {
      int id = created == 0 ? 0 : random.nextInt(created);
      long size = 1L + random.nextInt(1 << random.nextInt(14));
      int choice = random.nextInt(10);
      if (choice == 9) {
        thread = 1 - thread;
        builder.thread(thread).header("threads", 2);
      } else if (choice >= 5 && live[id]) {
        bytes -= sizes[id];
        if (choice == 5) {
          builder.realloc(created - id, size);
          sizes[id] = size;
          bytes += size;
        } else {
          builder.free(created - id);
          live[id] = false;
          blocks--;
        }
      } else {
        switch (choice % 3) {
          case 0 -> builder.malloc(size);
          case 1 -> builder.calloc(size);
          default -> builder.aligned(random.nextInt(13), size);
        }
        live[created] = true;
        sizes[created++] = size;
        bytes += size;
        blocks++;
      }
      peakBytes = Math.max(peakBytes, bytes);
      peakBlocks = Math.max(peakBlocks, blocks);
    }
    return builder
        .header("peakLiveBytes", peakBytes)
        .header("peakLiveBlocks", peakBlocks)
        .header("endLiveBlocks", blocks);
  }
}
