package org.ouroboros.benchmarks.scenario;

import java.util.HashMap;
import java.util.Map;

/**
 * A number for each id, 0 at first. Ids mostly come one after the other, so the table is made of
 * arrays for ranges of ids, which are looked up only where the last one will not do.
 */
final class IdTable {

  private static final int SHIFT = 9;
  private static final int MASK = (1 << SHIFT) - 1;

  private final Map<Long, long[]> parts = new HashMap<>();
  private long lastKey = -1;
  private long[] last = new long[0];

  long get(long id) {
    long key = id >> SHIFT;
    if (key != lastKey) {
      long[] part = parts.get(key);
      if (part == null) {
        return 0;
      }
      lastKey = key;
      last = part;
    }
    return last[(int) id & MASK];
  }

  void put(long id, long value) {
    long key = id >> SHIFT;
    if (key != lastKey) {
      last = parts.computeIfAbsent(key, _ -> new long[MASK + 1]);
      lastKey = key;
    }
    last[(int) id & MASK] = value;
  }
}
