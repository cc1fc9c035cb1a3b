package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
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
 * <p>Thread rule: as the heap.
 */
public final class Death {

  /** How many deaths user code may nest before objects have to wait; CPython has 50. */
  private static final int MAX_DEPTH = 50;

  private static final int LEAST_QUEUE = 256;

  private static final int[] NO_QUEUE = {};

  /** With fewer objects for each page, to free all pages takes longer than to free objects. */
  private static final int PAGE_SHARE = 4;

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
  }

  /**
   * Takes an object apart that nothing refers to, and all that dies with it. If user code has
   * called this from inside too many deaths, the object waits until those have come back.
   */
  public void kill(int id) {
    if (unseen && store.diesUnseen()) {
      small.kill(id);
      return;
    }
    if (depth >= MAX_DEPTH && enqueue(id)) {
      return;
    }
    // At depth 0 there are none but those that an error of the JVM has left behind.
    int floor = depth == 0 ? 0 : top;
    depth++;
    try {
      takeApart(id, floor);
    } finally {
      depth--;
    }
  }

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

  private void takeApart(int id, int floor) {
    int dying = id;
    while (true) {
      if (dying != 0) {
        dying = passesAway(dying) ? release(dying, 0) : 0;
      } else if (top != floor) {
        dying = goOn();
      } else if (queued > 0) {
        int next = queue[--queued];
        dying = counts.unhold(next) ? next : 0;
      } else {
        return;
      }
    }
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
    boolean opaque = Header.has(header, Header.OPAQUE);
    for (int i = from; i < count; i++) {
      long slot = object + info.slotOffset(i);
      int child = memory.get(ObjectStore.INT, slot);
      if (child != 0) {
        memory.set(ObjectStore.INT, slot, 0);
        if (opaque ? counts.dropOpaque(child) : counts.dropInternal(child)) {
          if (isSimpleLeaf(child)) {
            sides.died(child);
            store.free(child);
          } else {
            leave(id, info, object, i + 1, count);
            return child;
          }
        }
      }
    }
    store.free(id);
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

  /** A child is about to be taken apart: notes where to go on, or frees the object if done. */
  private void leave(int id, TypeInfo info, long object, int from, int count) {
    MemorySegment memory = space.memory();
    int next = from;
    while (next < count && memory.get(ObjectStore.INT, object + info.slotOffset(next)) == 0) {
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
    return depth == 0 && top == 0 && suspended.isEmpty();
  }

  /** How many objects are being taken apart. */
  public int unfinished() {
    int count = unfinished(top);
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
  public void visitUnfinished(java.util.function.IntConsumer visitor) {
    visitUnfinished(top, visitor);
    for (Progress other : suspended) {
      visitUnfinished(other.top, visitor);
    }
  }

  private void visitUnfinished(int innermost, java.util.function.IntConsumer visitor) {
    MemorySegment memory = space.memory();
    for (int id = innermost; id != 0; ) {
      long object = space.offset(id);
      long header = memory.get(ObjectStore.LONG, object);
      TypeInfo info = store.info(header);
      int next =
          Header.has(header, Header.CURSOR)
              ? memory.get(ObjectStore.INT, object + info.slotOffset(1))
              : 1;
      if (!Header.has(header, Header.OPAQUE)) {
        for (int i = next; i < info.references(memory, object); i++) {
          int child = memory.get(ObjectStore.INT, object + info.slotOffset(i));
          if (child != 0) {
            visitor.accept(child);
          }
        }
      }
      id = memory.get(ObjectStore.INT, object + info.slotOffset(0));
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
