package org.ouroboros.benchmarks.replay;

import java.util.ArrayList;
import java.util.List;

/**
 * A colour for each allocator, the same in all charts. A library called from C has the colour it
 * has when called from Java, only fainter.
 */
final class Palette {

  /** Colours of the style sheet; the first two, of one hue, are the default allocator's. */
  private static final int COLOURS = 8;

  private static final List<String> OURS =
      List.of(WorkerAllocators.OUROBOROS, WorkerAllocators.OUROBOROS_SHARED);
  private static final String FROM_C = "-c";
  private static final double FAINT = 0.45;

  private final List<String> names = new ArrayList<>();

  Palette(List<Subject> subjects) {
    for (Subject subject : subjects) {
      String name = base(subject);
      if (!names.contains(name) && !OURS.contains(name)) {
        names.add(name);
      }
    }
  }

  /** A CSS colour. */
  String colour(Subject subject) {
    int ours = OURS.indexOf(subject.name());
    int others = COLOURS - OURS.size();
    int colour = ours >= 0 ? ours : OURS.size() + names.indexOf(base(subject)) % others;
    return "var(--c" + colour + ")";
  }

  double opacity(Subject subject) {
    return subject.isYardstick() ? FAINT : 1;
  }

  private static String base(Subject subject) {
    String name = subject.name();
    return subject.isYardstick() ? name.substring(0, name.length() - FROM_C.length()) : name;
  }
}
