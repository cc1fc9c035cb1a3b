package org.ouroboros.benchmarks.graph;

/**
 * A full collection as the program felt it.
 *
 * @param label what was collected
 * @param nanos how long it took
 */
record Pause(String label, long nanos) {}
