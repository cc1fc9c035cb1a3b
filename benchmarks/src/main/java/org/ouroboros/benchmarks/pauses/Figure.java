package org.ouroboros.benchmarks.pauses;

/** The figures of a run that are single numbers; each may be unknown. */
enum Figure {
  LIVE_OBJECTS("liveObjects"),
  OPERATIONS("operations"),
  SECONDS("seconds"),
  OPERATIONS_PER_SECOND("mutatorOpsPerSecond"),
  /** How late the last operation was: much if the rate could not be kept up. */
  BEHIND_MILLIS("behindMs"),
  /** Times of {@link CallClock#LONG_NANOS} and more that the mutator did not have. */
  LONG_CALLS("longCalls"),
  UTILIZATION("minMutatorUtilization10ms"),
  MOST_GARBAGE("maxGarbageRatio"),
  MEAN_GARBAGE("meanGarbageRatio"),
  /** What the program says is garbage when the run is over. */
  GARBAGE("garbageAtEnd"),
  /** What a full collection says of the same. */
  GARBAGE_FOUND("garbageFoundAtEnd"),
  YOUNG_COLLECTIONS("youngCollections"),
  FULL_COLLECTIONS("fullCollections"),
  LONGEST_YOUNG("longestYoungMs"),
  LONGEST_FULL("longestFullMs"),
  RESIDENT("rssBytes"),
  PEAK_RESIDENT("peakRssBytes"),
  COMMITTED("committedBytes"),
  METADATA("metadataBytes"),
  JAVA_HEAP("javaHeapRssBytes");

  private final String key;

  Figure(String key) {
    this.key = key;
  }

  /** Its name in JSON. */
  String key() {
    return key;
  }
}
