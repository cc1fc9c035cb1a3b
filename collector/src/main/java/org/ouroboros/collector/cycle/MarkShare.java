package org.ouroboros.collector.cycle;

import java.util.Arrays;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * The ids that one marking thread owns: a range of words of the bits. Two bits for each:
 *
 * <pre>
 *   marks[id >>> 6], bit id &amp; 63   reached
 *   todo[id >>> 6], bit id &amp; 63    an object to be scanned once it is reached, and not yet kept
 *                                 or scanned; never of those without references
 * </pre>
 *
 * <p>So what is marked and to be done is gray. Both are plain arrays over all ids: with the bits in
 * the side pages, which take three loads to get to and do not stay in the cache, two threads were
 * hardly faster than one.
 *
 * <p>Thread rule: {@link #begin} on the collecting thread; all else on the owner, which alone reads
 * and writes those words.
 */
final class MarkShare extends Padding {

  private final SideTables sides;
  private final int number;

  /** Where the shares end, in words. */
  private final int[] ends;

  long[] marks = new long[0];
  long[] todo = new long[0];

  /** Whether all objects with references to be followed are tracked. */
  boolean leavesKnown;

  /** The first word. */
  int first;

  /** Behind the last word; the last share has no end. */
  int end;

  /** Behind the last word of a page. */
  int last;

  /** The words of the share before this one are known to have marked objects only. */
  private int wordsAllMarked;

  MarkShare(SideTables sides, int number, int[] ends) {
    this.sides = sides;
    this.number = number;
    this.ends = ends;
  }

  /** Learns the range, which the ends tell. */
  void begin(long[] marks, long[] todo, boolean leavesKnown) {
    this.marks = marks;
    this.todo = todo;
    this.leavesKnown = leavesKnown;
    first = number == 0 ? 0 : ends[number - 1];
    end = ends[number];
    last = Math.min(end, sides.end() * SidePage.WORDS);
    wordsAllMarked = first;
  }

  /** Whether it has a word. */
  boolean holds(int word) {
    return word >= first && word < end;
  }

  /** The number of the first page of which it has words. */
  int firstPage() {
    return first / SidePage.WORDS;
  }

  /** Behind the number of the last such page. */
  int endPage() {
    return (last + SidePage.WORDS - 1) / SidePage.WORDS;
  }

  /** The first word of a page that is in the share. */
  int from(SidePage page) {
    return Math.max(0, first - (page.firstId >>> 6));
  }

  /** Behind the last one. */
  int to(SidePage page) {
    return Math.min(SidePage.WORDS, last - (page.firstId >>> 6));
  }

  /** Learns what is to be done: all that was not scanned before. */
  void fillTodo() {
    Arrays.fill(todo, first, Math.max(first, last), 0);
    int map = leavesKnown ? SidePage.TRACKED : SidePage.LIVE;
    for (int p = firstPage(); p < endPage(); p++) {
      SidePage page = sides.at(p);
      if (page != null) {
        int base = page.firstId >>> 6;
        for (int w = from(page); w < to(page); w++) {
          todo[base + w] = page.bits[map + w] & ~page.bits[RootMarking.SCANNED + w];
        }
      }
    }
  }

  /** Notes in the side pages what was done. */
  void noteScanned() {
    for (int p = firstPage(); p < endPage(); p++) {
      SidePage page = sides.at(p);
      if (page != null) {
        int base = page.firstId >>> 6;
        for (int w = from(page); w < to(page); w++) {
          page.bits[RootMarking.SCANNED + w] = page.bits[SidePage.LIVE + w] & ~todo[base + w];
        }
      }
    }
  }

  /** Whether nothing of a page that is in the share is unmarked. */
  boolean isAllMarked(SidePage page) {
    int base = page.firstId >>> 6;
    for (int w = from(page); w < to(page); w++) {
      if ((page.bits[SidePage.LIVE + w] & ~marks[base + w]) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether nothing of the share is unmarked. Cost: looks at each page once while that holds. */
  boolean isAllMarked() {
    while (wordsAllMarked < last) {
      SidePage page = sides.at(wordsAllMarked / SidePage.WORDS);
      if (page != null && !isAllMarked(page)) {
        return false;
      }
      wordsAllMarked = (wordsAllMarked / SidePage.WORDS + 1) * SidePage.WORDS;
    }
    return true;
  }
}
