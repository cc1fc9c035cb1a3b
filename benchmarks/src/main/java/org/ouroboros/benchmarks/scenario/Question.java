package org.ouroboros.benchmarks.scenario;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What can be asked about an object. */
enum Question {
  /** How many slots and variables hold it. */
  REFCOUNT,
  /** Whether the collector looks at it. */
  TRACKED,
  /** Whether its finalizer has run. */
  FINALIZED,
  /** Its generation. */
  GENERATION,
  /** What its slots hold, ascending, with repetitions. */
  REFERENTS,
  /** Which objects' slots hold it, ascending. */
  REFERRERS;

  /** The name of the op that asks it. */
  String opName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The question that an op asks, or null if it asks none. */
  static @Nullable Question of(String opName) {
    for (Question question : values()) {
      if (question.opName().equals(opName)) {
        return question;
      }
    }
    return null;
  }
}
