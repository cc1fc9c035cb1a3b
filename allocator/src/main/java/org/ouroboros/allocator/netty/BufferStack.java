package org.ouroboros.allocator.netty;

import org.jspecify.annotations.Nullable;

/**
 * Released buffers of one thread, to be used again, and its part of the counters. The thread that
 * releases keeps the buffer, whoever allocated it; so a part may be negative, and the sum is right.
 *
 * <p>Thread rule: the owner alone; the counters may be read by others, late.
 */
final class BufferStack {

  /** More are left to the garbage collector: some 6 KiB of Java heap a thread at the most. */
  static final int LIMIT = 64;

  private final @Nullable BlockByteBuf[] kept = new BlockByteBuf[LIMIT];
  private int size;

  /** Written by the owner itself, so that who reads its own name here has what stands here. */
  @Nullable Thread owner;

  /** Buffers allocated less those released by this thread. */
  long buffers;

  /** Bytes of their blocks. */
  long bytes;

  BufferStack(@Nullable Thread owner) {
    this.owner = owner;
  }

  /**
   * Takes a buffer off, or null. Its place keeps the reference: as a rule the buffer comes back to
   * it, and is not stored again.
   */
  @Nullable BlockByteBuf take() {
    int top = size - 1;
    if (top < 0) {
      return null;
    }
    size = top;
    return kept[top];
  }

  /** Drops the reference to what was taken last: a buffer that is to be seen as garbage if lost. */
  void forget() {
    kept[size] = null;
  }

  /** Keeps a buffer whose reference count is 0, if there is room. */
  void keep(BlockByteBuf buffer) {
    int top = size;
    if (top < kept.length) {
      if (kept[top] != buffer) {
        kept[top] = buffer;
      }
      size = top + 1;
    }
  }

  void count(int buffers, long bytes) {
    this.buffers += buffers;
    this.bytes += bytes;
  }
}
