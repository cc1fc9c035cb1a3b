package org.ouroboros.collector.space;

import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * What an incremental full collection has reached so far, two bits for each id of a heap, see
 * {@link MarkWords}:
 *
 * <pre>
 *   marked    reachable, or made since marking began
 *   scanned   what it refers to is marked too
 *
 *   white: neither   gray: marked only   black: both
 * </pre>
 *
 * <p>Invariant while marking: no black object refers to a white one, and every root that was looked
 * at is marked. The program upholds it through {@link #shade}: of what it stores or moves to
 * another slot, and of what becomes a root (an incremental update, Dijkstra and others, 1978).
 * Objects are born black. Taking a reference away needs nothing: collectors whose roots are the
 * variables of a stack, which they do not see change, have to look at them again in the end, or to
 * shade what loses a reference and keep it until the next collection; here every root is counted.
 *
 * <p>When nothing is gray any more, what is white is garbage, and <i>condemned</i> from then on: no
 * marked object leads to it, and nobody else is given a reference to it.
 *
 * <p>Gray objects are on a stack. What it has no room for is found again by comparing the bitmaps.
 * All room is there before marking begins, or when a page is made; shading needs none.
 *
 * <p><b>Shared heaps.</b> One thread marks while others are inside operations. Bits are set
 * atomically then. Who is inside does not come to the stack: {@link #shadeInside} sets the mark and
 * notes the page, and who marks looks at noted pages when the stack is empty. A page is noted after
 * the mark was set, and the note is taken away before marks are read, so no mark is overlooked; and
 * the last look is in a stopped world.
 *
 * <p>Thread rule: as the heap; of a shared one {@link #shadeInside} and {@link #bornInside} for
 * threads that are inside, all else for who holds the lock.
 */
public final class CycleMarks {

  private static final int FIRST_STACK = 1 << 12;

  /** Words of a page, as a shift. */
  private static final int SHIFT_WORDS = SidePage.SHIFT - 6;

  private static final int MAX_STACK = 1 << 20;

  private enum State {
    IDLE,
    MARKING,
    CONDEMNED,
    SEVERED
  }

  private State state = State.IDLE;
  private boolean marking;
  private boolean condemning;
  private final MarkWords marked = new MarkWords();
  private final MarkWords scanned = new MarkWords();
  private int[] stack = new int[0];
  private int size;
  private boolean overflown;

  /** Words below need not be 0 while nothing is marked. */
  private int dirty;

  /** See {@link #noteAsked}. */
  private int[] asked = new int[0];

  private int askedCount;
  private boolean askedLost;

  /** Whether others set bits meanwhile. */
  private boolean shared;

  /** By the numbers of pages: whether threads that were inside have shaded objects of them. */
  private byte[] shaded = new byte[0];

  CycleMarks() {}

  /**
   * Makes room for the ids of so many pages, while nothing is marked.
   *
   * @param pages how many pages of ids there are
   * @throws OutOfMemoryError if there is no room; nothing has changed then
   */
  public void prepare(int pages) {
    int words = Math.multiplyExact(pages, SidePage.WORDS);
    reserveWords(words);
    if (shared && shaded.length < marked.size() >> SHIFT_WORDS) {
      shaded = new byte[marked.size() >> SHIFT_WORDS];
    }
    if (stack.length == 0) {
      stack = new int[FIRST_STACK];
    }
  }

  /** Those of what was scanned first: where they have room, the marks may be looked at. */
  private void reserveWords(int words) {
    scanned.reserve(words);
    marked.reserve(words);
  }

  /**
   * Clears some of what the collection before has left.
   *
   * @return whether all is clear
   */
  public boolean clearSome() {
    if (dirty > 0) {
      scanned.clearLast(dirty);
      dirty = marked.clearLast(dirty);
    }
    return dirty == 0;
  }

  /**
   * Marking begins; everything is white. All is {@linkplain #clearSome clear}.
   *
   * @param pages how many pages of ids there are
   * @throws OutOfMemoryError if there is no room; nothing has changed then
   */
  public void begin(int pages) {
    prepare(pages);
    if (dirty != 0) {
      throw new IllegalStateException(dirty + " words of marks were not cleared");
    }
    Arrays.fill(shaded, (byte) 0);
    size = 0;
    overflown = false;
    askedCount = 0;
    askedLost = false;
    setState(State.MARKING);
  }

  private void setState(State state) {
    this.state = state;
    this.marking = state == State.MARKING;
    this.condemning = state == State.CONDEMNED || state == State.SEVERED;
  }

  /** Nothing is gray: what is white is condemned. */
  public void condemn() {
    setState(State.CONDEMNED);
  }

  /**
   * No condemned object is counted in an object that stays. From now on memory of some is used
   * again, while others still name it.
   */
  public void sever() {
    setState(State.SEVERED);
  }

  /** The collection is over, or given up. */
  public void end() {
    dirty = isActive() ? marked.size() : dirty;
    setState(State.IDLE);
  }

  /** Whether an incremental collection is under way. */
  public boolean isActive() {
    return state != State.IDLE;
  }

  public boolean isMarking() {
    return marking;
  }

  public boolean isCondemning() {
    return condemning;
  }

  /** Whether what condemned objects refer to means nothing any more. */
  public boolean isSevered() {
    return state == State.SEVERED;
  }

  /** From now on the heap's threads may be inside operations while one of them marks. */
  public void share() {
    shared = true;
  }

  /** Makes room for the ids of so many pages, while a collection is under way; nobody is inside. */
  void reserve(int pages) {
    int words = Math.multiplyExact(pages, SidePage.WORDS);
    if (isActive()) {
      reserveWords(words);
      // looked at apart from the marks: there may have been memory for those only
      if (shared && shaded.length < marked.size() >> SHIFT_WORDS) {
        shaded = Arrays.copyOf(shaded, marked.size() >> SHIFT_WORDS);
      }
    }
  }

  // ----------------------------------------------------------------------- colours

  /** The program stores or moves a reference, or makes its target a root: it is gray, if white. */
  public void shade(int id) {
    if (marking) {
      reach(id);
    }
  }

  /**
   * The program stores a reference: shades the target as {@link #shade}.
   *
   * @return false if the holder or the target is condemned, so that it must not be stored
   */
  public boolean stores(int holder, int target) {
    if (marking) {
      reach(target);
      return true;
    }
    return state == State.IDLE || isMarked(holder) && isMarked(target);
  }

  /** Makes an object gray, if it is white. */
  public void reach(int id) {
    int word = id >>> 6;
    long bit = 1L << id;
    if ((marked.get(word) & bit) == 0) {
      mark(word, bit);
      push(id);
    }
  }

  /** An object was made. */
  void born(int id) {
    born(id >>> 6, 1L << id);
  }

  /** Objects were made, or places got ready for them. */
  void born(int word, long bits) {
    if (isActive()) {
      mark(word, bits);
      scan(word, bits);
    }
  }

  /** The same as {@link #shade}, for a thread that is inside an operation. */
  public void shadeInside(int id) {
    if (marking) {
      shadeNow(id);
    }
  }

  private void shadeNow(int id) {
    long bit = 1L << id;
    if ((marked.get(id >>> 6) & bit) == 0) {
      mark(id >>> 6, bit);
      shaded[id >>> SidePage.SHIFT] = 1;
    }
  }

  /** An object is being made by a thread that is inside, at a place that was another's. */
  public void bornInside(int id) {
    if (marking) {
      mark(id >>> 6, 1L << id);
      scan(id >>> 6, 1L << id);
    }
  }

  /** Marks some of the ids of a word. */
  public void mark(int word, long bits) {
    if (shared) {
      marked.orAtomically(word, bits);
    } else {
      marked.or(word, bits);
    }
  }

  private void scan(int word, long bits) {
    if (shared) {
      scanned.orAtomically(word, bits);
    } else {
      scanned.or(word, bits);
    }
  }

  /**
   * Finds a page of which threads have shaded objects since it was asked for last, and forgets
   * that.
   *
   * @return its number; -1 if there is none
   */
  public int takeShaded() {
    for (int page = 0; page < shaded.length; page++) {
      if (shaded[page] != 0) {
        shaded[page] = 0;
        VarHandle.fullFence(); // marks that are set from now on note the page again
        return page;
      }
    }
    return -1;
  }

  /** The marks. */
  public MarkWords marked() {
    return marked;
  }

  /** What was scanned. */
  public MarkWords scanned() {
    return scanned;
  }

  public boolean isMarked(int id) {
    return marked.has(id);
  }

  public boolean isScanned(int id) {
    return scanned.has(id);
  }

  public void setScanned(int id) {
    scan(id >>> 6, 1L << id);
  }

  /** The same of some of the ids of a word. */
  public void setScanned(int word, long bits) {
    scan(word, bits);
  }

  /** Whether an id is that of a condemned object, or of none. */
  public boolean isCondemned(int id) {
    return condemning && (id >>> 6 >= marked.size() || !isMarked(id));
  }

  /** The condemned objects of a word of a page. */
  public long condemned(SidePage page, int word) {
    return condemning
        ? page.bits[SidePage.LIVE + word] & ~marked.get((page.firstId >>> 6) + word)
        : 0;
  }

  // ------------------------------------------------------------------- gray objects

  /** Puts a marked object on the stack. */
  public void push(int id) {
    if (size == stack.length && !grow()) {
      overflown = true;
    } else {
      stack[size++] = id;
    }
  }

  private boolean grow() {
    if (stack.length >= MAX_STACK) {
      return false;
    }
    try {
      stack = Arrays.copyOf(stack, 2 * stack.length);
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  /**
   * Takes objects from the stack that were gray when they were put there; they may have died since,
   * or be black.
   *
   * @return how many
   */
  public int pop(int[] ids) {
    int count = Math.min(size, ids.length);
    size -= count;
    System.arraycopy(stack, size, ids, 0, count);
    return count;
  }

  public boolean isStackEmpty() {
    return size == 0;
  }

  /** Whether the stack had no room for some; from now on that is counted anew. */
  public boolean takeOverflown() {
    boolean before = overflown;
    overflown = false;
    return before;
  }

  // ------------------------------------------------- references outside the slots

  /**
   * Notes an object with references outside its slots that is black: it was asked for them, or was
   * made since. They can pass from one such object to another unseen, so before marking ends all
   * are asked once more. Does nothing if marking is not under way.
   */
  public void noteAsked(int id) {
    if (!marking) {
      return;
    }
    if (askedCount == asked.length) {
      try {
        asked = Arrays.copyOf(asked, Math.max(64, 2 * askedCount));
      } catch (OutOfMemoryError e) {
        askedLost = true;
        return;
      }
    }
    asked[askedCount++] = id;
  }

  /** How many were noted; they may have died since. */
  public int askedCount() {
    return askedCount;
  }

  /** One of them, from 0. */
  public int asked(int index) {
    return asked[index];
  }

  /** Whether there was no memory to note one, so that the marks mean nothing. */
  public boolean isAskedLost() {
    return askedLost;
  }

  long bytes() {
    return 64
        + marked.bytes()
        + scanned.bytes()
        + shaded.length
        + 4L * stack.length
        + 4L * asked.length;
  }
}
