package org.ouroboros.benchmarks.faq;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tour, in order. */
final class Stops {

  /** All of them. */
  static final List<Stop> ALL =
      List.of(
          new CountingStop(),
          new CycleStop(),
          new CollectorStop(),
          new FilesStop(),
          new ErrorsStop(),
          new HandlesStop(),
          new EmbedStop(),
          new TraditionalStop());

  private static final Map<String, Stop> BY_LABEL = new LinkedHashMap<>();

  static {
    ALL.forEach(stop -> BY_LABEL.put(stop.label(), stop));
  }

  private Stops() {}

  /**
   * Those that were asked for.
   *
   * @param labels none for all
   * @return in the order of the tour, each once
   * @throws IllegalArgumentException if there is no such stop; the message lists those there are
   */
  static List<Stop> of(List<String> labels) {
    for (String label : labels) {
      if (!BY_LABEL.containsKey(label)) {
        throw new IllegalArgumentException(
            "unknown stop '" + label + "'; known are " + String.join(", ", BY_LABEL.keySet()));
      }
    }
    return ALL.stream().filter(s -> labels.isEmpty() || labels.contains(s.label())).toList();
  }
}
