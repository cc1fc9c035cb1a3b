package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an allocator should hold, in plain Java: the live blocks by address, each with content that
 * only it has. Every operation is done on the allocator and here, and compared.
 *
 * <p>Thread rule: one thread at a time.
 */
final class BlockModel {

  /** Of larger blocks only this much is filled, at either end. */
  private static final long END = 8 << 10;

  private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[64 << 10]);

  private final TreeMap<Long, Block> live = new TreeMap<>();
  private final List<Block> inOrder = new ArrayList<>();
  private long nextSeed = 1;

  /**
   * A live block.
   *
   * @param address where it begins
   * @param size what was asked for
   * @param usable what it may hold
   * @param head its first bytes
   * @param tail its last bytes, if it is large
   */
  record Block(long address, long size, long usable, TestBlock head, @Nullable TestBlock tail) {

    private void verify(Allocator allocator) {
      head.verify(allocator);
      if (tail != null) {
        tail.verify(allocator);
      }
    }
  }

  int count() {
    return live.size();
  }

  boolean isEmpty() {
    return live.isEmpty();
  }

  /** Any of the live blocks, by a number that need not be in range. */
  Block pick(int number) {
    return inOrder.get(Math.floorMod(number, inOrder.size()));
  }

  Block malloc(Allocator through, long size) {
    return admit(through, through.malloc(size), size, Allocator.MIN_ALIGNMENT);
  }

  Block calloc(Allocator through, long size) {
    long address = size % 3 == 0 ? through.calloc(3, size / 3) : through.calloc(1, size);
    MemorySegment block = through.segment(address, size);
    for (long at = 0; at < size; at += ZEROS.byteSize()) {
      long part = Math.min(ZEROS.byteSize(), size - at);
      assertThat(block.asSlice(at, part).mismatch(ZEROS.asSlice(0, part)))
          .as("first dirty byte, from %d, of a zeroed block of %d", at, size)
          .isEqualTo(-1);
    }
    return admit(through, address, size, Allocator.MIN_ALIGNMENT);
  }

  Block alignedAlloc(Allocator through, long alignment, long size) {
    return admit(through, through.alignedAlloc(alignment, size), size, alignment);
  }

  Block realloc(Allocator through, Block block, long size) {
    block.verify(through);
    long address = through.realloc(block.address, size);
    forget(block);
    TestBlock head = block.head;
    head.verify(through, address, Math.min(size, head.size()));
    return admit(through, address, size, Allocator.MIN_ALIGNMENT);
  }

  void free(Allocator through, Block block) {
    block.verify(through);
    forget(block);
    through.free(block.address);
  }

  void freeAll(Allocator through) {
    while (!isEmpty()) {
      free(through, inOrder.getLast());
    }
  }

  /** Fails unless all live blocks hold what they were filled with. */
  void verify(Allocator through) {
    live.values().forEach(block -> block.verify(through));
  }

  /** Drops a block that something else has freed. */
  void forget(Block block) {
    assertThat(live.remove(block.address)).isEqualTo(block);
    int at = inOrder.indexOf(block);
    Block last = inOrder.removeLast();
    if (last != block) {
      inOrder.set(at, last);
    }
  }

  private Block admit(Allocator through, long address, long size, long alignment) {
    long usable = through.usableSize(address);
    assertThat(usable).as("usable size of 0x%x", address).isGreaterThanOrEqualTo(size);
    assertThat(address & Math.max(alignment, Allocator.MIN_ALIGNMENT) - 1)
        .as("0x%x of %d bytes aligned to %d", address, size, alignment)
        .isZero();
    Map.Entry<Long, Block> before = live.floorEntry(address);
    Map.Entry<Long, Block> after = live.ceilingEntry(address);
    if (before != null && before.getKey() + before.getValue().usable > address
        || after != null && address + usable > after.getKey()) {
      throw new AssertionError(
          "0x%x of %d bytes lies between %s and %s".formatted(address, usable, before, after));
    }
    long seed = nextSeed++;
    Block block =
        size <= 2 * END
            ? new Block(address, size, usable, TestBlock.fill(through, address, size, seed), null)
            : new Block(
                address,
                size,
                usable,
                TestBlock.fill(through, address, END, seed),
                TestBlock.fill(through, address + size - END, END, ~seed));
    live.put(address, block);
    inOrder.add(block);
    return block;
  }

  /**
   * A random workload, all of which is checked and freed: what an allocator must still pass after
   * something has gone wrong.
   *
   * @param allocator through which
   * @param seed names the workload
   */
  static void exercise(Allocator allocator, long seed) {
    Random random = new Random(seed);
    BlockModel model = new BlockModel();
    try {
      for (int event = 0; event < 3000; event++) {
        long size = random.nextLong(1L << 1 + random.nextInt(random.nextInt(10) == 0 ? 18 : 11));
        switch (model.isEmpty() ? 0 : random.nextInt(8)) {
          case 0, 1, 2 -> model.malloc(allocator, size);
          case 3 -> model.calloc(allocator, size);
          case 4 -> model.alignedAlloc(allocator, 1L << random.nextInt(14), size);
          case 5 -> model.realloc(allocator, model.pick(random.nextInt()), size);
          default -> model.free(allocator, model.pick(random.nextInt()));
        }
      }
      model.freeAll(allocator);
    } catch (Throwable t) {
      throw new AssertionError("workload of seed " + seed, t);
    }
  }
}
