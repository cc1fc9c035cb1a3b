package org.ouroboros.collector.heap;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mutators of a shared heap, and which is whose.
 *
 * <p>A platform thread finds its own in a table indexed with the thread's id and verified by
 * identity; at its first operation it is attached. When many have been attached, those of dead
 * threads are given up: what they have counted and kept ready goes to the store. Virtual threads
 * use stripes.
 *
 * <p>Thread rule: {@link #current} is for any thread, all others for who holds the safepoint's
 * lock.
 */
final class Mutators implements SharedCaches {

  private static final int LEAST_TABLE = 64;
  private static final int MAX_TABLE = 1 << 16;

  private final Safepoint safepoint;
  private final Mutator nobodys;
  private final List<Mutator> all = new ArrayList<>();
  private @Nullable ObjectStore store;

  /** By their thread's id. Racy to read: an entry counts only if its thread is the reader. */
  private Mutator[] table = new Mutator[LEAST_TABLE];

  private volatile Mutator @Nullable [] stripes;

  private byte lastOwner;

  /** How many there may be before those of dead threads are looked for. */
  private int crowd = 16;

  Mutators(Safepoint safepoint) {
    this.safepoint = safepoint;
    this.nobodys = Mutator.nobodys(safepoint);
    Arrays.fill(table, nobodys);
  }

  /** From now on threads are attached. */
  void open(ObjectStore store) {
    this.store = store;
  }

  // -------------------------------------------------------------------- finding

  /** The calling thread's. */
  Mutator current() {
    Thread thread = Thread.currentThread();
    Mutator[] known = table;
    Mutator mutator = known[(int) thread.threadId() & known.length - 1];
    return mutator.thread == thread ? mutator : find(thread);
  }

  /** The same, if the thread was attached and is a platform thread; else one that nobody enters. */
  Mutator known() {
    Thread thread = Thread.currentThread();
    Mutator[] known = table;
    Mutator mutator = known[(int) thread.threadId() & known.length - 1];
    return mutator.thread == thread ? mutator : nobodys;
  }

  private Mutator find(Thread thread) {
    try {
      return thread.isVirtual() ? stripe(thread) : attach(thread);
    } catch (OutOfMemoryError e) {
      return nobodys; // everything can be done without one, only not as fast
    }
  }

  private Mutator stripe(Thread thread) {
    Mutator[] some = stripes;
    if (some == null) {
      some = makeStripes();
    }
    return some[(int) (thread.threadId() * 0x9E3779B97F4A7C15L >>> 40) & some.length - 1];
  }

  private Mutator[] makeStripes() {
    safepoint.lock();
    try {
      Mutator[] made = stripes;
      if (made == null) {
        int processors = Runtime.getRuntime().availableProcessors();
        made = new Mutator[Integer.highestOneBit(Math.max(1, 2 * processors - 1)) * 2];
        for (int i = 0; i < made.length; i++) {
          made[i] = Mutator.stripe(safepoint);
          number(made[i]);
        }
        all.addAll(List.of(made));
        stripes = made;
      }
      return made;
    } finally {
      safepoint.unlock();
    }
  }

  private Mutator attach(Thread thread) {
    safepoint.lock();
    try {
      if (store == null) {
        return nobodys;
      }
      for (Mutator mutator : all) {
        if (mutator.thread == thread) {
          remember(mutator, thread);
          return mutator;
        }
      }
      if (all.size() >= crowd) {
        reap(store);
        crowd = 2 * all.size() + 16;
      }
      Mutator made = Mutator.of(safepoint, thread);
      number(made);
      all.add(made);
      remember(made, thread);
      return made;
    } finally {
      safepoint.unlock();
    }
  }

  private void number(Mutator mutator) {
    lastOwner = (byte) (lastOwner % Byte.MAX_VALUE + 1);
    mutator.owner = lastOwner;
  }

  private void remember(Mutator mutator, Thread thread) {
    Mutator[] known = table;
    int slot = (int) thread.threadId() & known.length - 1;
    Thread other = known[slot].thread;
    if (other != null && other != thread && other.isAlive() && known.length < MAX_TABLE) {
      Mutator[] grown = new Mutator[known.length * 2];
      Arrays.fill(grown, nobodys);
      for (Mutator one : all) {
        if (one.thread != null) {
          grown[(int) one.thread.threadId() & grown.length - 1] = one;
        }
      }
      grown[(int) thread.threadId() & grown.length - 1] = mutator;
      VarHandle.storeStoreFence(); // who finds the new table finds what is in it
      table = grown;
    } else {
      known[slot] = mutator;
    }
  }

  /** Gives up those of threads that have died; their death comes before this. */
  private void reap(ObjectStore store) {
    for (int i = all.size() - 1; i >= 0; i--) {
      Mutator mutator = all.get(i);
      if (mutator.isDead()) {
        closed |= mutator.merge(store);
        mutator.settle(store);
        all.remove(i);
      }
    }
    for (int i = 0; i < table.length; i++) {
      if (table[i].isDead()) {
        table[i] = nobodys;
      }
    }
  }

  // -------------------------------------------------------------- the stopped world

  private static final int LEAST_DRAW = 64;

  /** What {@link #draw} has to give. */
  private long allowance;

  /** And what it gives when that is used up. */
  private long overdraft;

  /** Whether those that were given up may have closed a cycle. */
  private boolean closed;

  /** Whether all but the calling thread are known to be outside until a stop ends. */
  boolean haveHeard(long stop) {
    Thread thread = Thread.currentThread();
    for (int i = 0; i < all.size(); i++) {
      Mutator mutator = all.get(i);
      if (mutator.thread != thread && !mutator.hasHeard(stop)) {
        return false;
      }
    }
    return true;
  }

  /** How many there are. */
  int count() {
    return all.size();
  }

  Mutator get(int index) {
    return all.get(index);
  }

  /**
   * Adds what all have counted to the store's counters.
   *
   * @return whether a cycle may have been closed
   */
  boolean merge(ObjectStore store) {
    boolean closing = closed;
    closed = false;
    for (int i = 0; i < all.size(); i++) {
      closing |= all.get(i).merge(store);
    }
    return closing;
  }

  /**
   * Lets all make as many objects as may be made before the next one is to be looked at: one thread
   * exactly so many, several by and by, by {@link #draw}.
   */
  void distribute(ObjectStore store) {
    int count = Math.max(1, all.size());
    boolean caching = !store.isExact();
    long until = caching ? store.untilDue() : 0;
    allowance = count == 1 ? 0 : until;
    overdraft = count == 1 || until == 0 ? 0 : (long) count * LEAST_DRAW;
    long floor = -(store.netAllocations() / count);
    for (int i = 0; i < all.size(); i++) {
      Mutator mutator = all.get(i);
      mutator.caching = caching;
      mutator.allowance = count == 1 ? until : 0;
      mutator.floor = floor;
    }
  }

  /**
   * Lets one make more objects, if there are several. When there is nothing left to give, each may
   * still have {@value #LEAST_DRAW}: so a collection may be late by so many objects for each of
   * them, but the world is not stopped for what one has and another one needs.
   *
   * @return whether it may make any; if not, the world has to be stopped
   */
  boolean draw(Mutator mutator) {
    if (mutator.net >= mutator.allowance && overdraft > 0) {
      long some = Math.max(LEAST_DRAW, allowance / (2L * all.size()));
      overdraft -= allowance < some ? LEAST_DRAW : 0;
      allowance -= Math.min(some, allowance);
      mutator.allowance = mutator.net + some;
    }
    return mutator.net < mutator.allowance;
  }

  @Override
  public void settle() {
    if (store != null) {
      for (int i = 0; i < all.size(); i++) {
        all.get(i).settle(store);
      }
    }
  }

  @Override
  public long ready() {
    long count = 0;
    for (int i = 0; i < all.size(); i++) {
      count += all.get(i).readyPlaces();
    }
    return count;
  }

  @Override
  public long objects() {
    long count = 0;
    for (int i = 0; i < all.size(); i++) {
      count += all.get(i).objects();
    }
    return count;
  }

  @Override
  public long bytes() {
    long bytes = 0;
    for (int i = 0; i < all.size(); i++) {
      bytes += all.get(i).bytes();
    }
    return bytes;
  }
}
