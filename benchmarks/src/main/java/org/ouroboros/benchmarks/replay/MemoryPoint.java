package org.ouroboros.benchmarks.replay;

/**
 * One reading over a run.
 *
 * @param call the call before which it was taken
 * @param live bytes requested by live blocks
 * @param resident bytes the allocator holds resident
 * @param committed bytes it holds committed, -1 if unknown
 */
record MemoryPoint(long call, long live, long resident, long committed) {}
