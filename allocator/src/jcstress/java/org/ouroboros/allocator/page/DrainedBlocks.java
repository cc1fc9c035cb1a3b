package org.ouroboros.allocator.page;

/** Drains a list as its owner does, and counts how often it met which block. */
final class DrainedBlocks {

  /** The first block of the first word. */
  int first;

  /** The second block of that word. */
  int second;

  /** The first block of the next word. */
  int ofNextWord;

  void drain(RemoteFrees frees) {
    Page page = frees.takeAll();
    while (page != null) {
      Page next = RemoteFrees.next(page);
      for (long words = RemoteFrees.takeSummary(page); words != 0; words &= words - 1) {
        int word = Long.numberOfTrailingZeros(words);
        count(word, RemoteFrees.takeWord(page, word));
      }
      page = next;
    }
  }

  private void count(int word, long bits) {
    if (word == 0) {
      first += (int) (bits & 1);
      second += (int) (bits >>> 1 & 1);
    } else {
      ofNextWord += (int) (bits & 1);
    }
  }
}
