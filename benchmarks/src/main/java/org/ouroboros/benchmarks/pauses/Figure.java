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
  /** The same without what the thread did not run of long calls. */
  UTILIZATION_RUNNING("minMutatorUtilization10msRunning"),
  /** The processor time of the call with the most. */
  LONGEST_RUNNING("maxRunningMs"),
  /** The longest time between two readings of the clock while the mutator only waited. */
  LONGEST_GAP("maxGapMs"),
  /** What such gaps alone leave of a window: the machine's share in the other figures. */
  UTILIZATION_GAPS("minUtilization10msGaps"),
  MOST_GARBAGE("maxGarbageRatio"),
  MEAN_GARBAGE("meanGarbageRatio"),
  /** The most in the last quarter of the run, to be compared with the most of all. */
  LATE_GARBAGE("maxGarbageRatioLastQuarter"),
  /** What the program says is garbage when the run is over. */
  GARBAGE("garbageAtEnd"),
  /** What a full collection says of the same. */
  GARBAGE_FOUND("garbageFoundAtEnd"),
  COLLECTIONS_0("collections0"),
  COLLECTIONS_1("collections1"),
  COLLECTIONS_2("collections2"),
  /** The longest collection of generation 0. */
  LONGEST_0("longestCollection0Ms"),
  LONGEST_1("longestCollection1Ms"),
  LONGEST_2("longestCollection2Ms"),
  RESIDENT("rssBytes"),
  PEAK_RESIDENT("peakRssBytes"),
  /** How much more was resident at the end of the run than before the population was made. */
  GROWTH("rssGrowthBytes"),
  /** Memory under test: all that the heap has, tables too; or what is resident of a Java heap. */
  MEMORY("memoryBytes"),
  COMMITTED("committedBytes"),
  METADATA("metadataBytes");

  private final String key;

  Figure(String key) {
    this.key = key;
  }

  /** Its name in JSON. */
  String key() {
    return key;
  }
}
