package org.ouroboros.allocator.record;

/**
 * The number and the size of each live block by its address: a table with linear probing, never
 * more than half full. Addresses are multiples of 16 and not 0.
 *
 * <p>Thread rule: the writer's.
 */
final class LiveBlocks {

  private static final int WORDS = 3;
  private static final int FIRST_SLOTS = 1024;

  /** Address, number and size of each slot; address 0 where the slot is empty. */
  private long[] slots = new long[FIRST_SLOTS * WORDS];

  private int mask = FIRST_SLOTS - 1;
  private int count;

  /** The slot of a block, or -1. */
  int find(long address) {
    long[] words = slots;
    for (int slot = home(address); ; slot = slot + 1 & mask) {
      long there = words[slot * WORDS];
      if (there == address) {
        return slot;
      }
      if (there == 0) {
        return -1;
      }
    }
  }

  long number(int slot) {
    return slots[slot * WORDS + 1];
  }

  long size(int slot) {
    return slots[slot * WORDS + 2];
  }

  /** Adds a block that is not there. */
  void put(long address, long number, long size) {
    if (count >= mask + 1 >> 1) {
      grow();
    }
    count++;
    int slot = home(address);
    while (slots[slot * WORDS] != 0) {
      slot = slot + 1 & mask;
    }
    set(slot, address, number, size);
  }

  /** Removes a block, and closes the gap. */
  void remove(int slot) {
    count--;
    int gap = slot;
    for (int at = gap + 1 & mask; slots[at * WORDS] != 0; at = at + 1 & mask) {
      int home = home(slots[at * WORDS]);
      // It may move to the gap unless its home lies behind the gap, in cyclic order.
      if ((at - home & mask) >= (at - gap & mask)) {
        set(gap, slots[at * WORDS], slots[at * WORDS + 1], slots[at * WORDS + 2]);
        gap = at;
      }
    }
    slots[gap * WORDS] = 0;
  }

  int count() {
    return count;
  }

  private void set(int slot, long address, long number, long size) {
    slots[slot * WORDS] = address;
    slots[slot * WORDS + 1] = number;
    slots[slot * WORDS + 2] = size;
  }

  private int home(long address) {
    return (int) (address * 0x9E3779B97F4A7C15L >>> 32) & mask;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[old.length * 2];
    mask = mask * 2 + 1;
    count = 0;
    for (int i = 0; i < old.length; i += WORDS) {
      if (old[i] != 0) {
        put(old[i], old[i + 1], old[i + 2]);
      }
    }
  }
}
