package org.ouroboros.allocator.statistics;

import java.util.List;

/**
 * What was read of a statistics file.
 *
 * @param pid the process that writes or wrote it
 * @param started when that process began, in milliseconds since 1970; 0 if unknown
 * @param sampled when its allocators were last looked at, in milliseconds since 1970; 0 if never
 * @param state whether that process still is
 * @param capacity how many entries the file has room for
 * @param dropped how many allocators and heaps found no room
 * @param entries the allocators and heaps, in the order of their places
 */
public record StatisticsSnapshot(
    long pid,
    long started,
    long sampled,
    State state,
    int capacity,
    long dropped,
    List<EntryReading> entries) {

  /** Copies the list. */
  public StatisticsSnapshot {
    entries = List.copyOf(entries);
  }

  /** What has become of the process that writes a statistics file. */
  public enum State {
    /** It is running, as far as its id and its time of start tell. */
    RUNNING,
    /** It has marked the file as ended. */
    ENDED,
    /** It is gone, without having marked the file: it was killed, or crashed. */
    DIED
  }
}
