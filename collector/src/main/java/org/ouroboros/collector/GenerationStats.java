package org.ouroboros.collector;

/**
 * What the collections of one generation did, all in all.
 *
 * @param collections how many there were
 * @param collected objects they found to be garbage and freed
 * @param uncollectable objects they found to be garbage and could not free
 * @param candidates objects they looked at
 * @param durationNanos how long they took, in nanoseconds, finalizers and callbacks included
 */
public record GenerationStats(
    long collections, long collected, long uncollectable, long candidates, long durationNanos) {}
