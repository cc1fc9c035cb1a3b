package org.ouroboros.benchmarks.micro;

/**
 * What one fork measured.
 *
 * @param nanos nanoseconds an operation, the median of its iterations
 * @param heapBytes bytes of Java heap allocated an operation, the harness's own included
 */
public record Sample(double nanos, double heapBytes) {}
