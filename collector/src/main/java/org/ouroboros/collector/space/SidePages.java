package org.ouroboros.collector.space;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The side pages of a heap by their numbers, and what is noted of single ids in them: versions, and
 * the order of creation.
 *
 * <p>A page is made when the first object is put there, which may fail. With it grows all that has
 * room for each page, so that births, deaths and moves between generations need no memory.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class SidePages permits Generations {

  /** What collections have reached. */
  public final MarkBits marks = new MarkBits();

  /** What an incremental full collection has reached. */
  public final CycleMarks cycleMarks = new CycleMarks();

  private final boolean versioned;
  private final boolean paged;
  @Nullable SidePage[] pages = new SidePage[16];
  int end;
  private int made;
  int[] youngPages = new int[16];
  int[] workPages = new int[16];
  private int lastSerial;

  SidePages(boolean versioned, boolean paged) {
    this.versioned = versioned;
    this.paged = paged;
  }

  /** Makes sure that there is a page for an id. */
  final void reserve(int id) {
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
  public final SidePage page(int id) {
    SidePage page = pages[id >>> SidePage.SHIFT];
    if (page == null) {
      throw new IllegalStateException("no object was ever made with id " + id);
    }
    return page;
  }

  /** The page of that number; null if no object was ever there. */
  public final @Nullable SidePage at(int number) {
    return pages[number];
  }

  /** The page of any id; null if no object was ever there. */
  public final @Nullable SidePage find(long id) {
    long number = id >>> SidePage.SHIFT;
    return number < end ? pages[(int) number] : null;
  }

  /** The highest page's number, and one. */
  public final int end() {
    return end;
  }

  public final boolean has(int map, int id) {
    return page(id).has(map, id);
  }

  // ----------------------------------------------------------------------- versions

  /** Whether ids have versions. */
  public final boolean isVersioned() {
    return versioned;
  }

  /** The version of an id in heaps that check it, 1 to 65535; 0 in others. */
  public final int version(int id) {
    char[] versions = page(id).versions;
    // 65535 values, so that none is 0, which unchecked references have.
    return versions == null ? 0 : versions[id & SidePage.IDS - 1] % 0xFFFF + 1;
  }

  // -------------------------------------------------------------- order of creation

  /** Notes that an object with a finalizer was made now; may need memory. */
  public final void number(int id) {
    SidePage page = page(id);
    int[] serials = page.serials;
    if (serials == null) {
      serials = new int[SidePage.IDS];
      page.serials = serials;
    }
    serials[id & SidePage.IDS - 1] = ++lastSerial;
  }

  /** The number of the object with a finalizer that was made last. */
  public final int lastSerial() {
    return lastSerial;
  }

  /** The number of an object with a finalizer; the order is lost after 2^32 of them. */
  public final int serial(int id) {
    int[] serials = page(id).serials;
    return serials == null ? 0 : serials[id & SidePage.IDS - 1];
  }
}
