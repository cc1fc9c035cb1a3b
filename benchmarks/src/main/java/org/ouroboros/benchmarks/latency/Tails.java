package org.ouroboros.benchmarks.latency;

import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * The histograms of one allocator, all in nanoseconds.
 *
 * @param malloc wall time of single calls of {@code malloc}
 * @param free wall time of single calls of {@code free}
 * @param late how long after its due time a call was begun
 * @param sleep how much longer than it asked for a thread slept that did nothing else
 */
record Tails(Histogram malloc, Histogram free, Histogram late, Histogram sleep) {

  Tails() {
    this(Times.histogram(), Times.histogram(), Times.histogram(), Times.histogram());
  }

  void reset() {
    malloc.reset();
    free.reset();
    late.reset();
    sleep.reset();
  }

  void add(Tails other) {
    malloc.add(other.malloc);
    free.add(other.free);
    late.add(other.late);
    sleep.add(other.sleep);
  }

  /** As words of a line. */
  String encode() {
    return String.join(
        " ", Times.encode(malloc), Times.encode(free), Times.encode(late), Times.encode(sleep));
  }

  static Tails decode(String words) throws DataFormatException {
    String[] each = words.split(" ", -1);
    return new Tails(
        Times.decode(each[0]), Times.decode(each[1]), Times.decode(each[2]), Times.decode(each[3]));
  }
}
