package org.ouroboros.allocator.arena;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;

/**
 * Blocks of an allocator under the scope of a JDK confined arena, which holds no memory itself.
 *
 * <p>The JDK's arena does all the checking: putting its scope on a segment throws for another
 * thread and after the close, and so do accesses. Hence no state of ours is touched before {@code
 * reinterpret} has returned, and none is needed to tell who may call.
 *
 * <p>The first block is a field, because most arenas have one, and because an object without loops
 * over its parts can be kept in registers by the JIT. Invariant: {@code more} is not null only if
 * {@code first} is a block. Blocks are freed newest first, after the scope has ended: if that is
 * refused (a native call holds it), nothing has changed.
 *
 * <p>Thread rule: one thread, the JDK's arena sees to it. Needs native access.
 */
final class ConfinedArena implements Arena {

  private final Allocator allocator;
  private final Arena scope = Arena.ofConfined();

  /** The first block; 0 if there is none. */
  private long first;

  /** The others, newest first. */
  private @Nullable Block more;

  ConfinedArena(Allocator allocator) {
    this.allocator = allocator;
  }

  @Override
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    long address = ZeroedBlocks.allocate(allocator, byteSize, byteAlignment);
    MemorySegment segment = scoped(address, byteSize);
    if (first == 0) {
      first = address;
    } else {
      more = new Block(address, byteSize, more);
    }
    return segment;
  }

  /** The block as a segment of this arena; it is freed if the caller may have none. */
  private MemorySegment scoped(long address, long size) {
    try {
      return ZeroedBlocks.segment(address, size, scope);
    } catch (RuntimeException e) {
      allocator.free(address);
      throw e;
    }
  }

  @Override
  public MemorySegment.Scope scope() {
    return scope.scope();
  }

  @Override
  public void close() {
    scope.close();
    if (more != null) {
      Block.freeAll(allocator, new Block(first, 0, more));
    } else if (first != 0) {
      allocator.free(first);
    }
  }
}
