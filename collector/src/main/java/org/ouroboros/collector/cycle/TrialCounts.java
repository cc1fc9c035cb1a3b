package org.ouroboros.collector.cycle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.SidePage;

/**
 * Counts that a collection takes on trial, an int for each id of the pages it works on. The arrays
 * are kept for the next collection, up to a few.
 *
 * <p>Thread rule: as the heap.
 */
final class TrialCounts {

  /** How many arrays are kept: 2 MiB, pages of 8 MiB of objects. */
  private static final int KEPT = 128;

  private final Faults faults;
  private final List<int[]> spare = new ArrayList<>(KEPT);

  TrialCounts(Faults faults) {
    this.faults = faults;
  }

  /**
   * Gives every page of a set its array, of counts that are 0.
   *
   * @return false if there is not enough memory; no page has one then
   */
  boolean begin(TrashSet set) {
    for (int p = 0; p < set.pages(); p++) {
      try {
        faults.request("trial counts", 4L * SidePage.IDS);
        set.page(p).trial = spare.isEmpty() ? new int[SidePage.IDS] : spare.removeLast();
      } catch (AllocationFailedException | OutOfMemoryError e) {
        end(set);
        return false;
      }
    }
    return true;
  }

  /** Takes the arrays back. */
  void end(TrashSet set) {
    for (int p = 0; p < set.pages(); p++) {
      int[] counts = set.page(p).trial;
      if (counts != null) {
        Arrays.fill(counts, 0);
      }
    }
    endCleared(set);
  }

  /** Takes the arrays back, all of whose counts are 0. */
  void endCleared(TrashSet set) {
    for (int p = 0; p < set.pages(); p++) {
      SidePage page = set.page(p);
      int[] counts = page.trial;
      page.trial = null;
      if (counts != null && spare.size() < KEPT) {
        spare.add(counts);
      }
    }
  }

  void set(SidePage page, int id, long count) {
    of(page)[id & SidePage.IDS - 1] = (int) Math.min(count, Integer.MAX_VALUE);
  }

  int get(SidePage page, int id) {
    return of(page)[id & SidePage.IDS - 1];
  }

  /**
   * Takes one off. A count that was cut to the largest int stays positive, which is what matters.
   *
   * @return false if there was nothing to take: more edges were found than are counted
   */
  boolean subtract(SidePage page, int id) {
    return --of(page)[id & SidePage.IDS - 1] >= 0;
  }

  /** The counts of a page's ids. */
  static int[] of(SidePage page) {
    int[] counts = page.trial;
    if (counts == null) {
      throw new IllegalStateException("a page has no trial counts");
    }
    return counts;
  }
}
