package org.ouroboros.allocator.leak;

import java.util.List;

/**
 * A block that was handed out and not freed.
 *
 * @param address where it begins
 * @param bytes what was asked for, or what it has, as its allocator counts
 * @param stack of its allocation, innermost frame first; empty where that was not noted
 */
public record LiveBlock(long address, long bytes, List<StackTraceElement> stack) {

  /** Copies the list. */
  public LiveBlock {
    stack = List.copyOf(stack);
  }
}
