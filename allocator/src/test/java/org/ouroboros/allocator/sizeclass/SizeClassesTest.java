package org.ouroboros.allocator.sizeclass;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Every size there is a class for. */
class SizeClassesTest {

  @Test
  void shouldFitTightlyWhenAskedForAnySize() {
    int last = 0;
    for (int size = 0; size <= SizeClasses.MAX_MEDIUM; size++) {
      int sizeClass = SizeClasses.of(size);
      int block = SizeClasses.blockSize(sizeClass);
      if (block < size
          || sizeClass < last
          || sizeClass > last + 1
          || sizeClass > 0 && SizeClasses.blockSize(sizeClass - 1) >= size) {
        throw new AssertionError(
            "size %d: class %d of %d bytes, after class %d"
                .formatted(size, sizeClass, block, last));
      }
      last = sizeClass;
    }
    assertThat(last).isEqualTo(SizeClasses.COUNT - 1);
    assertThat(SizeClasses.blockSize(last)).isEqualTo(SizeClasses.MAX_MEDIUM);
  }

  @Test
  void shouldWasteAStepAtMostWhenAskedForAnySize() {
    for (int size = 1; size <= SizeClasses.MAX_MEDIUM; size++) {
      int waste = SizeClasses.blockSize(SizeClasses.of(size)) - size;
      if (waste > 15 && waste > size / SizeClasses.PER_DOUBLING) {
        throw new AssertionError("size %d: %d bytes wasted".formatted(size, waste));
      }
    }
  }

  @Test
  void shouldGrowByTheGranuleWhenClassesAreCounted() {
    int before = 0;
    for (int c = 0; c < SizeClasses.COUNT; c++) {
      int block = SizeClasses.blockSize(c);
      assertThat(block).isGreaterThan(before);
      assertThat(block % 16).isZero();
      assertThat(SizeClasses.of(block)).as("class of %d", block).isEqualTo(c);
      assertThat(SizeClasses.of(before + 1)).as("class of %d", before + 1).isEqualTo(c);
      before = block;
    }
    for (int size = 128; size < SizeClasses.MAX_MEDIUM; size *= 2) {
      assertThat(SizeClasses.of(2 * size) - SizeClasses.of(size))
          .as("classes from %d to its double", size)
          .isEqualTo(SizeClasses.PER_DOUBLING);
    }
  }

  @Test
  void shouldBeSmallOrMediumWhenClassesAreCounted() {
    for (int size = 0; size <= SizeClasses.MAX_MEDIUM; size++) {
      boolean small = SizeClasses.of(size) < SizeClasses.SMALL_COUNT;
      if (small != size <= SizeClasses.MAX_SMALL) {
        throw new AssertionError("size " + size + ", small: " + small);
      }
      if (small && SizeClasses.ofSmall(size) != SizeClasses.of(size)) {
        throw new AssertionError("size " + size + " has two classes");
      }
    }
  }

  @Test
  void shouldAlignEveryBlockWhenTheSizeIsRoundedUp() {
    for (long alignment = 1; alignment <= SizeClasses.MAX_MEDIUM; alignment *= 2) {
      for (long size = 0; size <= SizeClasses.MAX_MEDIUM; size++) {
        long rounded = SizeClasses.roundToAlignment(size, alignment);
        if (rounded < size
            || rounded % alignment != 0
            || rounded - alignment >= Math.max(size, 1)) {
          throw new AssertionError("%d to %d: %d".formatted(size, alignment, rounded));
        }
        if (rounded <= SizeClasses.MAX_MEDIUM) {
          int block = SizeClasses.blockSize(SizeClasses.of((int) rounded));
          if (block % alignment != 0) {
            throw new AssertionError("%d to %d: block of %d".formatted(size, alignment, block));
          }
        }
      }
    }
  }

  @Test
  void shouldBeNegativeWhenRoundingOverflows() {
    assertThat(SizeClasses.roundToAlignment(Long.MAX_VALUE, 4096)).isNegative();
    assertThat(SizeClasses.roundToAlignment(Long.MAX_VALUE - 15, 16)).isPositive();
  }
}
