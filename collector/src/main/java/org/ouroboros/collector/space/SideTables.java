package org.ouroboros.collector.space;

import java.util.Arrays;

/**
 * What a heap notes of its objects beside them: births and deaths, one by one, by words, and by
 * pages. Below are {@link SidePages} and {@link Generations}: superclasses and not parts, so that a
 * birth or a death finds its page by as few loads as can be.
 *
 * <p>Nothing here needs memory.
 *
 * <p>Thread rule: as the heap.
 */
public final class SideTables extends Generations {

  SideTables(boolean versioned, boolean paged) {
    super(versioned, paged);
  }

  // ------------------------------------------------------------------------- births

  /** An object was made; tracked ones begin in generation 0. */
  public void born(int id, boolean tracked) {
    SidePage page = page(id);
    page.set(SidePage.LIVE, id);
    cycleMarks.born(id);
    if (tracked) {
      track(page, id);
    }
  }

  /** Objects were made in a word of a page. */
  void born(SidePage page, int word, long ids, boolean tracked) {
    long[] bits = page.bits;
    cycleMarks.born((page.firstId >>> 6) + word, ids);
    bits[SidePage.LIVE + word] |= ids;
    if (tracked) {
      bits[SidePage.TRACKED + word] |= ids;
      bits[SidePage.YOUNG0 + word] |= ids;
      page.youngWords |= 1L << word;
      listYoung(page);
    }
  }

  /** Puts an object that was untracked into generation 0. */
  public void track(int id) {
    SidePage page = page(id);
    if (!page.has(SidePage.TRACKED, id)) {
      track(page, id);
    }
  }

  private void track(SidePage page, int id) {
    page.set(SidePage.TRACKED, id);
    page.set(SidePage.YOUNG0, id);
    page.youngWords |= 1L << (id >>> 6);
    listYoung(page);
  }

  /** Whether an object that is tracked is in generation 0. */
  public boolean isYoungest(int id) {
    return page(id).has(SidePage.YOUNG0, id);
  }

  // ------------------------------------------------------------------------- deaths

  /**
   * Objects are no more whose ids are in one word. Not for heaps that check versions.
   *
   * @param word the ids divided by {@value Long#SIZE}
   * @param ids the bits of their remainders
   */
  public void died(int word, long ids) {
    SidePage page = page(word << 6);
    long[] bits = page.bits;
    int at = word & SidePage.WORDS - 1;
    long old = bits[SidePage.TRACKED + at] & ids & ~bits[SidePage.YOUNG0 + at];
    if (old != 0) {
      long young1 = old & bits[SidePage.YOUNG1 + at];
      long frozen = old & page.frozen(at);
      population[1] -= Long.bitCount(young1);
      population[PERMANENT] -= Long.bitCount(frozen);
      population[2] -= Long.bitCount(old & ~young1 & ~frozen);
      bits[SidePage.YOUNG1 + at] &= ~ids;
      page.unfreeze(at, frozen);
    }
    bits[SidePage.LIVE + at] &= ~ids;
    bits[SidePage.TRACKED + at] &= ~ids;
    bits[SidePage.YOUNG0 + at] &= ~ids;
    bits[SidePage.TRASH + at] &= ~ids;
  }

  /** The object is no more: its id means nothing from now on. */
  public void died(int id) {
    untrack(id);
    SidePage page = page(id);
    page.clear(SidePage.LIVE, id);
    char[] versions = page.versions;
    if (versions != null) {
      int index = id & SidePage.IDS - 1;
      versions[index]++;
    }
  }

  /** Takes an object out of its generation and of the collector's sight. */
  public void untrack(int id) {
    SidePage page = page(id);
    if (page.has(SidePage.TRACKED, id)) {
      population[generation(page, id)]--;
      long bit = ~(1L << id);
      int word = id >>> 6 & SidePage.WORDS - 1;
      page.bits[SidePage.TRACKED + word] &= bit;
      page.bits[SidePage.YOUNG0 + word] &= bit;
      page.bits[SidePage.YOUNG1 + word] &= bit;
      page.unfreeze(id);
    }
    page.clear(SidePage.TRASH, id);
  }

  /**
   * The objects of a page that are in the set a collection works on are no more. Not for heaps that
   * check versions.
   *
   * @return how many of them were tracked
   */
  public int trashDied(SidePage page) {
    long[] bits = page.bits;
    int all = 0;
    int young0 = 0;
    int young1 = 0;
    int frozen = 0;
    for (int w = 0; w < SidePage.WORDS; w++) {
      long trash = bits[SidePage.TRASH + w];
      if (trash == 0) {
        continue;
      }
      all += Long.bitCount(trash & bits[SidePage.TRACKED + w]);
      young0 += Long.bitCount(trash & bits[SidePage.YOUNG0 + w]);
      young1 += Long.bitCount(trash & bits[SidePage.YOUNG1 + w]);
      long[] permanent = page.frozen;
      if (permanent != null) {
        frozen += Long.bitCount(trash & permanent[w]);
        permanent[w] &= ~trash;
      }
      for (int map = 0; map < SidePage.TAKEN; map += SidePage.WORDS) {
        bits[map + w] &= ~trash;
      }
    }
    population[0] -= young0;
    population[1] -= young1;
    population[PERMANENT] -= frozen;
    population[2] -= all - young0 - young1 - frozen;
    return all;
  }

  /** All objects are no more. Not for heaps that check versions. */
  public void allDied() {
    for (int p = 0; p < end; p++) {
      SidePage page = pages[p];
      if (page != null) {
        Arrays.fill(page.bits, 0);
        page.frozen = null;
      }
    }
    Arrays.fill(population, 0);
  }

  // ------------------------------------------------- pages with dead objects to be freed

  /**
   * Lists a page while objects die by counting, in {@link #workPages}, which no collection uses
   * then.
   *
   * @return how many are listed now
   */
  public int listDying(SidePage page, int listed) {
    page.listedDying = true;
    workPages[listed] = page.firstId >>> SidePage.SHIFT;
    return listed + 1;
  }

  /** A page that was listed, and is no longer. */
  public SidePage unlistDying(int index) {
    SidePage page = page(workPages[index] << SidePage.SHIFT);
    page.listedDying = false;
    return page;
  }

  // ----------------------------------------------------------------------- how much

  /** How many objects there are, tracked or not. Cost: looks at a bit of each id. */
  public long live() {
    long count = 0;
    for (int p = 0; p < end; p++) {
      SidePage page = pages[p];
      count += page == null ? 0 : page.count(SidePage.LIVE);
    }
    return count;
  }

  /** What the tables take on the Java heap. */
  public long bytes() {
    long bytes =
        64 + 4L * pages.length + 8L * youngPages.length + marks.bytes() + cycleMarks.bytes();
    for (int p = 0; p < end; p++) {
      SidePage page = pages[p];
      bytes += page == null ? 0 : page.bytes();
    }
    return bytes;
  }
}
