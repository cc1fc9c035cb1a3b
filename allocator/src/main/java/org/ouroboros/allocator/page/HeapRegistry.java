package org.ouroboros.allocator.page;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All local heaps of an engine, and who holds which.
 *
 * <p>A platform thread that uses the shared face gets a heap of its own, found again through a
 * table indexed with the thread's id and verified by identity. A confined view holds a heap until
 * it is closed. Virtual threads share a few heaps, each under a lock (a {@link Stripe}).
 *
 * <p>A heap whose holder has died or let go of it is an orphan: with its pages, and the blocks in
 * them, it goes to the next thread that needs one. So pages never change their owner, and as many
 * heaps exist as threads used the allocator at the same time. What is freed of an orphan's pages is
 * drained now and then by the others, so that its empty pages come back.
 *
 * <p>Thread rule: any thread. Changes hold this object's monitor; orphans are touched only under
 * it.
 */
public final class HeapRegistry {

  private static final int MAX_TABLE = 1 << 16;

  /** How many heaps are looked at for a dead holder when a thread needs one. */
  private static final int LOOK_AT = 32;

  private final Engine engine;
  private final PageHeap pages;
  private final long base;
  private final LocalHeap nobodys;

  /** Heaps by their thread's id. Racy to read: an entry counts only if its holder is the reader. */
  private LocalHeap[] table;

  private final List<LocalHeap> all = new ArrayList<>();
  private final IdentityHashMap<Thread, LocalHeap> ofThread = new IdentityHashMap<>();
  private final ArrayDeque<LocalHeap> orphans = new ArrayDeque<>();
  private int nextLook;
  private boolean disabled;

  private volatile Stripe @Nullable [] stripes;
  private volatile @Nullable Stripe hidden;

  HeapRegistry(Engine engine) {
    this.engine = engine;
    this.pages = engine.pages;
    this.base = engine.pages.base;
    this.nobodys = new LocalHeap(engine, false);
    this.table = new LocalHeap[64];
    Arrays.fill(table, nobodys);
  }

  /** A heap that is used by many threads, one at a time. */
  public static final class Stripe {

    private final ReentrantLock lock = new ReentrantLock();

    private final LocalHeap heap;

    Stripe(LocalHeap heap) {
      this.heap = heap;
    }

    /**
     * Waits for the stripe.
     *
     * @return its heap, which the caller holds until {@link #unlock}
     */
    public LocalHeap lock() {
      lock.lock();
      return heap;
    }

    /** Lets the stripe go. */
    public void unlock() {
      lock.unlock();
    }
  }

  // -------------------------------------------------------------------- finding

  /**
   * The calling thread's heap.
   *
   * @return null if the caller is a virtual thread, which must use its {@link #stripe}
   */
  public @Nullable LocalHeap current() {
    Thread thread = Thread.currentThread();
    LocalHeap[] heaps = table;
    LocalHeap heap = heaps[(int) thread.threadId() & heaps.length - 1];
    return heap.holder == thread ? heap : find(thread);
  }

  private @Nullable LocalHeap find(Thread thread) {
    if (thread.isVirtual()) {
      return null;
    }
    synchronized (this) {
      engine.checkOpen();
      LocalHeap heap = ofThread.get(thread);
      if (heap == null) {
        heap = acquire(thread, true);
        ofThread.put(thread, heap);
      }
      remember(heap, thread);
      return heap;
    }
  }

  /**
   * Frees a small block of the heap that {@link #current} would find, without looking for it: its
   * page tells whose it is.
   *
   * @param address anything
   * @return false if it is no such block; nothing has been done then
   */
  public boolean freeOwn(long address) {
    long offset = address - base;
    int number = (int) (offset >>> Page.SHIFT);
    Bin bin = pages.binAt(number);
    return bin.sharedHolder == Thread.currentThread()
        && bin.free(address, number, offset - ((long) number << Page.SHIFT));
  }

  private void remember(LocalHeap heap, Thread thread) {
    LocalHeap[] known = table;
    int slot = (int) thread.threadId() & known.length - 1;
    Thread other = known[slot].holder;
    if (other != null && other != thread && other.isAlive() && known.length < MAX_TABLE) {
      LocalHeap[] grown = new LocalHeap[known.length * 2];
      Arrays.fill(grown, nobodys);
      ofThread.forEach((t, h) -> grown[(int) t.threadId() & grown.length - 1] = h);
      grown[(int) thread.threadId() & grown.length - 1] = heap;
      table = grown;
    } else {
      known[slot] = heap;
    }
  }

  /**
   * The stripe of the calling thread.
   *
   * @return a stripe, the same one at each call of one thread
   */
  public Stripe stripe() {
    Stripe[] all = stripes;
    if (all == null) {
      all = makeStripes();
    }
    long id = Thread.currentThread().threadId();
    return all[(int) (id * 0x9E3779B97F4A7C15L >>> 40) & all.length - 1];
  }

  private synchronized Stripe[] makeStripes() {
    Stripe[] made = stripes;
    if (made == null) {
      engine.checkOpen();
      int processors = Runtime.getRuntime().availableProcessors();
      made = new Stripe[Integer.highestOneBit(Math.max(1, 2 * processors - 1)) * 2];
      for (int i = 0; i < made.length; i++) {
        made[i] = new Stripe(make(false));
      }
      stripes = made;
    }
    return made;
  }

  /**
   * The heap whose blocks every free and every resize meets on its slow path: none is at hand
   * anywhere, and {@link LocalHeap#freeOwn} knows none of its pages. So it is told of them without
   * asking at each call.
   *
   * @return the same one always
   */
  Stripe hidden() {
    Stripe made = hidden;
    return made != null ? made : makeHidden();
  }

  private synchronized Stripe makeHidden() {
    Stripe made = hidden;
    if (made == null) {
      engine.checkOpen();
      made = new Stripe(make(true));
      hidden = made;
    }
    return made;
  }

  // -------------------------------------------------------------------- holding

  /**
   * Gives a thread a heap to hold, an orphan if there is one.
   *
   * @param holder the thread that will use it
   * @return a heap that nobody else uses until the holder dies or releases it
   */
  public synchronized LocalHeap acquire(Thread holder) {
    return acquire(holder, false);
  }

  private LocalHeap acquire(Thread holder, boolean shared) {
    engine.checkOpen();
    findDead();
    LocalHeap heap = orphans.isEmpty() ? make(false) : orphans.pop();
    heap.hold(holder, shared);
    return heap;
  }

  /**
   * Takes a heap back from its holder.
   *
   * @param heap a heap that was acquired
   */
  public synchronized void release(LocalHeap heap) {
    if (!disabled) {
      heap.pages.settle();
    }
    heap.hold(null, false);
    orphans.push(heap);
  }

  private LocalHeap make(boolean isHidden) {
    LocalHeap heap = new LocalHeap(engine, isHidden);
    all.add(heap);
    return heap;
  }

  /** Makes orphans of some heaps whose holders have died. Dying orders all they did before this. */
  private void findDead() {
    for (int i = 0; i < Math.min(LOOK_AT, all.size()); i++) {
      nextLook = nextLook + 1 < all.size() ? nextLook + 1 : 0;
      LocalHeap heap = all.get(nextLook);
      Thread holder = heap.holder;
      if (holder != null && !holder.isAlive()) {
        ofThread.remove(holder);
        heap.hold(null, false);
        orphans.push(heap);
      }
    }
  }

  /** Lets the heaps that the calling thread may touch count anew to what they sample. */
  void restartClocks() {
    Stripe[] shared = stripes;
    for (int i = 0; shared != null && i < shared.length; i++) {
      LocalHeap heap = shared[i].lock();
      try {
        heap.restartClock();
      } finally {
        shared[i].unlock();
      }
    }
    Thread caller = Thread.currentThread();
    synchronized (this) {
      for (LocalHeap heap : all) {
        if (heap.holder == caller) {
          heap.restartClock();
        }
      }
    }
  }

  /** Settles the heaps that the calling thread may touch: its own, orphans, and stripes. */
  void settle() {
    Stripe[] shared = stripes;
    for (int i = 0; shared != null && i < shared.length; i++) {
      settle(shared[i]);
    }
    Stripe sampled = hidden;
    if (sampled != null) {
      settle(sampled);
    }
    Thread caller = Thread.currentThread();
    synchronized (this) {
      drainOrphans();
      for (LocalHeap heap : all) {
        if (heap.holder == caller) {
          heap.pages.settle();
        }
      }
    }
  }

  private static void settle(Stripe stripe) {
    LocalHeap heap = stripe.lock();
    try {
      heap.pages.settle();
    } finally {
      stripe.unlock();
    }
  }

  /** Adds to the blocks of each class those that are not live and not free in their pages. */
  synchronized void countHeld(long[] blocks) {
    all.forEach(heap -> heap.pages.countHeld(blocks));
  }

  /** Takes in what was freed of orphans' pages, and gives up those that are empty. */
  synchronized void drainOrphans() {
    engine.checkOpen();
    findDead();
    for (LocalHeap orphan : orphans) {
      orphan.pages.settle();
    }
  }

  /** Of a closed engine: its pages are gone, so that nothing may be settled any more. */
  synchronized void disable() {
    disabled = true;
    LocalHeap[] empty = new LocalHeap[1];
    empty[0] = nobodys;
    table = empty;
    all.forEach(heap -> heap.pages.disable());
  }

  synchronized int count() {
    return all.size();
  }

  synchronized int orphanCount() {
    return orphans.size();
  }
}
