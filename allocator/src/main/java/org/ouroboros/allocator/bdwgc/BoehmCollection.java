package org.ouroboros.allocator.bdwgc;

/**
 * What a collection found.
 *
 * @param number how many collections there have been in this process, with this one
 * @param usedBytesBefore bytes of the heap that were not in whole free pages before it: blocks, and
 *     the free places between them
 * @param usedBytesAfter the same after it
 * @param heapBytes bytes of the whole heap after it
 */
public record BoehmCollection(
    long number, long usedBytesBefore, long usedBytesAfter, long heapBytes) {}
