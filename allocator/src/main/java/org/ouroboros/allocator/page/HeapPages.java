package org.ouroboros.allocator.page;

import static org.ouroboros.allocator.page.Page.CAPACITY;
import static org.ouroboros.allocator.page.Page.FREE;
import static org.ouroboros.allocator.page.Page.SUMMARY;
import static org.ouroboros.allocator.page.Page.USED;

import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.sizeclass.SizeClasses;

/**
 * The pages of a local heap: the slow paths of {@link LocalHeap}.
 *
 * <p>When no more blocks are at hand, a bin goes on with the word it is at if blocks of it were
 * freed meanwhile, then with the lowest word of the page that has free blocks, then with the page
 * that has waited longest in its queue, then with a new one. (First in, first out: a page that has
 * just regained one block would be used up at once and come back, and so on for ever.) A page whose
 * last block is freed goes back to the {@link PageHeap}, unless it is current. What others have
 * freed of the pages is drained when a page is used up.
 *
 * <p>Thread rule: as the heap.
 */
final class HeapPages {

  /** Every so many new pages, heaps that nobody holds are drained. */
  private static final int PAGES_PER_ORPHAN_DRAIN = 64;

  /** The bins by class. */
  final Bin[] bins = new Bin[SizeClasses.COUNT];

  private final LocalHeap heap;
  private final Engine engine;
  private int newPages;

  HeapPages(LocalHeap heap, Engine engine) {
    this.heap = heap;
    this.engine = engine;
    for (int i = 0; i < bins.length; i++) {
      bins[i] = new Bin(heap, i, engine.exact);
    }
  }

  // --------------------------------------------------- where blocks come from

  /** No block is at hand: goes on with the same word, another word, another page, or a new page. */
  void refill(Bin bin) {
    Page page = bin.page;
    if (page == null) {
      nextPage(bin);
      return;
    }
    long[] record = bin.record;
    if (record[bin.word] != 0) {
      bin.openWord(page, bin.word);
      return;
    }
    long summary = record[SUMMARY] & ~(1L << bin.word - FREE);
    record[SUMMARY] = summary;
    if (summary == 0) {
      nextPage(bin);
    } else {
      bin.openWord(page, FREE + Long.numberOfTrailingZeros(summary));
    }
  }

  private void nextPage(Bin bin) {
    engine.checkOpen();
    if (bin.page != null) {
      bin.record[USED] = bin.record[CAPACITY];
      bin.close();
    }
    bin.postAway();
    if (heap.remoteFrees.any()) {
      drain();
    }
    bin.open(findPage(bin));
  }

  private Page findPage(Bin bin) {
    Page page = bin.first;
    if (page != null) {
      bin.dequeue(page);
      return page;
    }
    if (++newPages % PAGES_PER_ORPHAN_DRAIN == 0) {
      engine.heaps.drainOrphans();
    }
    try {
      return engine.newPage(heap, bin.sizeClass);
    } catch (AllocationFailedException e) {
      return findPageAfterAll(bin);
    }
  }

  /** There was no room for a new page: lets go of all that is not live, and tries once more. */
  private Page findPageAfterAll(Bin bin) {
    settle();
    engine.heaps.drainOrphans();
    Page page = bin.first;
    if (page != null) {
      bin.dequeue(page);
      return page;
    }
    return engine.newPage(heap, bin.sizeClass);
  }

  // ------------------------------------------------------- where they go

  /** Takes in what other threads have freed of this heap's pages. */
  void drain() {
    Page page = heap.remoteFrees.takeAll();
    while (page != null) {
      Page next = RemoteFrees.next(page);
      for (long words = RemoteFrees.takeSummary(page); words != 0; words &= words - 1) {
        int word = Long.numberOfTrailingZeros(words);
        giveBack(page, word, RemoteFrees.takeWord(page, word));
      }
      page = next;
    }
  }

  /** Frees blocks of one word of a page. A block that two threads freed at once counts once. */
  void giveBack(Page page, int word, long bits) {
    long[] record = page.record;
    long free = record[FREE + word];
    long live = bits & ~free;
    if (live == 0) {
      return;
    }
    record[FREE + word] = free | live;
    if (free == 0) {
      heap.wordRegained(page.number, record, FREE + word);
    }
    record[USED] -= Long.bitCount(live);
    if (record[USED] == 0) {
      heap.pageEmptied(page);
    }
  }

  /** Drains, and lets go of all that is not live, so that pages which are empty are given up. */
  void settle() {
    drain();
    for (Bin bin : bins) {
      while (bin.top > 0) {
        freeHeld(bin.atHand[bin.top--]);
      }
      bin.postAway();
      Page page = bin.page;
      if (page != null) {
        int word = bin.word;
        bin.close();
        long[] record = page.record;
        if (record[word] == 0) {
          record[SUMMARY] &= ~(1L << word - FREE);
        }
        record[USED] = (long) page.capacity() - page.locallyFree();
        if (record[SUMMARY] != 0) {
          bin.enqueue(page);
        }
        if (record[USED] == 0) {
          heap.pageEmptied(page);
        }
      }
    }
  }

  /** A block that was freed twice meanwhile counts once; who freed it cannot be told any more. */
  private void freeHeld(long address) {
    Page page = engine.pageOf(address);
    int index = page.indexOf(address);
    if (index >= 0) {
      giveBack(page, index >>> 6, 1L << index);
    }
  }

  /** Adds to the blocks of each class those that are not live and not free in their pages. */
  void countHeld(long[] blocks) {
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] += bins[i].held();
    }
  }

  /** Makes every call reach a slow path, which finds the allocator closed. */
  void disable() {
    for (Bin bin : bins) {
      bin.top = 0;
      bin.close();
    }
  }
}
