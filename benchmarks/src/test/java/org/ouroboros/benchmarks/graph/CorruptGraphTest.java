package org.ouroboros.benchmarks.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever happens to a graph, it either decodes or the error is typed and tells the place. */
class CorruptGraphTest {

  private static final int OBJECTS = 200;
  private static final int CHANGES = 10_000;

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
      byte[] gzip = GraphBuilder.gzip(Arrays.copyOf(stream, length));
      assertThat(refused(gzip)).as("length %d", length).isTrue();
    }
  }

  @Test
  void shouldRefuseOrDecodeStreamsWithChangedBytes() throws IOException {
    long seed = System.nanoTime();
    System.out.println("CorruptGraphTest streams, seed " + seed);
    Random random = new Random(seed);
    byte[] stream = random(random).stream();
    int refused = 0;
    for (int i = 0; i < CHANGES; i++) {
      byte[] changed = stream.clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      refused += refused(GraphBuilder.gzip(changed)) ? 1 : 0;
    }
    assertThat(refused).isGreaterThan(CHANGES / 4);
  }

  private static boolean refused(byte[] gzip) throws IOException {
    try {
      GraphBuilder.decode(gzip);
      return false;
    } catch (GraphException e) {
      assertThat(e.offset()).isNotNegative();
      assertThat(e.getMessage().lines()).hasSize(1);
      return true;
    }
  }

  /** A valid graph of random objects. */
  static GraphBuilder random(Random random) {
    GraphBuilder builder = new GraphBuilder();
    for (int i = 0; i < OBJECTS; i++) {
      long[] targets = random.longs(random.nextInt(4), 0, OBJECTS).toArray();
      builder.object(random.nextInt(3), random.nextInt(300), random.nextInt(3) / 2, targets);
    }
    return builder
        .expect("{\"kind\":\"none\"}", 0, 0)
        .expect("{\"kind\":\"all\"}", 0, 0)
        .expect("{\"kind\":\"mod\",\"m\":3,\"r\":1}", 0, 0)
        .expect("{\"kind\":\"exceptTypes\",\"types\":[\"a\"]}", 0, 0);
  }
}
