package org.ouroboros.collector.cycle;

import java.lang.foreign.MemorySegment;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * The first step of a {@link MarkWorker}: looks at the headers of its share in the order of
 * addresses, for roots, and scans what is marked when it comes to it, as {@link RootMarking} does.
 *
 * <p>Thread rule: the worker's alone.
 */
final class MarkSweep extends Padding {

  private final ObjectStore store;
  private final SideTables sides;
  private final MarkTeam team;
  private final MarkWorker worker;
  private final MarkShare share;
  private final MarkPost post;

  /** Whether from the last address to the first. */
  private final boolean down;

  private long headers;

  /** Not a constant for the compiler, see {@link RootMarking}. */
  private long step = Integer.BYTES;

  MarkSweep(
      ObjectStore store,
      MarkTeam team,
      MarkWorker worker,
      MarkShare share,
      MarkPost post,
      boolean down) {
    this.store = store;
    this.sides = store.sides;
    this.team = team;
    this.worker = worker;
    this.share = share;
    this.post = post;
    this.down = down;
  }

  /** The headers that were read, by or. */
  long headers() {
    return headers;
  }

  /**
   * Sweeps all pages.
   *
   * @param swept but so many, and those with few objects, which were before
   */
  void run(int swept) {
    headers = 0;
    int firstPage = Math.max(share.firstPage(), swept);
    int endPage = share.endPage();
    for (int i = 0; i < endPage - firstPage && !team.stops(); i++) {
      SidePage page = sides.at(down ? endPage - 1 - i : firstPage + i);
      post.receive();
      if (page != null && !RootMarking.hasFew(page) && !share.isAllMarked(page)) {
        sweep(page);
        post.send();
      }
    }
  }

  private void sweep(SidePage page) {
    int from = share.from(page);
    int to = share.to(page);
    for (int i = from; i < to; i++) {
      int w = down ? to - 1 - (i - from) : i;
      if (page.bits[SidePage.LIVE + w] != 0) {
        sweepWord(page, w);
        post.sendMany();
      }
    }
  }

  private void sweepWord(SidePage page, int w) {
    MemorySegment memory = store.space.memory();
    long[] marks = share.marks;
    long[] shapes = store.edges();
    long[] bits = page.bits;
    long step = this.step;
    int first = share.first;
    long words = (long) share.end - first;
    int[] outbox = post.outbox;
    int sent = post.count;
    int own = (page.firstId >>> 6) + w;
    long live = bits[SidePage.LIVE + w];
    long leaves = share.leavesKnown ? live & ~bits[SidePage.TRACKED + w] : 0;
    long start = (long) own << 10;
    long done = 0;
    long all = 0;
    // Marks of this word, apart from those that come by mail meanwhile: these are found later.
    long here = marks[own] | page.frozen(w);
    for (long rest = live & ~leaves; rest != 0; ) {
      long bit = down ? Long.highestOneBit(rest) : Long.lowestOneBit(rest);
      rest ^= bit;
      int index = Long.numberOfTrailingZeros(bit);
      long object = start + ((long) index << 4);
      long header = memory.get(ObjectStore.LONG, object);
      all |= header;
      if ((header & Header.ROOT) == 0 && (here & bit) == 0) {
        continue;
      }
      long edges = shapes[Header.type(header)];
      if ((edges & TypeInfo.ROW) == 0) {
        here |= bit;
        post.count = sent;
        if (worker.scanOther(object, header)) {
          done |= bit;
        }
        sent = post.count;
        continue;
      }
      done |= bit;
      int count = TypeInfo.rowCount(edges);
      if ((edges & TypeInfo.TAILED) != 0) {
        count += memory.get(ObjectStore.INT, object + TypeInfo.LENGTH);
      }
      long at = object + TypeInfo.rowStart(edges);
      if (count > GrayBatch.SHORT) {
        post.count = sent;
        worker.scanLong(at, count);
        sent = post.count;
        continue;
      }
      for (long behind = at + 4L * count; at < behind; at += step) {
        int child = memory.get(ObjectStore.INT, at);
        int word = child >>> 6;
        if (word == own) {
          here |= 1L << child;
          continue;
        }
        // -1 if it is in the share, else 0: what is far is in either as good as at random
        int within = (int) ((Integer.toUnsignedLong(word - first) - words) >> 63);
        outbox[sent] = child;
        sent += 1 + within;
        marks[first + (word - first & within)] |= 1L << child & within;
      }
    }
    post.count = sent;
    for (long rest = leaves & ~(here | marks[own]); rest != 0; rest &= rest - 1) {
      long header =
          memory.get(ObjectStore.LONG, start + ((long) Long.numberOfTrailingZeros(rest) << 4));
      all |= header;
      if ((header & Header.ROOT) != 0) {
        done |= rest & -rest;
      }
    }
    marks[own] |= here | done;
    share.todo[own] &= ~done;
    headers |= all;
  }
}
