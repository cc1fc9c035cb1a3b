package org.ouroboros.allocator.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.source.FailingSource;
import org.ouroboros.allocator.source.FailingSource.Operation;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.SourceException;

/** Blocks with reservations of their own. */
class HugeBlocksTest {

  private final FailingSource source = new FailingSource(MappedFileSource.create(), false);
  private final HugeBlocks huge = new HugeBlocks(source);

  @Test
  void shouldKnowItsBlocksWhenTheyComeAndGo() {
    long a = huge.allocate(1, 1 << 22);
    final long b = huge.allocate(200_000, 16);
    assertThat(a % (1 << 22)).isZero();
    assertThat(huge.count()).isEqualTo(2);
    assertThat(huge.size(a)).isEqualTo(65_536);
    assertThat(huge.size(b)).isEqualTo(262_144);
    assertThat(huge.size(b + 16)).isEqualTo(-1);
    assertThat(huge.bytes()).isEqualTo(65_536 + 262_144);

    assertThat(huge.free(a + 16)).isFalse();
    assertThat(huge.free(a)).isTrue();
    assertThat(huge.free(a)).isFalse();

    assertThat(huge.count()).isEqualTo(1);
    assertThat(huge.bytes()).isEqualTo(262_144);
    assertThat(huge.peakBytes()).isEqualTo(65_536 + 262_144);
    assertThat(source.live()).hasSize(1);
    huge.releaseAll();
    assertThat(source.live()).isEmpty();
  }

  @Test
  void shouldFindTheSegmentWhenTheRangeLiesInside() {
    long block = huge.allocate(200_000, 16);
    assertThat(huge.containing(block, 262_144).byteSize()).isEqualTo(262_144);
    assertThat(huge.containing(block + 100, 10).address()).isEqualTo(block + 100);
    assertThat(huge.containing(block + 262_143, 1)).isNotNull();
    assertThat(huge.containing(block + 262_143, 2)).isNull();
    assertThat(huge.containing(block - 1, 2)).isNull();
    assertThat(huge.containing(block, Long.MAX_VALUE)).isNull();
    huge.releaseAll();
  }

  @Test
  void shouldLeakNothingWhenTheSourceFails() {
    for (Operation operation : new Operation[] {Operation.RESERVE, Operation.COMMIT}) {
      source.failOnce(operation, 1);
      assertThatExceptionOfType(SourceException.class).isThrownBy(() -> huge.allocate(1 << 20, 16));
      assertThat(source.live()).isEmpty();
      assertThat(huge.count()).isZero();
      assertThat(huge.bytes()).isZero();
    }
  }

  @Test
  void shouldRefuseAndLeakNothingWhenReleased() {
    huge.releaseAll();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> huge.allocate(1 << 20, 16));
    assertThat(source.live()).isEmpty();
  }
}
