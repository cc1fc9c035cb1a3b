package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.ObjectType.FinalizerKind;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * Takes apart objects whose count is 0, and what dies with them: depth first, in the order of the
 * slots, without recursion and without memory.
 *
 * <p>An object whose slots are half released stays in place while one of its children is taken
 * apart. It is linked into a list through slots that it has released already:
 *
 * <pre>
 *   top -> | header | parent in the list | index of the next slot | ... slots to be released |
 *                     slot 0               slot 1, if CURSOR is set
 * </pre>
 *
 * Without CURSOR the next slot is slot 1. (The pointer reversal of Schorr and Waite, 1967, for a
 * graph that is not needed again.) An object with nothing left to release is freed before its last
 * child is taken apart, so the list of a chain of any length is empty.
 *
 * <p>Where nobody can see the order, {@link PlainDeath} does all of this instead; and where nothing
 * at all is held from outside any more, the whole heap dies as it is: {@link #freesAllInstead}.
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
 * deaths {@linkplain #goOn go on} when objects are made, newest first; a later death goes first,
 * and stays above them in the list, so that each death keeps its order. Collections by marking do
 * not end while deaths are pending, since those are roots that are not looked at. A budget is
 * counted in slots and objects: making an object pays for more of them than its own death takes. So
 * what is pending cannot grow for as long as the program only makes objects, and is over soon. If
 * there is no memory to note what is pending, nothing is left pending.
 *
 * <p>Thread rule: as the heap.
 */
public final class Death {

  /** How many deaths user code may nest before objects have to wait; CPython has 50. */
  private static final int MAX_DEPTH = 50;

  private static final int LEAST_QUEUE = 256;

  private static final int[] NO_QUEUE = {};

  /** With fewer objects for each page, to free all pages takes longer than to free objects. */
  private static final int PAGE_SHARE = 4;

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

  /** To free a whole heap of more pages takes longer than a slice. */
  private static final int MOST_PAGES_AT_ONCE = 256;

  private final ObjectStore store;
  private final ObjectSpace space;
  private final SideTables sides;
  private final Counts counts;
  private final WeakTable weak;
  private final Hooks hooks;
  private final ConfinedHeap heap;
  private final boolean told;
  private final boolean checked;
  private final SmallDeath small;

  /** Whether nobody is told of deaths but finalizers and weak references. */
  private final boolean unseen;

  /** Whether deaths stop when they have used up their budget. */
  private boolean sliced;

  /** What is left of the budget; it is not looked at unless deaths are sliced. */
  private long left;

  /** Objects that have begun to die, and none of whose slots was released; for sliced deaths. */
  private int[] begun = new int[0];

  private int begunCount;

  /** Whether the heap knows that deaths are pending. */
  private boolean toldPending;

  /** The innermost object that is being taken apart; 0 if there is none. */
  private int top;

  /**
   * How many deaths are in progress, each but the first called by user code that another called.
   */
  private int depth;

  /** Objects that wait because user code has nested too many deaths. */
  private int[] queue = new int[LEAST_QUEUE];

  private int queued;

  Death(ConfinedHeap heap) {
    this.store = heap.store;
    this.space = store.space;
    this.sides = store.sides;
    this.counts = heap.counts;
    this.weak = heap.weak;
    this.hooks = heap.hooks;
    this.heap = heap;
    this.checked = heap.options().mode() != HeapMode.NORMAL;
    this.told = heap.options().freeListener() != null;
    this.small = new SmallDeath(store, heap.counts, new PlainDeath(store, heap.counts, this), this);
    this.unseen = store.freesAtOnce() && !told;
    this.sliced = heap.options().incremental() && heap.face == null;
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
      takeApart(id, depth == 0 ? 0 : top, 0);
    }
  }

  private void killSliced(int id) {
    if (depth > 0) {
      // called by user code that a death has called, whose budget this is
      if (depth < MAX_DEPTH || !enqueue(id)) {
        takeApart(id, top, begunCount);
      }
      return;
    }
    left = heap.cycles().isCollecting() ? AT_ONCE_IN_COLLECTION : AT_ONCE;
    int floor = top;
    int begunFloor = begunCount;
    if (unseen && store.diesUnseen()) {
      left -= OBJECT * small.kill(id, most());
      if (begunCount > begunFloor) {
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
    return (top | begunCount | queued) != 0;
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
    if (!sliced || !noteBegun(id)) {
      return false;
    }
    sides.died(id);
    return true;
  }

  private boolean noteBegun(int id) {
    if (begunCount == begun.length && !growBegun()) {
      return false;
    }
    begun[begunCount++] = id;
    return true;
  }

  private boolean growBegun() {
    int length = Math.max(256, 2 * begun.length);
    try {
      store.faults.request("the objects that have begun to die", 4L * length);
      begun = Arrays.copyOf(begun, length);
      return true;
    } catch (AllocationFailedException | OutOfMemoryError e) {
      return false;
    }
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

  // --------------------------------------------------------------------- at once

  /**
   * Whether nothing in the heap can be reached from outside, nobody can see what becomes of it, and
   * all of it can be freed as it is. Cost: none, it is counted.
   */
  public boolean isAllGarbage() {
    return unseen
        && store.diesUnseen()
        && counts.isNothingHeld()
        && counts.areInline()
        && isIdle()
        && sides.population(SideTables.PERMANENT) == 0;
  }

  /**
   * Frees everything, if {@link #isAllGarbage}, while side bits are exact. No header is read or
   * written.
   *
   * @param tracked how many objects are tracked
   */
  public void freeAll(long tracked) {
    store.freeAll(tracked);
    heap.updateLimit();
  }

  /**
   * In the middle of a death, takes the moment for an automatic full collection where that is
   * nothing but to free everything: {@link #isAllGarbage}, and nobody is told. It counts as a
   * collection, of the tracked objects that are left. Not while another one runs.
   *
   * @return whether it did
   */
  boolean freesAllInstead() {
    if (store.liveObjects() < (long) PAGE_SHARE * sides.end()
        || sliced && sides.end() > MOST_PAGES_AT_ONCE
        || !isAllGarbage()
        || !heap.cycles().mayCollectUnseen()) {
      return false;
    }
    store.setExact(true);
    try {
      long tracked = sides.tracked();
      freeAll(tracked);
      heap.cycles().collectedAtDeath(tracked);
    } finally {
      store.setExact(false);
    }
    return true;
  }

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
          if (!passesAway(dying) || over && noteBegun(dying)) {
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
    return begunCount == begunFloor && top == floor && queued == 0;
  }

  /** Goes on with the next object; returns a child of it that is to die, or 0. */
  private int next(int floor, int begunFloor) {
    if (begunCount > begunFloor) {
      return goOnWith(begun[--begunCount]);
    }
    if (top != floor) {
      return goOn();
    }
    int next = queue[--queued];
    return counts.unhold(next) ? next : 0;
  }

  /** Lets an object wait; it is held meanwhile. Returns false if there is no memory for that. */
  private boolean enqueue(int id) {
    if (queued == queue.length) {
      try {
        store.faults.request("the death queue", 4L * queued);
        queue = Arrays.copyOf(queue, Math.max(LEAST_QUEUE, 2 * queued));
      } catch (AllocationFailedException | OutOfMemoryError e) {
        return false;
      }
    }
    // Once it waits, nothing else may find it dead: no callback chain, no collection.
    if (WeakTable.isWeak(store.header(id))) {
      weak.forget(id);
    }
    sides.page(id).clear(SidePage.TRASH, id);
    counts.hold(id);
    queue[queued++] = id;
    return true;
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
          if (isSimpleLeaf(child)) {
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

  /** Whether nothing has to be done for a dead object but to free it. */
  private boolean isSimpleLeaf(int id) {
    long header = store.header(id);
    return !told
        && !checked
        && (header & Header.SPECIAL_DEATH) == 0
        && !WeakTable.isWeak(header)
        && !store.info(header).hasSlots;
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
      return;
    }
    memory.set(ObjectStore.INT, object + info.slotOffset(0), top);
    if (next > 1) {
      memory.set(ObjectStore.INT, object + info.slotOffset(1), next);
      store.setFlag(id, Header.CURSOR);
    }
    top = id;
  }

  /** Goes on with the innermost unfinished object. */
  private int goOn() {
    int id = top;
    MemorySegment memory = space.memory();
    long object = space.offset(id);
    long header = memory.get(ObjectStore.LONG, object);
    TypeInfo info = store.info(header);
    top = memory.get(ObjectStore.INT, object + info.slotOffset(0));
    memory.set(ObjectStore.INT, object + info.slotOffset(0), 0);
    int next = 1;
    if (Header.has(header, Header.CURSOR)) {
      next = memory.get(ObjectStore.INT, object + info.slotOffset(1));
      memory.set(ObjectStore.INT, object + info.slotOffset(1), 0);
      store.clearFlag(id, Header.CURSOR);
    }
    return release(id, next);
  }

  // ------------------------------------------------------------------ before the slots

  /**
   * Does what comes before the slots: finalizer, weak references, edges outside the slots.
   *
   * @return false if the object lives on
   */
  private boolean passesAway(int id) {
    long header = store.header(id);
    if ((header & Header.SPECIAL_DEATH) != 0 && !passesAwaySpecially(id, header)) {
      return false;
    }
    if (WeakTable.isWeak(header)) {
      weak.forget(id);
    }
    if (told) {
      hooks.freed(id);
    }
    if (checked || Header.has(store.header(id), Header.LENT | Header.HAS_WEAK)) {
      heap.forget(id);
    }
    sides.died(id);
    return true;
  }

  private boolean passesAwaySpecially(int id, long header) {
    TypeInfo info = store.info(header);
    Finalizer finalizer = info.finalizer;
    boolean legacy = info.finalizerKind == FinalizerKind.LEGACY;
    if (finalizer != null && !legacy && !Header.has(header, Header.FINALIZED)) {
      if (info.finalizerKind == FinalizerKind.ONCE) {
        store.setFlag(id, Header.FINALIZED);
      }
      if (!isStillDead(id, finalizer)) {
        return false;
      }
    }
    counts.hold(id);
    if (Header.has(store.header(id), Header.HAS_WEAK)) {
      sides.untrack(id);
      callBack(weak.clear(id, WeakTable.EMPTY_CHAIN));
    }
    if (finalizer != null && legacy && !isStillDead(id, finalizer)) {
      return false;
    }
    counts.hold(id);
    sides.untrack(id);
    if (info.custom != null && Header.has(store.header(id), Header.CUSTOM)) {
      store.clearFlag(id, Header.CUSTOM);
      hooks.customClear(id, info.custom);
    }
    if (!counts.unhold(id)) {
      comesBack(id, store.header(id));
      return false;
    }
    return true;
  }

  /** Runs a finalizer on an object that is in generation 0 meanwhile, and no trash. */
  private boolean isStillDead(int id, Finalizer finalizer) {
    counts.hold(id);
    long header = store.header(id);
    sides.page(id).clear(SidePage.TRASH, id);
    comesBack(id, header);
    hooks.finalizer(id, finalizer);
    return counts.unhold(id);
  }

  /** As CPython does, an object that is brought back is in generation 0 again. */
  private void comesBack(int id, long header) {
    store.renewFlags(id);
    if (Header.has(header, Header.TRACKED)) {
      sides.track(id);
      sides.setGeneration(id, 0);
      heap.noteClosing();
    }
  }

  private void callBack(long chain) {
    for (int w = WeakTable.first(chain); w != 0; ) {
      int next = weak.next(w);
      if (callBack(w)) {
        kill(w);
      }
      w = next;
    }
  }

  /**
   * Calls the callback of a weak reference of a chain, and ends the hold on it.
   *
   * @return whether the weak reference is to die now
   */
  public boolean callBack(int weakReference) {
    var callback = weak.takeCallback(weakReference);
    if (callback != null) {
      hooks.weakCallback(weakReference, callback);
    }
    return counts.unhold(weakReference);
  }

  // --------------------------------------------------------------- unfinished deaths

  /** Whether nothing is being taken apart or about to be; all tracked objects are tracked then. */
  public boolean isIdle() {
    return depth == 0 && (top | begunCount) == 0 && suspended.isEmpty();
  }

  /** Whether nothing is being taken apart at this moment, though deaths may be pending. */
  public boolean isAtRest() {
    return depth == 0 && suspended.isEmpty();
  }

  /** How many objects are being taken apart. */
  public int unfinished() {
    int count = begunCount + unfinished(top);
    for (Progress other : suspended) {
      count += unfinished(other.top);
    }
    return count;
  }

  private int unfinished(int innermost) {
    int count = 0;
    for (int id = innermost; id != 0; count++) {
      id = store.get(id, store.info(store.header(id)).slotOffset(0));
    }
    return count;
  }

  /** Shows what unfinished deaths still refer to. */
  public void visitUnfinished(IntConsumer visitor) {
    MemorySegment memory = space.memory();
    for (int i = 0; i < begunCount; i++) {
      long object = space.offset(begun[i]);
      visit(object, store.info(memory.get(ObjectStore.LONG, object)), 0, visitor);
    }
    visitUnfinished(top, visitor);
    for (Progress other : suspended) {
      visitUnfinished(other.top, visitor);
    }
  }

  private void visitUnfinished(int innermost, IntConsumer visitor) {
    MemorySegment memory = space.memory();
    for (int id = innermost; id != 0; ) {
      long object = space.offset(id);
      long header = memory.get(ObjectStore.LONG, object);
      TypeInfo info = store.info(header);
      int next =
          Header.has(header, Header.CURSOR)
              ? memory.get(ObjectStore.INT, object + info.slotOffset(1))
              : 1;
      visit(object, info, next, visitor);
      id = memory.get(ObjectStore.INT, object + info.slotOffset(0));
    }
  }

  private void visit(long object, TypeInfo info, int from, IntConsumer visitor) {
    if (info.type.isOpaque()) {
      return;
    }
    MemorySegment memory = space.memory();
    for (int i = from; i < info.references(memory, object); i++) {
      int child = memory.get(ObjectStore.INT, object + info.slotOffset(i));
      if (child != 0) {
        visitor.accept(child);
      }
    }
  }

  // ------------------------------------------------------ threads that take turns

  /** The deaths that one thread of a shared heap is in the middle of, while it has not its turn. */
  private static final class Progress {

    final Thread thread;
    final int top;
    final int depth;
    final int[] queue;
    final int queued;

    Progress(Thread thread, int top, int depth, int[] queue, int queued) {
      this.thread = thread;
      this.top = top;
      this.depth = depth;
      this.queue = queue;
      this.queued = queued;
    }
  }

  /** Of all threads but the one that has its turn. */
  private final ArrayList<Progress> suspended = new ArrayList<>(0);

  /**
   * The turn of a thread ends, be it that it calls user code or that it has done what it wanted:
   * what it is in the middle of waits for its next turn.
   */
  void suspend(Thread thread) {
    if (depth > 0) {
      suspended.add(new Progress(thread, top, depth, queue, queued));
      top = 0;
      depth = 0;
      queue = NO_QUEUE;
      queued = 0;
    }
  }

  /** The turn of a thread begins: it goes on with what it is in the middle of, if anything. */
  void resume(Thread thread) {
    for (int i = 0; i < suspended.size(); i++) {
      Progress own = suspended.get(i);
      if (own.thread == thread) {
        suspended.remove(i);
        top = own.top;
        depth = own.depth;
        queue = own.queue;
        queued = own.queued;
        return;
      }
    }
  }
}
