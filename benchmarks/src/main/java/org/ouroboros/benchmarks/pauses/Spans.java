package org.ouroboros.benchmarks.pauses;

import java.util.Arrays;

/** Spans of time that follow each other and do not overlap. */
final class Spans {

  /** Some tens of seconds of slices: no Java arrays are to be made while something is timed. */
  private static final int FIRST_CAPACITY = 1 << 16;

  private long[] begins;
  private long[] ends;
  private int size;

  Spans() {
    this(FIRST_CAPACITY);
  }

  /**
   * Makes an empty one.
   *
   * @param capacity for so many there is room
   */
  Spans(int capacity) {
    begins = new long[capacity];
    ends = new long[capacity];
  }

  /** Adds a span after all others. */
  void add(long begin, long end) {
    if (size == begins.length) {
      begins = Arrays.copyOf(begins, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
    }
    begins[size] = begin;
    ends[size++] = end;
  }

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  long begin(int index) {
    return begins[index];
  }

  long end(int index) {
    return ends[index];
  }

  long length(int index) {
    return ends[index] - begins[index];
  }

  /** The length of the longest; 0 if there is none. */
  long longest() {
    long longest = 0;
    for (int i = 0; i < size; i++) {
      longest = Math.max(longest, length(i));
    }
    return longest;
  }

  /** Adds all of others, with times counted from a moment. */
  void addAll(Spans others, long zero) {
    for (int i = 0; i < others.size; i++) {
      add(others.begins[i] - zero, others.ends[i] - zero);
    }
  }
}
