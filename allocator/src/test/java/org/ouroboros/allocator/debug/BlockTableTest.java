package org.ouroboros.allocator.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.Domain;

/** The table by addresses that no memory stands behind. */
class BlockTableTest {

  private static final long BASE = 0x7f00_0000_0000L;

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 64, 4096})
  void shouldKnowEachBlockWhenTheyLieAsNearAsGuardsAllow(int guard) {
    BlockTable table = new BlockTable(guard, null);
    Map<Long, Long> sizes = new HashMap<>();
    long address = BASE;
    for (int i = 0; i < 20_000; i++) {
      table.put(address, i % 100, guard, Domain.OBJECT, i, Stacks.NONE);
      sizes.put(address, (long) i % 100);
      address += 2L * guard + (i % 100 + 15 & -16);
    }

    sizes.forEach(
        (begin, size) -> {
          long info = table.info(begin);
          assertThat(BlockInfo.isLive(info, Domain.OBJECT)).isTrue();
          assertThat(BlockInfo.isLive(info, Domain.MEM)).isFalse();
          assertThat(BlockInfo.size(info)).isEqualTo(size);
          assertThat(BlockInfo.front(info)).isEqualTo(guard);
          assertThat(table.info(begin + 8)).isEqualTo(BlockInfo.NONE);
        });
    Map<Long, Long> visited = new HashMap<>();
    table.forEach((begin, info) -> visited.put(begin, BlockInfo.size(info)));
    assertThat(visited).isEqualTo(sizes);
    assertThat(table.live()).isEqualTo(sizes.size());
  }

  @Test
  void shouldForgetFreedBlocksAndNotGrowWhenAddressesAreNeverUsedAgain() {
    BlockTable table = new BlockTable(32, new Stacks(1));
    table.put(BASE, 7, 32, Domain.MEM, 1, 3);
    for (long i = 1; i < 10_000; i++) {
      long address = BASE + (i << 20);
      table.put(address, 100, 32, Domain.MEM, i, 4);
      long freed = BlockInfo.freed(table.info(address));
      table.leave(table.chunk(address), address, freed, 5);
      assertThat(table.info(address)).isEqualTo(freed);
      assertThat(table.freeStack(address)).isEqualTo(5);
    }

    assertThat(table.bytes()).isLessThan(1 << 20);
    assertThat(BlockInfo.size(table.info(BASE))).isEqualTo(7);
    assertThat(table.allocStack(BASE)).isEqualTo(3);
    assertThat(table.live()).isEqualTo(1);
    assertThat(table.liveBytes()).isEqualTo(7);
  }

  @Test
  void shouldRefuseWhenAnAddressIsHandedOutTwice() {
    BlockTable table = new BlockTable(32, null);
    table.put(BASE, 7, 32, Domain.MEM, 1, Stacks.NONE);

    assertThatIllegalStateException()
        .isThrownBy(() -> table.put(BASE, 7, 32, Domain.MEM, 2, Stacks.NONE))
        .withMessageContaining("0x7f0000000000 twice");
  }
}
