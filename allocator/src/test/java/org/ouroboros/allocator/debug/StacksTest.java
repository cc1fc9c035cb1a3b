package org.ouroboros.allocator.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Domain;

class StacksTest {

  /** More than are kept without names. */
  private static final int MANY = 20_000;

  private static int noteHere(Stacks stacks) {
    return stacks.number(stacks.note());
  }

  private static int noteThere(Stacks stacks) {
    return stacks.number(stacks.note());
  }

  private static String name(Stacks stacks, int number) {
    return stacks.get(number).getFirst().getMethodName();
  }

  @Test
  void shouldTellTheCallersOfManyStacksWithAndWithoutNames() {
    Stacks stacks = new Stacks(2);
    int[] numbers = new int[MANY];
    for (int i = 0; i < MANY; i++) {
      numbers[i] = i % 3 == 0 ? noteHere(stacks) : noteThere(stacks);
    }
    for (int i = 0; i < MANY; i++) {
      assertThat(stacks.get(numbers[i])).hasSize(2);
      assertThat(name(stacks, numbers[i])).isEqualTo(i % 3 == 0 ? "noteHere" : "noteThere");
    }
    assertThat(numbers[0]).isNegative();
    assertThat(numbers[MANY - 1]).isPositive();
  }

  @Test
  void shouldUseReleasedNumbersAgainAndForgetTheirStacks() {
    Stacks stacks = new Stacks(2);
    int last = 0;
    for (int i = 0; i < 10 * MANY; i++) {
      last = noteHere(stacks);
      assertThat(last).isNegative();
      stacks.release(last);
    }
    assertThat(stacks.get(last)).isEmpty();
    assertThat(name(stacks, noteThere(stacks))).isEqualTo("noteThere");
  }

  @Test
  void shouldKeepNothingWithoutDepth() {
    Stacks stacks = new Stacks(0);
    assertThat(stacks.note()).isNull();
    assertThat(noteHere(stacks)).isEqualTo(Stacks.NONE);
    stacks.release(Stacks.NONE);
    assertThat(stacks.get(Stacks.NONE)).isEqualTo(List.of());
  }

  @Test
  void shouldReleaseTheStacksOfBlocksThatOthersReplace() {
    Stacks stacks = new Stacks(1);
    BlockTable table = new BlockTable(32, stacks);
    long address = 1 << 20;
    for (int i = 0; i < MANY; i++) {
      int allocated = noteHere(stacks);
      assertThat(allocated).isNegative();
      table.put(address, 8, 32, Domain.MEM, i, allocated);
      long freed = BlockInfo.freed(table.info(address));
      int there = noteThere(stacks);
      table.leave(table.chunk(address), address, freed, there);
      assertThat(table.allocStack(address)).isEqualTo(allocated);
      assertThat(table.freeStack(address)).isEqualTo(there);
    }
  }
}
