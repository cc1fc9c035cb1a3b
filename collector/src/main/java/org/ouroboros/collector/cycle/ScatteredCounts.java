package org.ouroboros.collector.cycle;

import java.util.Arrays;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.collector.space.Faults;

/**
 * Counts that a young collection takes on trial, by id: a hash table with open addressing, twice as
 * large as needed. For members that lie scattered over so many pages that {@link TrialCounts} would
 * clear more than they count.
 *
 * <p>Thread rule: as the heap.
 */
final class ScatteredCounts {

  /** A table that has grown larger than this is not kept for the next collection. */
  private static final int KEPT_CAPACITY = 1 << 17;

  private static final int FIRST_CAPACITY = 1 << 13;

  /** Instead of a count. */
  private static final int TAKEN = -1;

  private final Faults faults;

  /** Ids, of which 0 is none, and their counts. */
  private int[] ids = new int[0];

  private int[] counts = new int[0];
  private int shift;
  private boolean negative;

  ScatteredCounts(Faults faults) {
    this.faults = faults;
  }

  /**
   * Begins anew, without any id.
   *
   * @param members how many there will be at the most
   * @return false if there is not enough memory
   */
  boolean begin(int members) {
    negative = false;
    if (members > 1 << 28) {
      return false;
    }
    int needed = Math.max(FIRST_CAPACITY, Integer.highestOneBit(Math.max(1, members)) << 2);
    if (needed > ids.length || ids.length > KEPT_CAPACITY && needed <= KEPT_CAPACITY) {
      try {
        faults.request("trial counts", 8L * needed);
        int[] newIds = new int[needed];
        counts = new int[needed];
        ids = newIds;
      } catch (AllocationFailedException | OutOfMemoryError e) {
        return false;
      }
    } else {
      Arrays.fill(ids, 0);
    }
    shift = Integer.SIZE - Integer.numberOfTrailingZeros(ids.length);
    return true;
  }

  /** Adds an id that is not there yet. */
  void put(int id, int count) {
    int at = find(id);
    ids[at] = id;
    counts[at] = count;
  }

  /** Takes one off, if the id is there; null never is. */
  void subtract(int id) {
    int at = find(id);
    if (ids[at] != 0) {
      negative |= --counts[at] < 0;
    }
  }

  /**
   * Whether something is left of the count of an id that is there. It is {@linkplain #take taken}
   * then.
   */
  boolean takeIfPositive(int id) {
    int at = find(id);
    if (counts[at] <= 0) {
      return false;
    }
    counts[at] = TAKEN;
    return true;
  }

  /** Takes an id, if it is there and was not taken yet; null never is there. */
  boolean take(int id) {
    int at = find(id);
    if (ids[at] == 0 || counts[at] == TAKEN) {
      return false;
    }
    counts[at] = TAKEN;
    return true;
  }

  /** Whether more was taken off from any than there was. */
  boolean anyNegative() {
    return negative;
  }

  /** Where an id is, or would be. */
  private int find(int id) {
    int[] table = ids;
    int at = id * 0x9E3779B9 >>> shift;
    while (table[at] != id && table[at] != 0) {
      at = at + 1 & table.length - 1;
    }
    return at;
  }
}
