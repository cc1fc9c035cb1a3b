package org.ouroboros.collector.inspect;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.space.SidePage;

/**
 * An int for each id, 0 at first, in arrays of a page of ids each.
 *
 * <p>Thread rule: one thread.
 */
final class IdMap {

  private int[] @Nullable [] pages = new int[16][];

  int get(int id) {
    int page = id >>> SidePage.SHIFT;
    int[] values = page < pages.length ? pages[page] : null;
    return values == null ? 0 : values[id & SidePage.IDS - 1];
  }

  void put(int id, int value) {
    page(id)[id & SidePage.IDS - 1] = value;
  }

  void increment(int id) {
    page(id)[id & SidePage.IDS - 1]++;
  }

  private int[] page(int id) {
    int page = id >>> SidePage.SHIFT;
    if (page >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(page + 1, pages.length * 2));
    }
    int[] values = pages[page];
    if (values == null) {
      values = new int[SidePage.IDS];
      pages[page] = values;
    }
    return values;
  }
}
