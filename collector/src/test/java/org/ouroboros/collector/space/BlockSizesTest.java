package org.ouroboros.collector.space;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The arithmetic of block sizes and spans, for all of them. */
class BlockSizesTest {

  @Test
  void everySizeFitsItsClassAndWastesLittle() {
    for (int bytes = 1; bytes <= BlockSizes.MAX_BYTES; bytes++) {
      int block = BlockSizes.granules(BlockSizes.of(bytes)) << 4;
      assertThat(block).as("block for %d bytes", bytes).isGreaterThanOrEqualTo(bytes);
      int most = bytes <= 512 ? bytes + 15 : bytes + bytes / 8 + 15;
      assertThat(block).as("block for %d bytes", bytes).isLessThanOrEqualTo(most);
    }
  }

  @Test
  void blocksOfAClassAreAlignedAsTheirSizeIs() {
    for (int alignment = 32; alignment <= BlockSizes.UNIT_BYTES; alignment *= 2) {
      for (int bytes = alignment; bytes <= BlockSizes.MAX_BYTES; bytes += alignment) {
        int block = BlockSizes.granules(BlockSizes.of(bytes)) << 4;
        assertThat(block % alignment).as("%d bytes aligned to %d", bytes, alignment).isZero();
      }
    }
  }

  @Test
  void spansAreFullOfBlocksThatDoNotOverlap() {
    for (int c = 0; c < BlockSizes.COUNT; c++) {
      int granules = BlockSizes.granules(c);
      int units = BlockSizes.spanUnits(c);
      assertThat(Integer.bitCount(units)).isEqualTo(1);
      long[] starts = BlockSizes.starts(c);
      assertThat(starts).hasSize(units);
      int span = units << BlockSizes.UNIT_SHIFT;
      int expected = 0;
      for (int g = 0; g < span; g++) {
        boolean begins = (starts[g >>> 6] & 1L << g) != 0;
        assertThat(begins).as("class %d, granule %d", c, g).isEqualTo(g == expected);
        if (begins) {
          expected = g + 2 * granules <= span ? g + granules : -1;
        }
      }
      assertThat(span % granules).as("lost at the end, class %d", c).isLessThanOrEqualTo(span / 16);
    }
  }
}
