package org.ouroboros.benchmarks.graph;

/**
 * What the objects of a type take.
 *
 * @param name of the type
 * @param objects how many there are
 * @param heapBytes what they take in the heap, headers included, before rounding
 * @param dumpedBytes what the file says they took in the program: payloads and 8 bytes an edge
 */
record TypeBytes(String name, long objects, long heapBytes, long dumpedBytes) {}
