package org.ouroboros.benchmarks.replay;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** All measurements of a run: a table of traces by allocators. */
final class Results {

  private final List<TraceInput> traces;
  private final List<Subject> subjects;
  private final Measurement[][] cells;

  Results(List<TraceInput> traces, List<Subject> subjects) {
    this.traces = List.copyOf(traces);
    this.subjects = List.copyOf(subjects);
    this.cells = new Measurement[traces.size()][subjects.size()];
    for (Measurement[] row : cells) {
      for (int i = 0; i < row.length; i++) {
        row[i] = new Measurement();
      }
    }
  }

  List<TraceInput> traces() {
    return traces;
  }

  List<Subject> subjects() {
    return subjects;
  }

  Measurement get(int trace, int subject) {
    return cells[trace][subject];
  }

  /**
   * The native allocator called from Java that is fastest on a trace: what ratios of the trace
   * refer to. Empty if none was timed.
   */
  OptionalInt bestNative(int trace) {
    return IntStream.range(0, subjects.size())
        .filter(s -> subjects.get(s).isNative() && cells[trace][s].nsPerEvent() > 0)
        .reduce((a, b) -> cells[trace][b].nsPerEvent() < cells[trace][a].nsPerEvent() ? b : a);
  }

  /** Time of a subject over time of another, turn by turn; empty if either was not timed. */
  double[] pairRatios(int trace, int subject, int reference) {
    double[] a = cells[trace][subject].turnMedians();
    double[] b = cells[trace][reference].turnMedians();
    int pairs = Math.min(a.length, b.length);
    return IntStream.range(0, pairs)
        .filter(i -> b[i] > 0 && a[i] > 0)
        .mapToDouble(i -> a[i] / b[i])
        .toArray();
  }

  /** Peak resident over peak live bytes, or NaN if either is not known or nothing. */
  double fragmentation(int trace, int subject) {
    long resident = cells[trace][subject].peakResident();
    long live = traces.get(trace).header().peakLiveBytes();
    return resident <= 0 || live == 0 ? Double.NaN : (double) resident / live;
  }

  /** Calls of the longest trace. */
  long mostCalls() {
    return traces.stream().mapToLong(TraceInput::calls).max().orElse(0);
  }

  /** Whether anything failed. */
  boolean anyFault() {
    for (Measurement[] row : cells) {
      for (Measurement cell : row) {
        if (cell.fault() != null) {
          return true;
        }
      }
    }
    return false;
  }
}
