package org.ouroboros.allocator.page;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Takes blocks that one thread frees to the heap that owns their page: the list of a heap's pages
 * that have remote frees pending.
 *
 * <p>Protocol. The freeing thread (1) sets the block's bit in the page's remote word; if the word
 * was 0, it (2) sets the word's bit in the page's remote summary; if that was 0, it (3) pushes the
 * page on its owner's list. So most frees are one atomic operation. The owner takes the whole list,
 * and for each page reads what follows it, takes the summary, and takes the words it names.
 *
 * <p>Invariant: while its summary is not 0, a page is in its owner's list, or in the hands of the
 * thread that made it so or that is draining it. Hence nobody pushes a page twice, and {@code
 * nextPending} has one writer at a time.
 *
 * <p>The race: a thread between (1) and (2) may find its block already drained, when another's
 * summary bit led the owner to the word; the late summary bit then names an empty word. The page
 * may even have been given up meanwhile: then its metadata is dead, nobody else uses it, and
 * draining it finds nothing.
 *
 * <p>The owner may also take one word by itself, when it is to allocate from it: the summary bit
 * stays behind and names an empty word.
 *
 * <p>Thread rule: {@link #post} from any thread, {@link #takeAll} and {@link #next} by the heap's
 * holder.
 */
final class RemoteFrees {

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle SUMMARY;
  private static final VarHandle PENDING;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      SUMMARY = lookup.findVarHandle(Page.class, "remoteSummary", long.class);
      PENDING = lookup.findVarHandle(RemoteFrees.class, "pending", Page.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The first page of the list. */
  private volatile @Nullable Page pending;

  boolean any() {
    return pending != null;
  }

  /**
   * Frees blocks of one word of a page that this heap owns, from another thread.
   *
   * @param bits the blocks
   * @return those of them that were freed remotely before, and have not been drained since
   */
  long post(Page page, int word, long bits) {
    long before = (long) WORD.getAndBitwiseOr(page.remoteWords(), word, bits);
    if (before == 0) {
      announce(page, word);
    }
    return before & bits;
  }

  private void announce(Page page, int word) {
    if ((long) SUMMARY.getAndBitwiseOr(page, 1L << word) == 0) {
      Page head;
      do {
        head = pending;
        page.nextPending = head;
      } while (!PENDING.compareAndSet(this, head, page));
    }
  }

  /** Takes the whole list. */
  @Nullable Page takeAll() {
    return (Page) PENDING.getAndSet(this, null);
  }

  /** What follows a page in a list that was taken. Must be called before {@link #takeSummary}. */
  static @Nullable Page next(Page page) {
    Page next = page.nextPending;
    page.nextPending = null;
    return next;
  }

  /** The words that have bits. */
  static long takeSummary(Page page) {
    return (long) SUMMARY.getAndSet(page, 0L);
  }

  /** The blocks of a word. */
  static long takeWord(Page page, int word) {
    return (long) WORD.getAndSet(page.remoteWords(), word, 0L);
  }
}
