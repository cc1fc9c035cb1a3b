package org.ouroboros.allocator.trace;

import java.util.HashMap;
import java.util.Map;

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
  private final Map<Long, Long> entries = new HashMap<>();

  private static int place(long address, int length) {
    return (int) (address * 0x9E3779B97F4A7C15L >>> 40) & length - 1;
  }

  /** Whether a block may be there; if not, it is not. */
  boolean mayHave(long address) {
    byte[] now = filter;
    return now[place(address, now.length)] != 0;
  }

  synchronized long put(long address, long entry) {
    Long old = entries.put(address, entry);
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
    return TraceEntry.NONE;
  }

  synchronized long remove(long address) {
    Long entry = entries.remove(address);
    if (entry == null) {
      return TraceEntry.NONE;
    }
    count(filter, address, -1);
    return entry;
  }

  synchronized long get(long address) {
    return entries.getOrDefault(address, TraceEntry.NONE);
  }

  /** A place that is full stays so. */
  private static void count(byte[] filter, long address, int by) {
    int i = place(address, filter.length);
    if (filter[i] != Byte.MAX_VALUE) {
      filter[i] += (byte) by;
    }
  }

  void forEach(BlockMap.Visitor visitor) {
    Map<Long, Long> copy;
    synchronized (this) {
      copy = new HashMap<>(entries);
    }
    copy.forEach(visitor::visit);
  }

  /** Bytes on the Java heap, about. */
  synchronized long bytes() {
    return filter.length + 96L * entries.size();
  }
}
