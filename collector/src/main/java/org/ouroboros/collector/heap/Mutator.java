package org.ouroboros.collector.heap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.space.BlockClass;
import org.ouroboros.collector.space.Header;

/**
 * What a shared heap keeps for one thread: whether it is inside an operation, and what it counts
 * and keeps ready for itself.
 *
 * <p><b>Protocol</b> (Dekker's, with the fence on one side only: Dice, Huang and Yang, "Asymmetric
 * Dekker synchronization", 2001). A thread that enters writes {@code state} and then reads the
 * safepoint's flag; who stops the world writes the flag, lets {@linkplain GlobalFence all threads
 * execute a fence}, and then reads every state.
 *
 * <ul>
 *   <li>Both of the mutator's accesses are opaque or stronger, which the JIT does not reorder; the
 *       processor may delay the write, until the fence at the latest.
 *   <li>So if the fence comes before the mutator's read, the read comes after the stopper's write:
 *       the mutator sees the flag, and goes out again. If it comes after the read, the write of the
 *       state is seen by the stopper, which waits. A mutator never goes on while the world is
 *       stopped.
 *   <li>The read of the flag is an acquiring one, and the flag is cleared by a releasing write: who
 *       enters sees all that was done in the stopped world. The state is cleared by a releasing
 *       write, and awaited by acquiring reads: who has stopped the world sees all that was done
 *       inside.
 * </ul>
 *
 * <p><b>Without the fence.</b> Interrupting processors is dear, so whoever stops the world first
 * looks for a moment whether that is needed. The flag is the number of the stop. A thread that
 * reads it outside tells so ({@code heard}): it reads no older value of the flag afterwards, so it
 * stays outside until that stop ends. A thread that waits for the lock is {@code away}; when it
 * comes back it executes a fence before it reads the flag again. The fence is left out if this is
 * known of every thread; threads that have ended stay outside anyway.
 *
 * <p>Inside, a thread calls no user code, takes no lock, does not block and needs no memory, so it
 * leaves after a bounded number of steps.
 *
 * <p>Virtual threads share a few mutators, <i>stripes</i>, which they take by a compare-and-set of
 * the state: it is also a lock, which nobody waits for.
 *
 * <p>Thread rule: the other fields are for the thread that is inside, or for who holds the
 * safepoint's lock while the world is stopped or the thread itself holds the lock.
 */
class Mutator extends MutatorPadding {

  private static final VarHandle STATE;

  static {
    try {
      STATE =
          MethodHandles.lookup()
              .findVarHandle(Mutator.class, "state", int.class)
              .withInvokeExactBehavior();
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int OUTSIDE = 0;
  private static final int INSIDE = 1;
  private static final int SPINS = 200;
  private static final @Nullable ReadyPlaces[] NONE = {};
  private static final @Nullable ReadyTails[] NO_TAILS = {};

  private final Safepoint safepoint;

  /** Whose it is; null for a stripe, and for the one that nobody enters. */
  final @Nullable Thread thread;

  private final boolean striped;

  /** See {@link BlockClass#takeUnits}; set before others know this. */
  byte owner = 1;

  @SuppressWarnings("unused") // by its handle
  private int state;

  /** The number of the stop that the thread has seen last, from outside. */
  private volatile long heard;

  /** Whether the thread waits outside, and will look at the flag after a fence. */
  volatile boolean away;

  /** The number of the stop for which the thread was waited for in vain last. */
  private long missed;

  /** By the ids of their types. */
  private @Nullable ReadyPlaces[] ready = NONE;

  /** Those of types with a tail. */
  private @Nullable ReadyTails[] tails = NO_TAILS;

  /** All of them. */
  private final List<ReadyPlaces> all = new ArrayList<>();

  /** Whether places may be kept ready: no collection runs. */
  boolean caching;

  /** Tracked objects made less freed since the world was stopped last; not below the floor. */
  long net;

  /** With so many the next allocation is to be looked at. */
  long allowance;

  long floor;

  /** Places that were kept ready when their objects had died, since the world was stopped last. */
  long reused;

  /** See {@link ObjectStore#roots}; since the world was stopped last. */
  long unrooted;

  /** See {@link SlotAccess#takeClosing}; since the world was stopped last. */
  boolean closing;

  private static final int OWED = 1024;

  /** The list of {@link SharedDeath}; null if none was needed so far. */
  private int @Nullable [] owed;

  /** How many references on it the thread has to release. */
  int owedCount;

  private Mutator(Safepoint safepoint, @Nullable Thread thread, boolean striped) {
    this.safepoint = safepoint;
    this.thread = thread;
    this.striped = striped;
  }

  /** Has something behind the fields, too. */
  private static final class Padded extends Mutator {

    @SuppressWarnings("unused")
    private long q0;

    @SuppressWarnings("unused")
    private long q1;

    @SuppressWarnings("unused")
    private long q2;

    @SuppressWarnings("unused")
    private long q3;

    @SuppressWarnings("unused")
    private long q4;

    @SuppressWarnings("unused")
    private long q5;

    @SuppressWarnings("unused")
    private long q6;

    @SuppressWarnings("unused")
    private long q7;

    Padded(Safepoint safepoint, @Nullable Thread thread, boolean striped) {
      super(safepoint, thread, striped);
    }
  }

  /** Of a platform thread. */
  static Mutator of(Safepoint safepoint, Thread thread) {
    return new Padded(safepoint, thread, false);
  }

  /** Of virtual threads. */
  static Mutator stripe(Safepoint safepoint) {
    return new Padded(safepoint, null, true);
  }

  /** One that is never entered. */
  static Mutator nobodys(Safepoint safepoint) {
    return new Padded(safepoint, null, false);
  }

  // ---------------------------------------------------------------------- protocol

  /**
   * Enters, unless the world is stopped or about to be. The caller leaves whatever happens, and has
   * no more calls below it by then than this has: so there is stack for {@link #leave}. For the
   * same reason the flag is read first, when there is nothing yet to be left.
   *
   * @return whether it did; if not, the caller takes the slow path
   */
  final boolean enter() {
    long stop = safepoint.stopping();
    if (stop != 0) {
      hear(stop);
      return false;
    }
    if (!begin()) {
      return false;
    }
    stop = safepoint.stopping();
    if (stop != 0) {
      leave();
      hear(stop);
      return false;
    }
    return true;
  }

  /** To be called outside only: see the protocol. */
  private void hear(long stop) {
    heard = stop;
  }

  private boolean begin() {
    if (thread == null) {
      return striped && STATE.compareAndSet(this, OUTSIDE, INSIDE);
    }
    STATE.setOpaque(this, INSIDE);
    return true;
  }

  final void leave() {
    STATE.setRelease(this, OUTSIDE);
  }

  /**
   * Whether the thread is known to be outside and to stay there until a stop ends, without a fence.
   * Waits a moment for that, if the thread has gone in or tried to since that was in vain. For who
   * stops the world.
   */
  final boolean hasHeard(long stop) {
    if (thread == null) {
      return isOutside(); // goes in with a fence of its own
    }
    if (isDead()) {
      return true;
    }
    for (int i = heard < missed ? 1 : SPINS; i > 0; i--) {
      if (heard == stop || away) {
        return true;
      }
      Thread.onSpinWait();
    }
    missed = stop;
    return false;
  }

  /** Whether no thread is inside, or the one that was is dead. For who has stopped the world. */
  final boolean isOutside() {
    return (int) STATE.getAcquire(this) == OUTSIDE || isDead();
  }

  final boolean isDead() {
    return thread != null && !thread.isAlive();
  }

  /**
   * Takes it for a thread that holds the safepoint's lock, so that nobody can stop the world. A
   * platform thread needs nothing for that.
   */
  final boolean hold() {
    return thread != null || begin();
  }

  /** The counterpart. */
  final void unhold() {
    if (thread == null) {
      leave();
    }
  }

  /** The list of what a platform thread owes; null for others, or if there is no memory for it. */
  final int @Nullable [] owed() {
    int[] list = owed;
    if (list == null && thread != null) {
      try {
        list = new int[OWED];
        owed = list;
      } catch (OutOfMemoryError e) {
        return null; // deaths can do without
      }
    }
    return list;
  }

  // ------------------------------------------------------------------ ready places

  /** Those of a type; null if there are none yet. */
  final @Nullable ReadyPlaces ready(int type) {
    @Nullable ReadyPlaces[] all = ready;
    return type < all.length ? all[type] : null;
  }

  /** Those of a type with a tail and a size; null if there are none yet, or it is too large. */
  final @Nullable ReadyPlaces readyTail(int type, int length) {
    @Nullable ReadyTails[] some = tails;
    ReadyTails sizes = type < some.length ? some[type] : null;
    return sizes == null ? null : sizes.get(length);
  }

  /**
   * Those of an object, by its header; null if there are none yet.
   *
   * @param length what is read where a tail's length would be
   */
  final @Nullable ReadyPlaces readyOf(long header, int length) {
    ReadyPlaces places = ready(Header.type(header));
    return places != null ? places : readyTail(Header.type(header), length);
  }

  /** Takes a place for a new object of a type: the one at the count. Null if none is ready. */
  final @Nullable ReadyPlaces take(int type) {
    @Nullable ReadyPlaces[] all = ready;
    ReadyPlaces places = type < all.length ? all[type] : null;
    if (places == null || !hasReady(places)) {
      return null;
    }
    take(places);
    return places;
  }

  /** Whether a place is ready, and an object may be made without a look at what is due. */
  final boolean hasReady(ReadyPlaces places) {
    return places.count > 0 && net < allowance;
  }

  final void take(ReadyPlaces places) {
    places.count--;
    net += places.tracked;
  }

  /**
   * The same, made if need be. For who holds the lock, and this.
   *
   * @param length of a tail; anything if the type has none
   * @param blocks of what size
   */
  final ReadyPlaces makeReady(TypeInfo info, int length, BlockClass blocks) {
    return info.quickTail ? makeReadyTail(info, length, blocks) : makeReady(info, blocks);
  }

  private ReadyPlaces makeReady(TypeInfo info, BlockClass blocks) {
    int type = info.type.id();
    if (type >= ready.length) {
      ready = Arrays.copyOf(ready, Math.max(type + 1, 2 * ready.length));
    }
    ReadyPlaces places = ready[type];
    if (places == null) {
      places = new ReadyPlaces(info, blocks);
      all.add(places);
      ready[type] = places;
    }
    return places;
  }

  private ReadyPlaces makeReadyTail(TypeInfo info, int length, BlockClass blocks) {
    int type = info.type.id();
    if (type >= tails.length) {
      tails = Arrays.copyOf(tails, Math.max(type + 1, 2 * tails.length));
    }
    ReadyTails sizes = tails[type];
    if (sizes == null) {
      sizes = new ReadyTails(info);
      tails[type] = sizes;
    }
    ReadyPlaces places = sizes.get(length);
    if (places == null) {
      places = new ReadyPlaces(info, blocks);
      all.add(places);
      sizes.put(length, places);
    }
    return places;
  }

  /** An object has died that was simple to free; there is room for its place. */
  final void freed(ReadyPlaces places, int id, boolean asNew) {
    if (net > floor) {
      net -= places.tracked;
    }
    if (asNew) {
      places.places[places.count++] = id;
      reused++;
    } else {
      places.addOld(id);
    }
  }

  /** Adds the counters to those of the store; returns whether a cycle may have been closed. */
  final boolean merge(ObjectStore store) {
    store.add(net, reused, unrooted);
    net = 0;
    reused = 0;
    unrooted = 0;
    boolean closed = closing;
    closing = false;
    return closed;
  }

  final void settle(ObjectStore store) {
    for (int i = 0; i < all.size(); i++) {
      ReadyPlaces places = all.get(i);
      if (places.objects() > 0) {
        places.settle(store);
      }
    }
  }

  final long readyPlaces() {
    long count = 0;
    for (int i = 0; i < all.size(); i++) {
      count += all.get(i).count;
    }
    return count;
  }

  final long objects() {
    long count = 0;
    for (int i = 0; i < all.size(); i++) {
      count += all.get(i).objects();
    }
    return count;
  }

  final long bytes() {
    long bytes = 0;
    for (int i = 0; i < all.size(); i++) {
      bytes += (long) all.get(i).objects() * all.get(i).blocks.bytes;
    }
    return bytes;
  }
}
