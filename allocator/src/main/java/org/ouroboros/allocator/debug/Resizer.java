package org.ouroboros.allocator.debug;

import java.lang.foreign.MemorySegment;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Domain;

/**
 * Gives a block another size: one that shrinks a little stays where it is, all others move.
 *
 * <p>Thread rule: as {@link DebugCore}, which has checked the thread.
 */
final class Resizer {

  private final DebugCore core;
  private final Allocator inner;
  private final BlockLayout layout;
  private final Stripes stripes;

  Resizer(DebugCore core, BlockLayout layout, Stripes stripes) {
    this.core = core;
    this.inner = core.inner;
    this.layout = layout;
    this.stripes = stripes;
  }

  /** Resizes a block; neither its address is 0 nor the size negative. */
  long realloc(long address, long size, Domain domain) {
    long old = shrinkInPlace(address, size, domain);
    if (old < 0) {
      return address;
    }
    // A block that grows always moves, so that whoever kept the old address is found out.
    long content = Math.min(old, size);
    long moved = core.allocate(size, Allocator.MIN_ALIGNMENT, false, content, domain);
    MemorySegment from = Memory.of(inner, address, old);
    MemorySegment to = Memory.of(inner, moved, size);
    MemorySegment.copy(from, address - from.address(), to, moved - to.address(), content);
    try {
      core.free(address, domain);
    } catch (RuntimeException e) {
      core.free(moved, domain);
      throw e;
    }
    return moved;
  }

  /** The size that the block has, or -1 if it was resized. */
  private long shrinkInPlace(long address, long size, Domain domain) {
    Stripe stripe = stripes.of(address);
    stripe.lock();
    try {
      long info = stripe.table.info(address);
      if (BlockInfo.isLive(info, domain)) {
        return shrinkInPlace(stripe.table, address, info, size);
      }
    } finally {
      stripe.unlock();
    }
    throw core.inspector.invalid(address);
  }

  private long shrinkInPlace(BlockTable table, long address, long info, long size) {
    long old = BlockInfo.size(info);
    long front = BlockInfo.front(info);
    MemorySegment memory = Memory.of(inner, address - front, layout.total(front, old));
    long at = address - memory.address();
    if (!layout.isIntact(memory, at, old, BlockInfo.domain(info))) {
      throw core.inspector.damage(table, address);
    }
    // One that shrinks by much moves too, or it would hold on to what it does not need.
    if (size > old || size < old / 2) {
      return old;
    }
    layout.shrink(memory, at, old, size);
    table.resize(address, info, size);
    return -1;
  }
}
