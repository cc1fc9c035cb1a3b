package org.ouroboros.collector.heap;

/**
 * Finds that the stack is about to end, before anything is begun that must not be cut short.
 *
 * <p>Thread rule: any thread. Cost: less than a microsecond.
 */
final class StackProbe {

  /** With some 50 bytes each, more than what a stopped world's own calls take together. */
  private static final int FRAMES = 300;

  private StackProbe() {}

  /**
   * Throws if there is little stack left.
   *
   * @throws StackOverflowError if so; nothing has been done
   */
  static void check() {
    // What is added cannot be known to the JIT, so that it keeps the frames.
    if (dive(FRAMES, FRAMES, 1, 2) == Long.MIN_VALUE) {
      throw new AssertionError("sums of small numbers are small");
    }
  }

  /** Four numbers live across the call: they have to lie in the frame. */
  private static long dive(int depth, long a, long b, long c) {
    return depth == 0 ? a + b + c : (dive(depth - 1, b + 1, c, a) & 0xFFFF) + (a ^ b ^ c) + depth;
  }
}
