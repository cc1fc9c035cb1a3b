package org.ouroboros.allocator.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The writer's table of live blocks, against a map. */
class LiveBlocksTest {

  /** Number and size. */
  private record Block(long number, long size) {}

  private final LiveBlocks live = new LiveBlocks();
  private final Map<Long, Block> model = new HashMap<>();

  @Test
  void shouldFindWhatIsThereWhenBlocksComeAndGo() {
    Random random = new Random(1);
    for (long number = 0; number < 200_000; number++) {
      long address = address(random);
      assertThat(live.has(address)).isEqualTo(model.containsKey(address));
      if (model.containsKey(address)) {
        remove(address);
      } else {
        long size = random.nextLong(1L << random.nextInt(48));
        live.put(address, number, size);
        model.put(address, new Block(number, size));
      }
    }
    assertThat(model).hasSizeGreaterThan(1000);
    for (long address : model.keySet().toArray(Long[]::new)) {
      remove(address);
    }
    assertThat(live.remove(address(random))).isZero();
  }

  @Test
  void shouldKeepSizesAndNumbersWhenTheyAreAtTheirLimits() {
    long number = 0;
    for (long size : new long[] {0, 1, (1 << 20) - 2, (1 << 20) - 1, 1 << 20, (1L << 47) - 1}) {
      for (long address : new long[] {0, 16, 4080, 4096, (1 << 22) - 16, (1L << 47) - 16}) {
        live.put(address, number, size);
        model.put(address, new Block(number, size));
        remove(address);
        number += (1L << 43) / 40;
      }
    }
  }

  @Test
  void shouldTellRegionsApartWhenTheyShareAPlaceAtHand() {
    long stride = 1024L << 22;
    for (long i = 0; i < 100; i++) {
      live.put(i * stride, i, i);
    }
    for (long i = 0; i < 100; i++) {
      assertThat(live.has(i * stride)).isTrue();
      assertThat(live.has((i + 100) * stride)).isFalse();
      assertThat(LiveBlocks.number(live.remove(i * stride))).isEqualTo(i);
    }
  }

  private void remove(long address) {
    Block block = model.remove(address);
    long entry = live.remove(address);
    assertThat(new Block(LiveBlocks.number(entry), live.takeSize(entry))).isEqualTo(block);
    assertThat(live.has(address)).isFalse();
    assertThat(live.remove(address)).isZero();
  }

  /** In some dense pages, and in regions far apart, two of which have the same low bits. */
  private static long address(Random random) {
    long region = new long[] {0, 1, 1024, 1 << 20, (1 << 25) - 1}[random.nextInt(5)];
    return region << 22 | random.nextLong(20) << 12 | random.nextLong(256) << 4;
  }
}
