package org.ouroboros.collector.space;

import static org.ouroboros.collector.space.Spans.LISTED;

/**
 * The free blocks of one size: some at hand, the others as absent bits of their pages.
 *
 * <p>The ids at hand are a stack, so that a block that was freed last is used first and is still
 * warm. When the stack is full, its older half goes back to the pages; when it is empty, the free
 * blocks of some units of a span come to hand, in the order of their addresses. So most allocations
 * and frees are one step of the stack, whatever the page.
 *
 * <p>A block has its bit in {@link SidePage#TAKEN} while it is in use, dying, or at hand. The spans
 * that have a block without are in a list, first in, first out: one that has just regained one
 * block would be used up at once and come back, and so on. A span all of whose blocks are free goes
 * back to the {@link Spans}, if it is not the only one in the list.
 *
 * <p>Freeing needs no memory. Thread rule: as the heap.
 */
public final class BlockClass {

  /** At most so many bytes of blocks are at hand, but for the largest sizes. */
  private static final int ROOM_BYTES = 32 << 10;

  private static final int MIN_ROOM = 8;
  private static final int MAX_ROOM = 128;

  /** How many blocks are taken at once at the least, if there are so many. */
  private static final int SOME = 32;

  /** At so many spans {@link #takeUnits} looks for units of the owner's. */
  private static final int LOOKS = 4;

  /** Bytes of a block. */
  public final int bytes;

  private final Spans spans;
  private final SideTables sides;
  private final byte kind;

  /** Units of a span. */
  final int spanUnits;

  private final long[] starts;

  private final int[] atHand;
  private int count;

  /** Whether there may be empty spans that were not given back. */
  private boolean emptied;

  /** The first and the last span with free blocks, by their first units; -1 if there is none. */
  private int first = -1;

  private int last = -1;

  BlockClass(Spans spans, SideTables sides, int sizeClass) {
    this.spans = spans;
    this.sides = sides;
    this.kind = (byte) (sizeClass + 1);
    this.bytes = BlockSizes.granules(sizeClass) << 4;
    this.spanUnits = BlockSizes.spanUnits(sizeClass);
    this.starts = BlockSizes.starts(sizeClass);
    this.atHand = new int[Math.clamp(ROOM_BYTES / bytes, MIN_ROOM, MAX_ROOM)];
  }

  // --------------------------------------------------------------------- hot paths

  /** The id of a free block that is at hand, whose content is anything; 0 if none is. */
  public int poll() {
    int left = count - 1;
    if (left < 0) {
      return 0;
    }
    count = left;
    return atHand[left];
  }

  /**
   * The id of a free block, whose content is anything.
   *
   * @throws org.ouroboros.allocator.AllocatorException if there is no memory; nothing has changed
   */
  int take() {
    if (count == 0) {
      refill();
    }
    return atHand[--count];
  }

  /** Takes a block back. */
  public void give(int id) {
    if (count == atHand.length) {
      flush(atHand.length / 2);
    }
    atHand[count++] = id;
  }

  /**
   * Takes some free blocks at once, those of a few words of a page if none are at hand. Their side
   * bits become those of new objects, word by word.
   *
   * @param to takes the ids, the one to be used first last; has room for {@value Long#SIZE}
   * @return how many; 0 if that needs memory
   */
  public int takeSome(int[] to, boolean tracked) {
    if (count > 0) {
      return takeAtHand(to, tracked);
    }
    return first < 0 ? 0 : takeFrom(first, to, tracked, Spans.ANYBODY);
  }

  /**
   * The same for one of several threads: blocks of units that nobody else has blocks of, if some
   * are found soon. So two threads seldom write to the same cache line.
   *
   * @param owner a number of the thread, not {@link Spans#ANYBODY}; others may have it too
   */
  public int takeUnits(int[] to, boolean tracked, byte owner) {
    flush(count);
    spans.reserveOwners();
    for (int looks = 0; looks < LOOKS && first >= 0; looks++) {
      int span = first;
      int taken = takeFrom(span, to, tracked, owner);
      if (taken > 0) {
        return taken;
      }
      remove(span);
      addLast(span);
    }
    return first < 0 ? 0 : takeFrom(first, to, tracked, Spans.ANYBODY);
  }

  /** Takes blocks of a span in the list, in units that are free or the owner's. */
  private int takeFrom(int span, int[] to, boolean tracked, byte owner) {
    SidePage page = sides.page(span << BlockSizes.UNIT_SHIFT);
    int word = span & SidePage.WORDS - 1;
    int left = to.length;
    for (int unit = 0; unit < spanUnits && left > to.length - SOME; unit++) {
      long taken = page.bits[SidePage.TAKEN + word + unit];
      long free = starts[unit] & ~taken;
      if (free == 0 || taken != 0 && !spans.isFor(span + unit, owner)) {
        continue;
      }
      if (Long.bitCount(free) > left) {
        break;
      }
      page.bits[SidePage.TAKEN + word + unit] = taken | free;
      sides.born(page, word + unit, free, tracked);
      spans.setOwner(span + unit, owner);
      left = list(to, left, span + unit << BlockSizes.UNIT_SHIFT, free);
    }
    int taken = to.length - left;
    if (left > 0) {
      System.arraycopy(to, left, to, 0, taken);
    }
    removeIfFull(span, 0, page);
    return taken;
  }

  /**
   * Lists blocks downwards, so that the lowest is used first.
   *
   * @param from the index behind the first that is written
   * @return the index of the last
   */
  private static int list(int[] to, int from, int firstId, long blocks) {
    if (blocks == -1) {
      int last = firstId + from - 1;
      for (int i = from - Long.SIZE; i < from; i++) {
        to[i] = last - i;
      }
      return from - Long.SIZE;
    }
    int at = from;
    for (long rest = blocks; rest != 0; rest &= rest - 1) {
      to[--at] = firstId + Long.numberOfTrailingZeros(rest);
    }
    return at;
  }

  private int takeAtHand(int[] to, boolean tracked) {
    int taken = Math.min(count, to.length);
    count -= taken;
    System.arraycopy(atHand, count, to, 0, taken);
    for (int i = 0; i < taken; i++) {
      sides.born(to[i], tracked);
    }
    return taken;
  }

  /** Takes blocks of a unit back, straight to their page. Their other side bits are cleared. */
  public void give(int unit, long blocks) {
    SidePage page = sides.page(unit << BlockSizes.UNIT_SHIFT);
    int word = SidePage.TAKEN + (unit & SidePage.WORDS - 1);
    page.bits[word] &= ~blocks;
    int span = unit & -spanUnits;
    if ((spans.kinds[span] & LISTED) == 0) {
      addLast(span);
    }
    if (page.bits[word] == 0 && first != last && isEmpty(span)) {
      giveUp(span);
    }
  }

  // -------------------------------------------------------------------- slow paths

  private void refill() {
    if (first < 0) {
      addFirst(takeSpan());
    }
    int span = first;
    SidePage page = sides.page(span << BlockSizes.UNIT_SHIFT);
    int word = SidePage.TAKEN + (span & SidePage.WORDS - 1);
    long[] bits = page.bits;
    int taken = 0;
    int unit = 0;
    for (; unit < spanUnits && taken < atHand.length / 2; unit++) {
      long free = starts[unit] & ~bits[word + unit];
      bits[word + unit] |= free;
      for (; free != 0; free &= free - 1) {
        atHand[taken++] = (span + unit << BlockSizes.UNIT_SHIFT) + Long.numberOfTrailingZeros(free);
      }
    }
    count = taken;
    reverse(atHand, taken);
    removeIfFull(span, unit, page);
  }

  /**
   * Takes a span that is not in the list.
   *
   * @return its first unit
   * @throws org.ouroboros.allocator.AllocatorException if there is no memory; nothing has changed
   */
  int takeSpan() {
    return spans.take(spanUnits, kind, kind, true);
  }

  /** Lists a span that was taken, or gives it back. */
  void provide(int span, boolean wanted) {
    if (wanted) {
      addFirst(span);
    } else {
      spans.giveBack(span, spanUnits);
    }
  }

  /** Takes a span off the list that has no free block from a unit on, nor before. */
  private void removeIfFull(int span, int from, SidePage page) {
    int word = SidePage.TAKEN + (span & SidePage.WORDS - 1);
    int unit = from;
    while (unit < spanUnits && (starts[unit] & ~page.bits[word + unit]) == 0) {
      unit++;
    }
    if (unit == spanUnits) {
      remove(span);
    }
  }

  private static void reverse(int[] ids, int length) {
    for (int i = 0, j = length - 1; i < j; i++, j--) {
      int id = ids[i];
      ids[i] = ids[j];
      ids[j] = id;
    }
  }

  /** Lets all blocks at hand go back to their pages, so that spans that are empty are given up. */
  void flush() {
    flush(count);
    int only = first;
    if (only >= 0 && isEmpty(only)) {
      remove(only);
      spans.giveBack(only, spanUnits);
    }
  }

  /** All blocks are free, and their spans are given back. */
  void forgetAll() {
    count = 0;
    first = -1;
    last = -1;
  }

  /** Lets those go back that have been at hand for longest. */
  private void flush(int number) {
    for (int i = 0; i < number; i++) {
      giveToPage(atHand[i]);
    }
    count -= number;
    System.arraycopy(atHand, number, atHand, 0, count);
  }

  private void giveToPage(int id) {
    int unit = id >>> BlockSizes.UNIT_SHIFT;
    int span = unit & -spanUnits;
    SidePage page = sides.page(id);
    int word = SidePage.word(SidePage.TAKEN, id);
    long rest = page.bits[word] & ~(1L << id);
    page.bits[word] = rest;
    if ((spans.kinds[span] & LISTED) == 0) {
      addLast(span);
    }
    // most of the time one look at the word is enough
    if (rest == 0 && first != last && isEmpty(span)) {
      giveUp(span);
    }
  }

  /** All blocks of a span are free: it goes back, now or when that is allowed again. */
  private void giveUp(int span) {
    if (spans.keeping) {
      emptied = true;
    } else {
      remove(span);
      spans.giveBack(span, spanUnits);
    }
  }

  /** Gives the spans up that are empty and were kept; see {@link PagedSpace#setKeeping}. */
  void giveUpEmptied() {
    if (!emptied) {
      return;
    }
    emptied = false;
    for (int span = first; span >= 0 && first != last; ) {
      int after = spans.next[span >>> 3];
      if (isEmpty(span)) {
        giveUp(span);
      }
      span = after;
    }
  }

  /**
   * Takes the blocks of a span back that have their TRASH bit, straight to their page.
   *
   * @return their bytes
   */
  long giveTrash(int span, SidePage page) {
    long[] bits = page.bits;
    int word = span & SidePage.WORDS - 1;
    long blocks = 0;
    for (int w = word; w < word + spanUnits; w++) {
      long trash = bits[SidePage.TRASH + w];
      blocks += Long.bitCount(trash);
      bits[SidePage.TAKEN + w] &= ~trash;
    }
    if (blocks > 0) {
      regained(span);
    }
    return blocks * bytes;
  }

  /** A span has got free blocks: it is to be found, or if it has nothing else, given up. */
  private void regained(int span) {
    if ((spans.kinds[span] & LISTED) == 0) {
      addLast(span);
    }
    if (first != last && isEmpty(span)) {
      giveUp(span);
    }
  }

  private boolean isEmpty(int span) {
    long[] bits = sides.page(span << BlockSizes.UNIT_SHIFT).bits;
    int word = SidePage.TAKEN + (span & SidePage.WORDS - 1);
    long any = 0;
    for (int i = 0; i < spanUnits; i++) {
      any |= bits[word + i];
    }
    return any == 0;
  }

  // ---------------------------------------------------------------- spans with room

  private void addFirst(int span) {
    link(-1, span);
    link(span, first);
    first = span;
    if (last < 0) {
      last = span;
    }
    spans.kinds[span] |= LISTED;
  }

  private void addLast(int span) {
    link(last, span);
    link(span, -1);
    last = span;
    if (first < 0) {
      first = span;
    }
    spans.kinds[span] |= LISTED;
  }

  private void remove(int span) {
    int before = spans.previous[span >>> 3];
    int after = spans.next[span >>> 3];
    link(before, after);
    if (first == span) {
      first = after;
    }
    if (last == span) {
      last = before;
    }
    spans.kinds[span] &= ~LISTED;
  }

  private void link(int before, int after) {
    if (before >= 0) {
      spans.next[before >>> 3] = after;
    }
    if (after >= 0) {
      spans.previous[after >>> 3] = before;
    }
  }

  long metadataBytes() {
    return 64 + 16 + 4L * atHand.length;
  }
}
