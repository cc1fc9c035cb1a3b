package org.ouroboros.allocator.trace;

/**
 * How much of what is live is traced.
 *
 * @param current bytes that were asked for, of all live blocks that were allocated since tracing
 *     began or was cleared; of sampled traces an estimate
 * @param peak the most that {@code current} has been, since then or since the last {@link
 *     TracingAllocator#resetPeak}
 * @param lost blocks that are not traced because the Java heap had no room for it
 */
public record TracedMemory(long current, long peak, long lost) {}
