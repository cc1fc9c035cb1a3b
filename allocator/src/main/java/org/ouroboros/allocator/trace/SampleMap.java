package org.ouroboros.allocator.trace;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The few blocks that were sampled. A free asks first a filter, which is small enough for the
 * cache: a byte for each hash of an address, the number of sampled blocks that have it.
 *
 * <p>Thread rule: any thread. Who frees a block has been handed it by who allocated it, and so sees
 * that filter or a later one, which has all of its blocks too.
 */
final class SampleMap {

  private static final int MIN_BITS = 12;
  private static final int MAX_BITS = 22;

  /** So many places for each block: one free in so many looks in vain. */
  private static final int SPARSE = 32;

  private volatile byte[] filter = new byte[1 << MIN_BITS];

  /** Guarded by this. */
  private final Map<Long, Sample> entries = new HashMap<>();

  /**
   * A block.
   *
   * @param entry its word, without its stack if that is noted
   * @param weight for how many blocks it stands: as it was sampled, though it may have been resized
   *     where it is since
   * @param noted its stack, if it has no number yet
   */
  record Sample(long entry, double weight, @Nullable NotedStack noted) {

    /** For how many bytes it stands. */
    long estimate() {
      return Math.round(TraceEntry.size(entry) * weight);
    }

    /** The word with the number of its stack. */
    long named() {
      return noted == null ? entry : TraceEntry.withStack(entry, noted.number());
    }
  }

  private static int place(long address, int length) {
    return (int) (address * 0x9E3779B97F4A7C15L >>> 40) & length - 1;
  }

  /** Whether a block may be there; if not, it is not. */
  boolean mayHave(long address) {
    byte[] now = filter;
    return now[place(address, now.length)] != 0;
  }

  synchronized @Nullable Sample put(long address, Sample sample) {
    Sample old = entries.put(address, sample);
    if (old != null) {
      return old;
    }
    if (entries.size() * (long) SPARSE > filter.length && filter.length < 1 << MAX_BITS) {
      byte[] larger = new byte[4 * filter.length];
      entries.keySet().forEach(one -> count(larger, one, 1));
      filter = larger;
    } else {
      count(filter, address, 1);
    }
    return null;
  }

  synchronized @Nullable Sample remove(long address) {
    Sample sample = entries.remove(address);
    if (sample != null) {
      count(filter, address, -1);
    }
    return sample;
  }

  synchronized @Nullable Sample get(long address) {
    return entries.get(address);
  }

  synchronized int size() {
    return entries.size();
  }

  /** A place that is full stays so. */
  private static void count(byte[] filter, long address, int by) {
    int i = place(address, filter.length);
    if (filter[i] != Byte.MAX_VALUE) {
      filter[i] += (byte) by;
    }
  }

  /** What is there at this moment. */
  synchronized Map<Long, Sample> copy() {
    return new HashMap<>(entries);
  }

  /** Bytes on the Java heap, about. */
  synchronized long bytes() {
    long noted = entries.values().stream().filter(sample -> sample.noted() != null).count();
    return filter.length + 120L * entries.size() + NotedStack.BYTES * noted;
  }
}
