package org.ouroboros.allocator.page;

import static org.ouroboros.allocator.page.PageTable.ELEMENT;
import static org.ouroboros.allocator.page.PageTable.REMOTE_BITS;
import static org.ouroboros.allocator.page.PageTable.REMOTE_NEXT;
import static org.ouroboros.allocator.page.PageTable.REMOTE_SUMMARY;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes blocks that one thread frees to the heap that owns their page: the list of a heap's pages
 * that have remote frees pending, and the protocol on a page's remote record.
 *
 * <p>Protocol. The freeing thread (1) sets the block's bit in the record's word; if the word was 0,
 * it (2) sets the word's bit in the record's SUMMARY; if that was 0, it (3) pushes the page on the
 * list of its owner. So most frees are one atomic operation. The owner takes the whole list, and
 * for each page reads its NEXT, takes the SUMMARY, and takes the words it names.
 *
 * <p>Invariant: while SUMMARY is not 0, the page is in exactly one list, or in the hands of the
 * thread that made it so or that is draining it. Hence nobody pushes a page twice, and NEXT has one
 * writer at a time.
 *
 * <p>The race: a thread between (1) and (2) may find its block already drained, as another's SUMMARY
 * bit led the owner to the word. The page may then even have been given up and be owned by another
 * heap when the late SUMMARY bit and the push arrive. So a drain that finds a page that is not its
 * heap's takes nothing, and if a word it names has bits, hands the page on to the present owner
 * ({@link #handOn}): those bits were set by frees that relied on this list entry. A heap's answer to
 * "is this page mine" is exact, because only that heap makes it so or ends it.
 *
 * <p>Thread rule: {@link #post} from any thread; {@link #take} and {@link #handOn} by the thread that
 * holds the heap.
 */
final class RemoteFrees {

  /** The first page + 1 of the list; 0 is the end. */
  private final AtomicInteger pending = new AtomicInteger();

  /** Whether {@link #take} has something to give. A plain enough read for every slow path. */
  boolean any() {
    return pending.get() != 0;
  }

  /**
   * Frees a block of a page that another heap owns.
   *
   * @return false if the block has been freed remotely before, and not been drained since
   */
  static boolean post(PageTable table, HeapRegistry heaps, int page, int index) {
    long[] records = table.remote(page);
    int record = PageTable.remoteRecord(page);
    int word = index >>> 6;
    long bit = 1L << index;
    long before = (long) ELEMENT.getAndBitwiseOr(records, record + REMOTE_BITS + word, bit);
    if (before == 0) {
      announce(table, heaps, records, page, 1L << word);
    }
    return (before & bit) == 0;
  }

  private static void announce(
      PageTable table, HeapRegistry heaps, long[] records, int page, long words) {
    int record = PageTable.remoteRecord(page);
    long before = (long) ELEMENT.getAndBitwiseOr(records, record + REMOTE_SUMMARY, words);
    if (before == 0) {
      long kind = table.chunk(page)[PageTable.record(page) + PageTable.KIND];
      LocalHeap owner = heaps.byTag(PageTable.owner(kind));
      if (owner != null) {
        owner.remoteFrees.push(records, record, page);
      } else {
        // Only a free of a block that was not live leads here: its page serves nothing now.
        ELEMENT.setVolatile(records, record + REMOTE_SUMMARY, 0L);
      }
    }
  }

  private void push(long[] records, int record, int page) {
    int head;
    do {
      head = pending.get();
      ELEMENT.setOpaque(records, record + REMOTE_NEXT, (long) head);
    } while (!pending.compareAndSet(head, page + 1));
  }

  /** Takes the whole list: its first page + 1, or 0. */
  int take() {
    return pending.getAndSet(0);
  }

  /** What follows a page in a list that was taken. Must be read before {@link #takeSummary}. */
  static int next(long[] records, int record) {
    return (int) (long) ELEMENT.getOpaque(records, record + REMOTE_NEXT);
  }

  static long takeSummary(long[] records, int record) {
    return (long) ELEMENT.getAndSet(records, record + REMOTE_SUMMARY, 0L);
  }

  static long takeWord(long[] records, int record, int word) {
    return (long) ELEMENT.getAndSet(records, record + REMOTE_BITS + word, 0L);
  }

  /** Passes a page that is no longer the draining heap's to its owner, if anything is in it. */
  static void handOn(
      PageTable table, HeapRegistry heaps, long[] records, int page, long summary) {
    int record = PageTable.remoteRecord(page);
    long left = 0;
    for (long words = summary; words != 0; words &= words - 1) {
      int word = Long.numberOfTrailingZeros(words);
      if ((long) ELEMENT.getVolatile(records, record + REMOTE_BITS + word) != 0) {
        left |= 1L << word;
      }
    }
    if (left != 0) {
      announce(table, heaps, records, page, left);
    }
  }
}
