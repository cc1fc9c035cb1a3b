package org.ouroboros.benchmarks.replay;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is found out about one trace on one allocator, filled in pass by pass. Figures that were not
 * taken are {@link #UNKNOWN}. Each pass's thread owns the pair it works on; passes are ordered by
 * the executor that runs them.
 */
final class Measurement {

  static final long UNKNOWN = -1;

  private final List<double[]> turns = new ArrayList<>();
  private double min = Double.POSITIVE_INFINITY;
  private List<MemoryPoint> points = List.of();
  private long peakResident = UNKNOWN;
  private long peakCommitted = UNKNOWN;
  private boolean verified;
  private @Nullable String fault;

  /** Adds the times of one turn's replays, in nanoseconds an event. */
  void addTurn(double[] nsPerEvent) {
    addTurn(nsPerEvent, Statistics.min(nsPerEvent));
  }

  /** Adds the times of one turn, of which the shortest may not be among those given. */
  void addTurn(double[] nsPerEvent, double shortest) {
    turns.add(nsPerEvent);
    min = Math.min(min, shortest);
  }

  void memory(long peakResident, long peakCommitted, List<MemoryPoint> points) {
    this.peakResident = peakResident;
    this.peakCommitted = peakCommitted;
    this.points = List.copyOf(points);
  }

  void verified() {
    verified = true;
  }

  /** Notes the first thing that went wrong; the pair takes no part in later passes. */
  void fail(String what) {
    verified = false;
    if (fault == null) {
      fault = what;
    }
  }

  /** By turn, the median of its times. Turns of different allocators with one index are a pair. */
  double[] turnMedians() {
    return turns.stream().mapToDouble(Statistics::median).toArray();
  }

  /** Median over all replays, {@link #UNKNOWN} if there are none. */
  double nsPerEvent() {
    return turns.isEmpty() ? UNKNOWN : Statistics.median(all());
  }

  double nsPerEventMin() {
    return turns.isEmpty() ? UNKNOWN : min;
  }

  int replays() {
    return all().length;
  }

  boolean isTimed() {
    return !turns.isEmpty();
  }

  long peakResident() {
    return peakResident;
  }

  long peakCommitted() {
    return peakCommitted;
  }

  List<MemoryPoint> points() {
    return points;
  }

  boolean isVerified() {
    return verified;
  }

  @Nullable String fault() {
    return fault;
  }

  private double[] all() {
    return turns.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
  }
}
