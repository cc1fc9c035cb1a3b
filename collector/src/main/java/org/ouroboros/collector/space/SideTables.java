package org.ouroboros.collector.space;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The side pages of a heap, the generations in them, and the list of pages with young objects.
 *
 * <p>A page is made when the first object is put there, which may fail; everything else needs no
 * memory: the list of young pages always has room for all pages.
 *
 * <p>Thread rule: as the heap.
 */
public final class SideTables {

  /** What {@link #generation} says of frozen objects. */
  public static final int PERMANENT = 3;

  /** What collections have reached. */
  public final MarkBits marks = new MarkBits();

  /** What an incremental full collection has reached. */
  public final CycleMarks cycleMarks = new CycleMarks();

  private final boolean versioned;
  private final boolean paged;
  private @Nullable SidePage[] pages = new SidePage[16];
  private int end;
  private int made;
  private int[] youngPages = new int[16];
  private int[] workPages = new int[16];
  private int youngCount;
  private int lastSerial;
  private boolean marking;

  /**
   * How many tracked objects there are in generations 1, 2 and the permanent one. Those of
   * generation 0 come and go too fast to be counted: they are when somebody asks.
   */
  private final long[] population = new long[4];

  SideTables(boolean versioned, boolean paged) {
    this.versioned = versioned;
    this.paged = paged;
  }

  /** Makes sure that there is a page for an id. */
  void reserve(int id) {
    int number = id >>> SidePage.SHIFT;
    if (number < pages.length && pages[number] != null) {
      return;
    }
    SidePage page = new SidePage(number, versioned, paged);
    marks.reserve(number + 1);
    cycleMarks.reserve(number + 1);
    if (number >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(number + 1, pages.length * 2));
    }
    if (made == youngPages.length) {
      int[] work = new int[made * 2];
      youngPages = Arrays.copyOf(youngPages, made * 2);
      workPages = work;
    }
    pages[number] = page;
    made++;
    end = Math.max(end, number + 1);
  }

  /** The page of an id that an object has. */
  public SidePage page(int id) {
    SidePage page = pages[id >>> SidePage.SHIFT];
    if (page == null) {
      throw new IllegalStateException("no object was ever made with id " + id);
    }
    return page;
  }

  /** The page of that number; null if no object was ever there. */
  public @Nullable SidePage at(int number) {
    return pages[number];
  }

  /** The page of any id; null if no object was ever there. */
  public @Nullable SidePage find(long id) {
    long number = id >>> SidePage.SHIFT;
    return number < end ? pages[(int) number] : null;
  }

  /** The highest page's number, and one. */
  public int end() {
    return end;
  }

  public boolean has(int map, int id) {
    return page(id).has(map, id);
  }

  // ------------------------------------------------------------- births and deaths

  /** An object was made; tracked ones begin in generation 0. */
  public void born(int id, boolean tracked) {
    SidePage page = page(id);
    page.set(SidePage.LIVE, id);
    cycleMarks.born(id);
    if (tracked) {
      page.set(SidePage.TRACKED, id);
      page.set(SidePage.YOUNG0, id);
      page.youngWords |= 1L << (id >>> 6);
      listYoung(page);
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

  /** Whether an object that is tracked is in generation 0. */
  public boolean isYoungest(int id) {
    return page(id).has(SidePage.YOUNG0, id);
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

  /** Puts an object that was untracked into generation 0. */
  public void track(int id) {
    SidePage page = page(id);
    if (!page.has(SidePage.TRACKED, id)) {
      page.set(SidePage.TRACKED, id);
      page.set(SidePage.YOUNG0, id);
      page.youngWords |= 1L << (id >>> 6);
      listYoung(page);
    }
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

  /** Whether ids have versions. */
  public boolean isVersioned() {
    return versioned;
  }

  /** The version of an id in heaps that check it, 1 to 65535; 0 in others. */
  public int version(int id) {
    char[] versions = page(id).versions;
    // 65535 values, so that none is 0, which unchecked references have.
    return versions == null ? 0 : versions[id & SidePage.IDS - 1] % 0xFFFF + 1;
  }

  // ------------------------------------------------------------ order of creation

  /** Notes that an object with a finalizer was made now; may need memory. */
  public void number(int id) {
    SidePage page = page(id);
    int[] serials = page.serials;
    if (serials == null) {
      serials = new int[SidePage.IDS];
      page.serials = serials;
    }
    serials[id & SidePage.IDS - 1] = ++lastSerial;
  }

  /** The number of the object with a finalizer that was made last. */
  public int lastSerial() {
    return lastSerial;
  }

  /** The number of an object with a finalizer; the order is lost after 2^32 of them. */
  public int serial(int id) {
    int[] serials = page(id).serials;
    return serials == null ? 0 : serials[id & SidePage.IDS - 1];
  }

  // ------------------------------------------------------------------- generations

  /** The generation of a tracked object. */
  public int generation(int id) {
    return generation(page(id), id);
  }

  private static int generation(SidePage page, int id) {
    return page.has(SidePage.YOUNG0, id)
        ? 0
        : page.has(SidePage.YOUNG1, id) ? 1 : page.isFrozen(id) ? PERMANENT : 2;
  }

  /** Moves a tracked object to generation 0, 1 or 2. */
  public void setGeneration(int id, int generation) {
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

  /** Full marking begins, which notes in the TRASH bits what it has scanned, or it ends. */
  public void setMarking(boolean marking) {
    this.marking = marking;
  }

  /** The objects of a word of a page that are in the set a collection works on, or condemned. */
  public long hidden(SidePage page, int word) {
    return cycleMarks.condemned(page, word) | (marking ? 0 : page.bits[SidePage.TRASH + word]);
  }

  /** Moves what is condemned out of the young generations, so that no young collection meets it. */
  public void ageCondemned() {
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

  /** Moves what is in generations 0 to {@code from} of a page, and no trash, one generation up. */
  public void promote(SidePage page, int from) {
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

  /**
   * Moves all tracked objects, but trash and what is condemned, to the permanent generation.
   *
   * @throws OutOfMemoryError if there is no room to note it; nothing has changed then
   */
  public void freeze() {
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
  public void unfreeze() {
    for (int p = 0; p < end; p++) {
      SidePage page = pages[p];
      if (page != null) {
        page.frozen = null;
      }
    }
    population[2] += population[PERMANENT];
    population[PERMANENT] = 0;
  }

  /** How many tracked objects a generation has. Cost: for generation 0 a look at its pages. */
  public long population(int generation) {
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

  /** How many objects there are, tracked or not. Cost: looks at a bit of each id. */
  public long live() {
    long count = 0;
    for (int p = 0; p < end; p++) {
      SidePage page = pages[p];
      count += page == null ? 0 : page.count(SidePage.LIVE);
    }
    return count;
  }

  /** How many tracked objects there are. Cost: as {@link #population} of generation 0. */
  public long tracked() {
    return population(0) + population[1] + population[2] + population[PERMANENT];
  }

  // ------------------------------------------------------------------- young pages

  private void listYoung(SidePage page) {
    if (!page.listedYoung) {
      page.listedYoung = true;
      youngPages[youngCount++] = page.firstId >>> SidePage.SHIFT;
    }
  }

  /** How many pages may have young objects; the others have none. */
  public int youngPages() {
    return youngCount;
  }

  public SidePage youngPage(int index) {
    SidePage page = pages[youngPages[index]];
    if (page == null) {
      throw new IllegalStateException("a listed page is missing");
    }
    return page;
  }

  /** An array with room for the numbers of all pages there are now, for a collection to use. */
  public int[] workPages() {
    return workPages;
  }

  /** Sorts the list by address, so that passes over it run in that order. */
  public void sortYoungPages() {
    Arrays.sort(youngPages, 0, youngCount);
  }

  /** Drops pages without young objects from the list. */
  public void trimYoungPages() {
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
