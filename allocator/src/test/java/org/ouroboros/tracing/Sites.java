package org.ouroboros.tracing;

import org.ouroboros.allocator.Allocator;

/** A program that is traced: outside of the library's packages, whose frames are skipped. */
public final class Sites {

  /** Its source file as traces name it. */
  public static final String FILE = "org/ouroboros/tracing/Sites.java";

  private Sites() {}

  /** One line that allocates. */
  public static long one(Allocator allocator, long size) {
    return allocator.malloc(size);
  }

  /** Another, with a frame more. */
  public static long two(Allocator allocator, long size) {
    return three(allocator, size);
  }

  private static long three(Allocator allocator, long size) {
    return allocator.calloc(1, size);
  }

  /** Every way to allocate there is, one a line. */
  public static long[] all(Allocator allocator) {
    long[] blocks = new long[5];
    blocks[0] = allocator.malloc(10);
    blocks[1] = allocator.calloc(4, 5);
    blocks[2] = allocator.alignedAlloc(64, 30);
    blocks[3] = allocator.realloc(allocator.malloc(1), 40);
    blocks[4] = allocator.allocate(50, 8).address();
    return blocks;
  }

  /** Calls itself. */
  public static long deep(Allocator allocator, int depth) {
    return depth == 0 ? allocator.malloc(8) : deep(allocator, depth - 1);
  }
}
