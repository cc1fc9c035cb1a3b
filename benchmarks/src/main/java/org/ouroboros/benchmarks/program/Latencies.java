package org.ouroboros.benchmarks.program;

import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.ouroboros.benchmarks.latency.Times;

/**
 * Histograms of nanoseconds; empty where nothing was timed.
 *
 * @param calls how long single operations or collections took
 * @param answers from when an operation was due to its end
 * @param sleep how much longer than it asked for a thread slept that did nothing else
 */
record Latencies(Histogram calls, Histogram answers, Histogram sleep) {

  Latencies() {
    this(Times.histogram(), Times.histogram(), Times.histogram());
  }

  void add(Latencies other) {
    calls.add(other.calls);
    answers.add(other.answers);
    sleep.add(other.sleep);
  }

  /** As three words. */
  String encode() {
    return String.join(" ", Times.encode(calls), Times.encode(answers), Times.encode(sleep));
  }

  /** Of three words among others. */
  static Latencies decode(String[] words, int from) throws DataFormatException {
    return new Latencies(
        Times.decode(words[from]), Times.decode(words[from + 1]), Times.decode(words[from + 2]));
  }
}
