package org.ouroboros.benchmarks.pauses;

import java.util.Arrays;

/** What was outstanding at some moments: nodes that nothing leads to and that still exist. */
final class Samples {

  private static final int FIRST_CAPACITY = 1 << 12;

  private long[] times = new long[FIRST_CAPACITY];
  private long[] garbage = new long[FIRST_CAPACITY];
  private long[] reachable = new long[FIRST_CAPACITY];
  private int size;

  void add(long time, long garbageNodes, long reachableNodes) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      garbage = Arrays.copyOf(garbage, 2 * size);
      reachable = Arrays.copyOf(reachable, 2 * size);
    }
    times[size] = time;
    garbage[size] = garbageNodes;
    reachable[size++] = reachableNodes;
  }

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  long time(int index) {
    return times[index];
  }

  long garbage(int index) {
    return garbage[index];
  }

  long reachable(int index) {
    return reachable[index];
  }

  /** The most garbage there was, over what was reachable then; NaN if nothing was sampled. */
  double mostRatio() {
    double most = Double.NaN;
    for (int i = 0; i < size; i++) {
      most = i == 0 ? ratio(i) : Math.max(most, ratio(i));
    }
    return most;
  }

  /** The same in the last quarter of the time. */
  double mostRatioLate() {
    if (size == 0) {
      return Double.NaN;
    }
    long from = times[0] + (times[size - 1] - times[0]) / 4 * 3;
    double most = 0;
    for (int i = 0; i < size; i++) {
      most = times[i] < from ? most : Math.max(most, ratio(i));
    }
    return most;
  }

  /** The mean of the same; NaN if nothing was sampled. */
  double meanRatio() {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += ratio(i);
    }
    return sum / size;
  }

  private double ratio(int index) {
    return (double) garbage[index] / reachable[index];
  }

  /** Adds all of others, with times counted from a moment. */
  void addAll(Samples others, long zero) {
    for (int i = 0; i < others.size; i++) {
      add(others.times[i] - zero, others.garbage[i], others.reachable[i]);
    }
  }
}
