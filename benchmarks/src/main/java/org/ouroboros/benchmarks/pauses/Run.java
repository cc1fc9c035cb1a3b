package org.ouroboros.benchmarks.pauses;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.ouroboros.benchmarks.latency.Times;

/**
 * What came out of a run; histograms of nanoseconds, times since its begin.
 *
 * @param figures those that are known
 * @param calls how long single calls took; empty if they were not timed
 * @param answers from the due time to the end of each operation
 * @param sleep how much longer than it asked for a thread slept that did nothing else
 * @param pauses the long calls
 * @param samples garbage over time
 */
record Run(
    Map<Figure, Double> figures,
    Histogram calls,
    Histogram answers,
    Histogram sleep,
    Spans pauses,
    Samples samples) {

  private static final String FIGURE = "figure";
  private static final String PAUSES = "pauses";
  private static final String SAMPLES = "samples";
  private static final int STRIDE = 3;

  Run() {
    this(
        new EnumMap<>(Figure.class),
        Times.histogram(),
        Times.histogram(),
        Times.histogram(),
        new Spans(),
        new Samples());
  }

  /** A figure; NaN if it is not known. */
  double get(Figure figure) {
    return figures.getOrDefault(figure, Double.NaN);
  }

  void put(Figure figure, double value) {
    figures.put(figure, value);
  }

  void put(Figure figure, long value) {
    figures.put(figure, (double) value);
  }

  /** As lines of words. */
  List<String> encode() {
    List<String> lines = new ArrayList<>();
    figures.forEach((figure, value) -> lines.add(FIGURE + " " + figure + " " + value));
    lines.add("calls " + Times.encode(calls));
    lines.add("answers " + Times.encode(answers));
    lines.add("sleep " + Times.encode(sleep));
    StringBuilder line = new StringBuilder(PAUSES);
    for (int i = 0; i < pauses.size(); i++) {
      line.append(' ').append(pauses.begin(i)).append(' ').append(pauses.end(i));
    }
    lines.add(line.toString());
    line = new StringBuilder(SAMPLES);
    for (int i = 0; i < samples.size(); i++) {
      line.append(' ').append(samples.time(i)).append(' ').append(samples.garbage(i));
      line.append(' ').append(samples.reachable(i));
    }
    lines.add(line.toString());
    return lines;
  }

  /**
   * Of such lines; others are passed over.
   *
   * @throws DataFormatException if a histogram cannot be read
   * @throws IllegalArgumentException if something else cannot be
   */
  static Run decode(List<String> lines) throws DataFormatException {
    Run run = new Run();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case FIGURE -> run.put(Figure.valueOf(words[1]), Double.parseDouble(words[2]));
        case "calls" -> run.calls.add(Times.decode(words[1]));
        case "answers" -> run.answers.add(Times.decode(words[1]));
        case "sleep" -> run.sleep.add(Times.decode(words[1]));
        case PAUSES -> {
          for (int i = 1; i < words.length; i += 2) {
            run.pauses.add(Long.parseLong(words[i]), Long.parseLong(words[i + 1]));
          }
        }
        case SAMPLES -> {
          for (int i = 1; i < words.length; i += STRIDE) {
            run.samples.add(
                Long.parseLong(words[i]),
                Long.parseLong(words[i + 1]),
                Long.parseLong(words[i + 2]));
          }
        }
        default -> {
          // what else a JVM says
        }
      }
    }
    return run;
  }
}
