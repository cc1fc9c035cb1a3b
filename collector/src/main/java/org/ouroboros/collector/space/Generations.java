package org.ouroboros.collector.space;

import java.util.Arrays;

/**
 * The generations of the tracked objects, as bits of the side pages, and the list of pages with
 * young ones.
 *
 * <p>Invariant: a page that has an object of generation 0 or 1 is in the list, and the bit of its
 * word in {@link SidePage#youngWords} is set; the list always has room for all pages.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class Generations extends SidePages permits SideTables {

  /** What {@link #generation} says of frozen objects. */
  public static final int PERMANENT = 3;

  private int youngCount;
  private boolean marking;

  /**
   * How many tracked objects there are in generations 1, 2 and the permanent one. Those of
   * generation 0 come and go too fast to be counted: they are when somebody asks.
   */
  final long[] population = new long[4];

  Generations(boolean versioned, boolean paged) {
    super(versioned, paged);
  }

  /** The generation of a tracked object. */
  public final int generation(int id) {
    return generation(page(id), id);
  }

  static int generation(SidePage page, int id) {
    return page.has(SidePage.YOUNG0, id)
        ? 0
        : page.has(SidePage.YOUNG1, id) ? 1 : page.isFrozen(id) ? PERMANENT : 2;
  }

  /** Moves a tracked object to generation 0, 1 or 2. */
  public final void setGeneration(int id, int generation) {
    SidePage page = page(id);
    population[generation(page, id)]--;
    population[generation]++;
    page.clear(SidePage.YOUNG0, id);
    page.clear(SidePage.YOUNG1, id);
    page.unfreeze(id);
    // generation 2 has no bit
    if (generation < 2) {
      page.set(generation == 0 ? SidePage.YOUNG0 : SidePage.YOUNG1, id);
      page.youngWords |= 1L << (id >>> 6);
      listYoung(page);
    }
  }

  /** Moves what is in generations 0 to {@code from} of a page, and no trash, one generation up. */
  public final void promote(SidePage page, int from) {
    long[] bits = page.bits;
    long moved0 = 0;
    long moved1 = 0;
    for (long words = page.youngWords; words != 0; words &= words - 1) {
      int w = Long.numberOfTrailingZeros(words);
      long trash = bits[SidePage.TRASH + w];
      long survivors0 = bits[SidePage.YOUNG0 + w] & ~trash;
      moved0 += Long.bitCount(survivors0);
      bits[SidePage.YOUNG0 + w] &= trash;
      if (from == 0) {
        bits[SidePage.YOUNG1 + w] |= survivors0;
      } else {
        moved1 += Long.bitCount(bits[SidePage.YOUNG1 + w] & ~trash);
        bits[SidePage.YOUNG1 + w] &= trash;
      }
    }
    population[0] -= moved0;
    population[1] -= moved1;
    population[from == 0 ? 1 : 2] += moved0 + moved1;
  }

  /** Moves what is condemned out of the young generations, so that no young collection meets it. */
  public final void ageCondemned() {
    for (int i = 0; i < youngCount; i++) {
      SidePage page = youngPage(i);
      long[] bits = page.bits;
      for (long words = page.youngWords; words != 0; words &= words - 1) {
        int w = Long.numberOfTrailingZeros(words);
        long condemned = cycleMarks.condemned(page, w);
        long young0 = bits[SidePage.YOUNG0 + w] & condemned;
        long young1 = bits[SidePage.YOUNG1 + w] & condemned;
        bits[SidePage.YOUNG0 + w] &= ~young0;
        bits[SidePage.YOUNG1 + w] &= ~young1;
        population[0] -= Long.bitCount(young0);
        population[1] -= Long.bitCount(young1);
        population[2] += Long.bitCount(young0 | young1);
      }
    }
  }

  /** Full marking begins, which notes in the TRASH bits what it has scanned, or it ends. */
  public final void setMarking(boolean marking) {
    this.marking = marking;
  }

  /** The objects of a word of a page that are in the set a collection works on, or condemned. */
  public final long hidden(SidePage page, int word) {
    return cycleMarks.condemned(page, word) | (marking ? 0 : page.bits[SidePage.TRASH + word]);
  }

  // -------------------------------------------------------- the permanent generation

  /**
   * Moves all tracked objects, but trash and what is condemned, to the permanent generation.
   *
   * @throws OutOfMemoryError if there is no room to note it; nothing has changed then
   */
  public final void freeze() {
    for (int p = 0; p < end; p++) {
      SidePage page = pages[p];
      if (page != null && page.frozen == null && page.any(SidePage.TRACKED)) {
        page.frozen = new long[SidePage.WORDS];
      }
    }
    for (int p = 0; p < end; p++) {
      SidePage page = pages[p];
      if (page != null && page.frozen != null) {
        freeze(page, page.frozen);
      }
    }
  }

  private void freeze(SidePage page, long[] frozen) {
    long[] bits = page.bits;
    for (int w = 0; w < SidePage.WORDS; w++) {
      long trash = hidden(page, w);
      long all = bits[SidePage.TRACKED + w] & ~trash & ~frozen[w];
      long young0 = Long.bitCount(all & bits[SidePage.YOUNG0 + w]);
      long young1 = Long.bitCount(all & bits[SidePage.YOUNG1 + w]);
      population[0] -= young0;
      population[1] -= young1;
      population[2] -= Long.bitCount(all) - young0 - young1;
      population[PERMANENT] += Long.bitCount(all);
      frozen[w] |= all;
      bits[SidePage.YOUNG0 + w] &= trash;
      bits[SidePage.YOUNG1 + w] &= trash;
    }
  }

  /** Moves all frozen objects to generation 2. */
  public final void unfreeze() {
    for (int p = 0; p < end; p++) {
      SidePage page = pages[p];
      if (page != null) {
        page.frozen = null;
      }
    }
    population[2] += population[PERMANENT];
    population[PERMANENT] = 0;
  }

  // ---------------------------------------------------------------------- how many

  /** How many tracked objects a generation has. Cost: for generation 0 a look at its pages. */
  public final long population(int generation) {
    return generation == 0 ? countYoung() : population[generation];
  }

  private long countYoung() {
    long count = 0;
    for (int i = 0; i < youngCount; i++) {
      SidePage page = youngPage(i);
      for (long words = page.youngWords; words != 0; words &= words - 1) {
        count += Long.bitCount(page.bits[SidePage.YOUNG0 + Long.numberOfTrailingZeros(words)]);
      }
    }
    return count;
  }

  /** How many tracked objects there are. Cost: as {@link #population} of generation 0. */
  public final long tracked() {
    return population(0) + population[1] + population[2] + population[PERMANENT];
  }

  // ------------------------------------------------------------------- young pages

  final void listYoung(SidePage page) {
    if (!page.listedYoung) {
      page.listedYoung = true;
      youngPages[youngCount++] = page.firstId >>> SidePage.SHIFT;
    }
  }

  /** How many pages may have young objects; the others have none. */
  public final int youngPages() {
    return youngCount;
  }

  public final SidePage youngPage(int index) {
    SidePage page = pages[youngPages[index]];
    if (page == null) {
      throw new IllegalStateException("a listed page is missing");
    }
    return page;
  }

  /** An array with room for the numbers of all pages there are now, for a collection to use. */
  public final int[] workPages() {
    return workPages;
  }

  /** Sorts the list by address, so that passes over it run in that order. */
  public final void sortYoungPages() {
    Arrays.sort(youngPages, 0, youngCount);
  }

  /** Drops pages without young objects from the list. */
  public final void trimYoungPages() {
    int kept = 0;
    for (int i = 0; i < youngCount; i++) {
      SidePage page = youngPage(i);
      if (page.trimYoungWords()) {
        youngPages[kept++] = youngPages[i];
      } else {
        page.listedYoung = false;
      }
    }
    youngCount = kept;
  }
}
