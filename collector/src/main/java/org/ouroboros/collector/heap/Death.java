package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.function.IntConsumer;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * Takes apart objects whose count is 0, and what dies with them: depth first, in the order of the
 * slots, without recursion and without memory.
 *
 * <p>An object whose slots are half released stays in place while one of its children is taken
 * apart, in the list of those that are {@link HalfReleased}. An object with nothing left to release
 * is freed before its last child is taken apart, so the list of a chain of any length is empty.
 *
 * <p>Where nobody can see the order, {@link PlainDeath} does all of this instead; and where nothing
 * at all is held from outside any more, the whole heap dies as it is: {@link WholeHeapDeath}. What
 * comes before the slots is done by {@link DeathHooks}.
 *
 * <p>Where user code (a finalizer, a callback) lets something die, deaths nest on the Java stack;
 * from some depth on objects wait in a queue instead, as in CPython's trashcan.
 *
 * <p>Unfinished deaths are roots: {@link #visitUnfinished} shows what they still refer to to the
 * collector, which user code can call in the middle of a death. An object for which user code is
 * running is held instead.
 *
 * <p><b>In slices.</b> In an incremental heap a death stops when it has used up its budget, and is
 * <i>pending</i>: objects that are half released stay in the list, and one that has only just begun
 * to die is noted in an array. Whatever is in either has no side bits any more, so that nobody
 * finds it: no collection, no enumeration. What it refers to lives until its turn comes. Pending
 * deaths {@linkplain #goOnAtAllocation go on} when objects are made, newest first; a later death
 * goes first, and stays above them in the list, so that each death keeps its order. Collections by
 * marking do not end while deaths are pending, since those are roots that are not looked at. A
 * budget is counted in slots and objects: making an object pays for more of them than its own death
 * takes. So what is pending cannot grow for as long as the program only makes objects, and is over
 * soon. If there is no memory to note what is pending, nothing is left pending.
 *
 * <p>Thread rule: as the heap.
 */
public final class Death {

  /** How many deaths user code may nest before objects have to wait; CPython has 50. */
  private static final int MAX_DEPTH = 50;

  /** What an object costs in units, each of which is a slot: some nanoseconds, or a cache miss. */
  private static final long OBJECT = 4;

  /** The budget of a death that the program causes: a fraction of a millisecond. */
  private static final long AT_ONCE = 4096;

  /** That of one of many which a slice of a collection causes. */
  private static final long AT_ONCE_IN_COLLECTION = 64;

  /** The least that is taken apart of what is pending when an object is made. */
  private static final long AT_ALLOCATION = 128;

  /** So many slots are released at the most before the budget is looked at. */
  private static final int PIECE = 512;

  private static final String QUEUE = "the death queue";

  /** So many objects can wait in the first queue without memory. */
  private static final int LEAST_QUEUE = 256;

  private final ObjectStore store;
  private final ObjectSpace space;
  private final SideTables sides;
  private final Counts counts;
  private final WeakTable weak;
  private final ConfinedHeap heap;
  private final DeathHooks before;
  private final WholeHeapDeath whole;
  private final SmallDeath small;

  /** Whether nobody is told of deaths but finalizers and weak references. */
  private final boolean unseen;

  /** Whether deaths stop when they have used up their budget. */
  private boolean sliced;

  /** What is left of the budget; it is not looked at unless deaths are sliced. */
  private long left;

  /** Objects that have begun to die, and none of whose slots was released; for sliced deaths. */
  private final WaitingIds begun;

  /** Whether the heap knows that deaths are pending. */
  private boolean toldPending;

  /** The objects that are being taken apart, innermost first. */
  private HalfReleased list;

  /**
   * How many deaths are in progress, each but the first called by user code that another called.
   */
  private int depth;

  /** Objects that wait because user code has nested too many deaths. */
  private WaitingIds queue;

  Death(ConfinedHeap heap) {
    this.store = heap.store;
    this.space = store.space;
    this.sides = store.sides;
    this.counts = heap.counts;
    this.weak = heap.weak;
    this.heap = heap;
    this.before = new DeathHooks(heap, this);
    this.unseen = store.freesAtOnce() && heap.options().freeListener() == null;
    this.whole = new WholeHeapDeath(heap, this, unseen);
    this.small = new SmallDeath(store, counts, new PlainDeath(store, counts, whole), this, whole);
    this.sliced = heap.options().incremental() && heap.face == null;
    this.begun = new WaitingIds(store.faults, "the objects that have begun to die", 0);
    this.list = new HalfReleased(store);
    this.queue = new WaitingIds(store.faults, QUEUE, LEAST_QUEUE);
  }

  /** The death of the whole heap at once. */
  public WholeHeapDeath wholeHeap() {
    return whole;
  }

  /**
   * Takes an object apart that nothing refers to, and all that dies with it. If user code has
   * called this from inside too many deaths, the object waits until those have come back.
   */
  public void kill(int id) {
    if (sliced) {
      killSliced(id);
    } else if (unseen && store.diesUnseen()) {
      small.kill(id);
    } else if (depth < MAX_DEPTH || !enqueue(id)) {
      // At depth 0 there are none but those that an error of the JVM has left behind.
      takeApart(id, depth == 0 ? 0 : list.top(), 0);
    }
  }

  private void killSliced(int id) {
    if (depth > 0) {
      // called by user code that a death has called, whose budget this is
      if (depth < MAX_DEPTH || !enqueue(id)) {
        takeApart(id, list.top(), begun.size());
      }
      return;
    }
    left = heap.cycles().isCollecting() ? AT_ONCE_IN_COLLECTION : AT_ONCE;
    int floor = list.top();
    int begunFloor = begun.size();
    if (unseen && store.diesUnseen()) {
      left -= OBJECT * small.kill(id, most());
      if (begun.size() > begunFloor) {
        takeApart(0, floor, begunFloor);
      }
    } else {
      takeApart(id, floor, begunFloor);
    }
    tellPending();
  }

  /** How many simple objects the budget is good for. */
  private int most() {
    return Math.clamp(left / (2 * OBJECT), 1, Integer.MAX_VALUE);
  }

  // ------------------------------------------------------------------- in slices

  /** Whether objects wait to be taken apart that nobody can reach. */
  public boolean isPending() {
    return (list.top() | begun.size() | queue.size()) != 0;
  }

  /**
   * Goes on with what is pending when an object is made.
   *
   * @param slots at least as many as it will have to be released, and words to be given back
   */
  void goOnAtAllocation(long slots) {
    goOn(AT_ALLOCATION + 2 * slots);
  }

  /** Goes on with what is pending for about so many nanoseconds, at least for a moment. */
  public void goOnFor(long nanos) {
    long start = System.nanoTime();
    do {
      goOn(AT_ALLOCATION);
    } while (isPending() && depth == 0 && System.nanoTime() - start < nanos);
  }

  /** Takes apart all that is pending; unless that is what user code is called from. */
  public void finish() {
    while (depth == 0 && isPending()) {
      goOn(Long.MAX_VALUE);
    }
  }

  private void goOn(long budget) {
    if (depth == 0 && isPending()) {
      left = budget;
      takeApart(0, 0, 0);
      tellPending();
    }
  }

  private void tellPending() {
    if (isPending() != toldPending) {
      toldPending = !toldPending;
      heap.deathsChanged();
    }
  }

  /** From now on all deaths are completed at once: the heap is about to close. */
  void finishForGood() {
    finish();
    sliced = false;
  }

  boolean isSliced() {
    return sliced;
  }

  /**
   * Lets a dead object wait for its turn, which has not been noted anywhere and whose slots have
   * not been released.
   *
   * @return false if that cannot be: deaths are not sliced, or there is no memory
   */
  boolean begin(int id) {
    if (!sliced || !begun.add(id)) {
      return false;
    }
    sides.died(id);
    return true;
  }

  /**
   * Goes on with an object that has begun to die.
   *
   * @return a child that is to die next, or 0
   */
  private int goOnWith(int id) {
    if (unseen && store.diesUnseen() && small.takes(id)) {
      left -= OBJECT * small.kill(id, most());
      return 0;
    }
    return release(id, 0);
  }

  // ------------------------------------------------------------------- taking apart

  /**
   * Takes objects apart.
   *
   * @param id one that is dead, or 0
   * @param floor what is in the list from there on is left alone
   * @param begunFloor so many of those that have begun are, too
   */
  private void takeApart(int id, int floor, int begunFloor) {
    depth++;
    try {
      int dying = id;
      while (true) {
        boolean over = sliced && left <= 0;
        if (dying != 0) {
          if (!before.passesAway(dying) || over && begun.add(dying)) {
            dying = 0;
          } else {
            dying = release(dying, 0);
          }
        } else if (over || isAtFloor(floor, begunFloor)) {
          return;
        } else {
          dying = next(floor, begunFloor);
        }
      }
    } finally {
      depth--;
    }
  }

  private boolean isAtFloor(int floor, int begunFloor) {
    return begun.size() == begunFloor && list.top() == floor && queue.isEmpty();
  }

  /** Goes on with the next object; returns a child of it that is to die, or 0. */
  private int next(int floor, int begunFloor) {
    if (begun.size() > begunFloor) {
      return goOnWith(begun.take());
    }
    int id = list.top();
    if (id != floor) {
      return release(id, list.pop());
    }
    int next = queue.take();
    return counts.unhold(next) ? next : 0;
  }

  /** Lets an object wait; it is held meanwhile. Returns false if there is no memory for that. */
  private boolean enqueue(int id) {
    if (!queue.makeRoom()) {
      return false;
    }
    // Once it waits, nothing else may find it dead: no callback chain, no collection.
    if (WeakTable.isWeak(store.header(id))) {
      weak.forget(id);
    }
    sides.page(id).clear(SidePage.TRASH, id);
    counts.hold(id);
    return queue.add(id);
  }

  /**
   * Releases slots of a dead object until a child is to die, and frees the object when none is
   * left.
   *
   * @param from the index of the first slot that was not released
   * @return the child; 0 if none dies, and the object is freed
   */
  private int release(int id, int from) {
    MemorySegment memory = space.memory();
    long object = space.offset(id);
    long header = memory.get(ObjectStore.LONG, object);
    TypeInfo info = store.info(header);
    int count = info.references(memory, object);
    int end = sliced ? (int) Math.min(count, (long) from + PIECE) : count;
    boolean opaque = Header.has(header, Header.OPAQUE);
    for (int i = from; i < end; i++) {
      long slot = object + info.slotOffset(i);
      int child = memory.get(ObjectStore.INT, slot);
      if (child != 0) {
        memory.set(ObjectStore.INT, slot, 0);
        if (opaque ? counts.dropOpaque(child) : counts.dropInternal(child)) {
          if (before.isSimpleLeaf(child)) {
            sides.died(child);
            store.free(child);
          } else {
            left -= OBJECT + i - from;
            leave(id, info, object, i + 1, count);
            return child;
          }
        }
      }
    }
    left -= OBJECT + end - from;
    if (end < count) {
      leave(id, info, object, end, count);
    } else {
      store.free(id);
    }
    return 0;
  }

  /** Something else comes first: notes where to go on, or frees the object if done. */
  private void leave(int id, TypeInfo info, long object, int from, int count) {
    MemorySegment memory = space.memory();
    int next = from;
    int end = sliced ? (int) Math.min(count, (long) from + PIECE) : count;
    while (next < end && memory.get(ObjectStore.INT, object + info.slotOffset(next)) == 0) {
      next++;
    }
    if (next == count) {
      store.free(id);
    } else {
      list.push(id, info, object, next);
    }
  }

  /** See {@link DeathHooks#callBack(int)}. */
  public boolean callBack(int weakReference) {
    return before.callBack(weakReference);
  }

  // --------------------------------------------------------------- unfinished deaths

  /** Whether nothing is being taken apart or about to be; all tracked objects are tracked then. */
  public boolean isIdle() {
    return depth == 0 && (list.top() | begun.size()) == 0 && suspended.isEmpty();
  }

  /** Whether nothing is being taken apart at this moment, though deaths may be pending. */
  public boolean isAtRest() {
    return depth == 0 && suspended.isEmpty();
  }

  /** How many objects are being taken apart. */
  public int unfinished() {
    int count = begun.size() + list.count();
    for (Progress other : suspended) {
      count += other.list().count();
    }
    return count;
  }

  /** Shows what unfinished deaths still refer to. */
  public void visitUnfinished(IntConsumer visitor) {
    MemorySegment memory = space.memory();
    for (int i = 0; i < begun.size(); i++) {
      long object = space.offset(begun.get(i));
      TypeInfo info = store.info(memory.get(ObjectStore.LONG, object));
      HalfReleased.visit(memory, object, info, 0, visitor);
    }
    list.visit(visitor);
    for (Progress other : suspended) {
      other.list().visit(visitor);
    }
  }

  // ------------------------------------------------------ threads that take turns

  /** The deaths that one thread of a shared heap is in the middle of, while it has not its turn. */
  private record Progress(Thread thread, HalfReleased list, int depth, WaitingIds queue) {}

  /** Of all threads but the one that has its turn. */
  private final ArrayList<Progress> suspended = new ArrayList<>(0);

  /**
   * The turn of a thread ends, be it that it calls user code or that it has done what it wanted:
   * what it is in the middle of waits for its next turn.
   */
  void suspend(Thread thread) {
    if (depth > 0) {
      HalfReleased next = new HalfReleased(store);
      WaitingIds waiting = new WaitingIds(store.faults, QUEUE, 0);
      suspended.add(new Progress(thread, list, depth, queue));
      list = next;
      depth = 0;
      queue = waiting;
    }
  }

  /** The turn of a thread begins: it goes on with what it is in the middle of, if anything. */
  void resume(Thread thread) {
    for (int i = 0; i < suspended.size(); i++) {
      Progress own = suspended.get(i);
      if (own.thread() == thread) {
        suspended.remove(i);
        list = own.list();
        depth = own.depth();
        queue = own.queue();
        return;
      }
    }
  }
}
