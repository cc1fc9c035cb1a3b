package org.ouroboros.collector;

import java.util.Set;

/** What a collector reports, or keeps, for debugging. */
public enum DebugFlag {

  /** Lines for each collection: generation, populations, what was found, seconds. */
  STATS,

  /** A line for each collectable object that is found. */
  COLLECTABLE,

  /** A line for each object that is found and cannot be freed; at the close, the garbage list. */
  UNCOLLECTABLE,

  /** Objects that are found go to the garbage list instead of being freed. */
  SAVE_ALL;

  /** What finding a leak takes: Python's {@code DEBUG_LEAK}. */
  public static final Set<DebugFlag> LEAK = Set.of(COLLECTABLE, UNCOLLECTABLE, SAVE_ALL);
}
