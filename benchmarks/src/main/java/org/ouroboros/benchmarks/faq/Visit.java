package org.ouroboros.benchmarks.faq;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stop that was made.
 *
 * @param stop which one
 * @param code what is shown of its program
 * @param output what it said, in lines
 * @param charts of the report, in HTML
 * @param failure why it did not come to its end, in one line; null if it did
 */
record Visit(Stop stop, String code, List<String> output, String charts, @Nullable String failure) {

  Visit {
    output = List.copyOf(output);
  }

  /**
   * Makes a stop. Whatever fails is told, not thrown.
   *
   * @throws IOException if this build lacks the sources of the stop
   */
  @SuppressWarnings("CatchingUnchecked") // one stop's fault is not the tour's
  static Visit of(Stop stop) throws IOException {
    String code = Snippets.of(stop);
    Transcript out = new Transcript();
    String failure = null;
    try {
      stop.run(out);
    } catch (Stop.SkippedException e) {
      out.line("skipped: " + e.getMessage());
    } catch (Exception e) {
      failure = e.toString().replaceAll("\\s+", " ");
    }
    return new Visit(stop, code, out.lines(), out.charts(), failure);
  }

  /** The paragraphs of what there is to say. */
  List<String> paragraphs() {
    return List.of(stop.text().split("\n\n", -1));
  }
}
