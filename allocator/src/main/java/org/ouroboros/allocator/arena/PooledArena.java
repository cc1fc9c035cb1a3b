package org.ouroboros.allocator.arena;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;

/**
 * An arena of a {@link SharedArenaPool}: a list of blocks under the scope of an {@link Epoch}.
 *
 * <p>Protocol. Allocating pushes a block on the list; closing exchanges the list for {@link
 * #CLOSED}, on which nothing is pushed. So of two closes one finds {@code CLOSED}, and a block is
 * either pushed before the close, and goes to the quarantine with the others, or its allocation
 * throws and frees it: nobody has seen it.
 *
 * <p>The race: a block that was pushed just before a close may be in the quarantine, or even given
 * back, before its segment has been made. Making it throws then, or the segment is an old one, and
 * the epoch's scope guards it as it does all of them.
 *
 * <p>Thread rule: any thread; {@link #freeBlocks} and {@link #nextClosed} as {@link Epoch} says.
 */
final class PooledArena implements Arena {

  /** The list of a closed arena. */
  private static final Block CLOSED = new Block(0, 0, null);

  private static final VarHandle BLOCKS;

  static {
    try {
      BLOCKS = MethodHandles.lookup().findVarHandle(PooledArena.class, "blocks", Block.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Epoch epoch;

  /** The blocks, newest first; {@link #CLOSED} after the close. */
  private volatile @Nullable Block blocks;

  /** What is to be freed. Written by who closes, before the arena goes to the quarantine. */
  private @Nullable Block left;

  /** The quarantine's link. */
  @Nullable PooledArena nextClosed;

  PooledArena(Epoch epoch) {
    this.epoch = epoch;
  }

  @Override
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    if (blocks == CLOSED) {
      throw alreadyClosed();
    }
    long address = ZeroedBlocks.allocate(epoch.allocator, byteSize, byteAlignment);
    push(address, byteSize);
    return ZeroedBlocks.segment(address, byteSize, epoch.scope);
  }

  private void push(long address, long size) {
    Block head;
    do {
      head = blocks;
      if (head == CLOSED) {
        epoch.allocator.free(address);
        throw alreadyClosed();
      }
    } while (!BLOCKS.compareAndSet(this, head, new Block(address, size, head)));
  }

  @Override
  public MemorySegment.Scope scope() {
    return epoch.scope.scope();
  }

  @Override
  public void close() {
    Block list = (Block) BLOCKS.getAndSet(this, CLOSED);
    if (list == CLOSED) {
      throw alreadyClosed();
    }
    left = list;
    long size = 0;
    for (Block block = list; block != null; block = block.next()) {
      // At least one byte each, so that an arena with blocks never counts as empty.
      size += Math.max(1, block.size());
    }
    epoch.leave(this, size);
  }

  /** Gives the blocks back, after the epoch's scope has ended. */
  void freeBlocks(Allocator allocator) {
    Block list = left;
    left = null;
    Block.freeAll(allocator, list);
  }

  private static IllegalStateException alreadyClosed() {
    return new IllegalStateException("Already closed");
  }
}
