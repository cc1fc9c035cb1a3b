package org.ouroboros.benchmarks.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** What all traces together say of each allocator. */
final class Summary {

  private final Results results;

  Summary(Results results) {
    this.results = results;
  }

  /**
   * One allocator over all traces. A ratio is the geometric mean, over the traces, of the median of
   * the pair ratios; it is NaN where no trace has both.
   *
   * @param subject the allocator
   * @param toBestNative time over that of each trace's fastest native allocator
   * @param worst the largest of those ratios on any trace
   * @param toMimalloc time over mimalloc's, called from Java
   * @param toMimallocInC time over mimalloc's, called from C
   * @param fragmentation geometric mean of peak resident over peak live
   * @param memoryToMimallocInC geometric mean of peak resident over mimalloc's from C
   * @param worstMemory the largest of those ratios on any trace
   */
  record Row(
      Subject subject,
      Statistics.Bounded toBestNative,
      double worst,
      Statistics.Bounded toMimalloc,
      Statistics.Bounded toMimallocInC,
      double fragmentation,
      double memoryToMimallocInC,
      double worstMemory) {}

  List<Row> rows() {
    int mimalloc = indexOf("mimalloc");
    int mimallocInC = indexOf("mimalloc-c");
    List<Row> rows = new ArrayList<>();
    for (int s = 0; s < results.subjects().size(); s++) {
      int subject = s;
      rows.add(
          new Row(
              results.subjects().get(s),
              mean(subject, t -> results.bestNative(t)),
              worst(subject),
              mean(subject, t -> optional(mimalloc)),
              mean(subject, t -> optional(mimallocInC)),
              fragmentation(subject),
              Statistics.geometricMean(memory(subject, mimallocInC)),
              Statistics.max(memory(subject, mimallocInC))));
    }
    return rows;
  }

  boolean hasYardstick() {
    return indexOf("mimalloc-c") >= 0;
  }

  /** Which allocator a trace's ratios refer to. */
  private interface Reference {
    OptionalInt of(int trace);
  }

  private Statistics.Bounded mean(int subject, Reference reference) {
    List<double[]> samples = new ArrayList<>();
    for (int t = 0; t < results.traces().size(); t++) {
      OptionalInt other = reference.of(t);
      double[] ratios =
          other.isPresent() ? results.pairRatios(t, subject, other.getAsInt()) : new double[0];
      if (ratios.length > 0) {
        samples.add(ratios);
      }
    }
    return samples.isEmpty()
        ? new Statistics.Bounded(Double.NaN, Double.NaN, Double.NaN)
        : Statistics.geometricMeanOfMedians(samples.toArray(double[][]::new));
  }

  private double fragmentation(int subject) {
    return Statistics.geometricMean(
        IntStream.range(0, results.traces().size())
            .mapToDouble(t -> results.fragmentation(t, subject))
            .filter(f -> !Double.isNaN(f))
            .toArray());
  }

  private double worst(int subject) {
    return Statistics.max(
        IntStream.range(0, results.traces().size())
            .mapToDouble(t -> TableReport.ratioToBestNative(results, t, subject).value())
            .filter(r -> !Double.isNaN(r))
            .toArray());
  }

  private double[] memory(int subject, int reference) {
    if (reference < 0) {
      return new double[0];
    }
    return IntStream.range(0, results.traces().size())
        .mapToDouble(t -> results.fragmentation(t, subject) / results.fragmentation(t, reference))
        .filter(f -> !Double.isNaN(f))
        .toArray();
  }

  private int indexOf(String name) {
    List<Subject> subjects = results.subjects();
    return IntStream.range(0, subjects.size())
        .filter(s -> subjects.get(s).name().equals(name))
        .findFirst()
        .orElse(-1);
  }

  private static OptionalInt optional(int index) {
    return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
  }
}
