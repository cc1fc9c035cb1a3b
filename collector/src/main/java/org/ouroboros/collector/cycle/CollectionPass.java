package org.ouroboros.collector.cycle;

import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.ObjectType.FinalizerKind;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.heap.WeakTable;
import org.ouroboros.collector.jfr.HeapEvents;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.MarkWords;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * One collection. Its order is CPython's, but for the last two steps:
 *
 * <ol>
 *   <li><b>Detect.</b> A young collection takes the tracked objects of its generations as the set
 *       and spares what is held from outside it. A full one takes all that marking from the roots
 *       did not reach: tracked objects, and untracked ones with references, which may hold on to
 *       tracked trash. Survivors move up a generation.
 *   <li><b>Uncollectable</b> objects, and what they reach in the set, leave it.
 *   <li><b>Weak references</b> to the set are cleared, all of them; then the callbacks of those
 *       that are not in the set themselves are called.
 *   <li><b>Finalizers</b> run, each on an object that is intact; an object whose count drops to 0
 *       meanwhile dies as any other.
 *   <li><b>Re-check.</b> If user code ran, what is held from outside the set by now, and all it
 *       reaches inside, survives. Weak references made meanwhile to the rest are cleared.
 *   <li><b>Edges outside the slots</b> are given back by those members that have some, and the set
 *       is checked again.
 *   <li><b>Sever.</b> The rest is condemned: its counts become 0, so that no reference to it passes
 *       a check any more; then every condemned object drops its references to objects that stay.
 *       What dies by that runs its own finalizers, and can reach no condemned object.
 *   <li><b>Reclaim.</b> Only now is memory taken back: no condemned place was used again while
 *       there were references to it.
 * </ol>
 *
 * <p>Nothing of this needs memory. Thread rule: as the heap; one pass at a time.
 */
final class CollectionPass {

  /** What a pass has found. */
  record Result(int collected, int uncollectable, long candidates) {}

  private final ConfinedHeap heap;
  private final ObjectStore store;
  private final SideTables sides;
  private final WeakTable weak;
  private final TrashSet set;
  private final Survivors survivors;
  private final RootMarking marking;
  private final TrashHooks hooks;
  private final Reclamation reclamation;
  private final GarbageList garbage;
  private final DebugReport debug;

  private int older;

  /** Whether cycles may have been closed since the heap was made, or a generation was collected. */
  private final boolean[] closed = new boolean[Collector.GENERATIONS];

  private long flags;
  private boolean anyWeak;
  private boolean anyLegacy;

  CollectionPass(ConfinedHeap heap, GarbageList garbage, DebugReport debug) {
    this.heap = heap;
    this.store = heap.store();
    this.sides = store.sides;
    this.weak = heap.weakTable();
    this.set = new TrashSet(sides);
    this.survivors = new Survivors(heap, set);
    this.marking = new RootMarking(heap);
    this.hooks = new TrashHooks(heap, set);
    this.reclamation = new Reclamation(heap, set);
    this.garbage = garbage;
    this.debug = debug;
  }

  /** See {@link Reclamation#isCondemning}. */
  boolean isCondemning() {
    return reclamation.isCondemning();
  }

  Result run(int generation) {
    try {
      return collect(generation);
    } finally {
      set.clear();
      sides.trimYoungPages();
    }
  }

  private Result collect(int generation) {
    older = Math.min(generation + 1, Collector.OLDEST);
    hooks.begin();
    if (!mayHaveCycles(generation)) {
      long candidates = candidates(generation);
      promote(generation);
      return new Result(0, 0, candidates);
    }
    if (generation < Collector.OLDEST) {
      Object subtract = HeapEvents.beginPhase();
      long candidates = set.fillYoung(generation);
      boolean found = detectYoung(candidates);
      ended(subtract, "subtract edges");
      promote(generation);
      return found ? dispose(candidates) : new Result(0, 0, candidates);
    }
    long candidates = candidates(generation);
    if (!debug.isToldEach() && reclamation.isAllGarbage()) {
      reclamation.freeAllAtOnce(candidates);
      return new Result((int) Math.min(candidates, Integer.MAX_VALUE), 0, candidates);
    }
    set.listAll();
    Object mark = HeapEvents.beginPhase();
    boolean marked = marking.run();
    if (!marked) {
      set.removeAll();
    }
    boolean found = marked && set.addUnmarked() > 0;
    ended(mark, "mark");
    promote(generation);
    if (!found) {
      return new Result(0, 0, candidates);
    }
    if (!debug.isToldEach() && reclamation.isPlain(marking.headers())) {
      int collected = set.tracked();
      Object free = HeapEvents.beginPhase();
      reclamation.freeUnmarked();
      ended(free, "sever and reclaim");
      return new Result(collected, 0, candidates);
    }
    leaveLeaves();
    return dispose(candidates);
  }

  /** Whether each piece of garbage is to be told of or saved. */
  boolean isToldEach() {
    return debug.isToldEach();
  }

  /** Whether there may ever have been cycles. */
  boolean mayEverHaveCycles() {
    boolean stored = heap.takeClosing() || store.hasCustomEdges();
    for (int g = 0; g < closed.length; g++) {
      closed[g] |= stored;
    }
    return closed[Collector.OLDEST];
  }

  /**
   * Disposes of what an incremental collection has not marked, in the order of any other one.
   *
   * @param marked its marks
   * @param candidates how many objects were tracked when it began
   */
  Result disposeUnmarked(MarkWords marked, long candidates) {
    older = Collector.OLDEST;
    hooks.begin();
    try {
      set.listAll();
      if (set.addUnmarked(marked) == 0) {
        return new Result(0, 0, candidates);
      }
      leaveLeaves();
      return dispose(candidates);
    } finally {
      set.clear();
      sides.trimYoungPages();
    }
  }

  /**
   * Whether there may be cycles in the generations that are collected. If not, counting has freed
   * all that is garbage, and nothing needs to be read.
   */
  private boolean mayHaveCycles(int generation) {
    mayEverHaveCycles();
    boolean may = closed[generation];
    for (int g = 0; g <= generation && g < Collector.OLDEST; g++) {
      closed[g] = false;
    }
    return may;
  }

  private long candidates(int generation) {
    long count = 0;
    for (int g = 0; g <= generation; g++) {
      count += sides.population(g);
    }
    return count;
  }

  /** Does all there is to do with the set, in order. */
  private Result dispose(long candidates) {
    survey();
    int uncollectable = anyLegacy ? keepUncollectable() : 0;
    int collected = 0;
    if (anyWeak || Header.has(flags, Header.HAS_WEAK)) {
      Object event = HeapEvents.beginPhase();
      collected = hooks.clearWeak(older);
      ended(event, "weak references");
    }
    if (Header.has(flags, Header.HAS_FINALIZER)) {
      Object event = HeapEvents.beginPhase();
      hooks.runFinalizers();
      ended(event, "finalizers");
    }
    if (hooks.userCodeRan()) {
      recheck();
    }
    collected += set.tracked();
    if (Header.has(flags, Header.CUSTOM) && !debug.savesAll()) {
      Object event = HeapEvents.beginPhase();
      hooks.clearCustom();
      ended(event, "references outside slots");
      collected -= recheck();
    }
    if (debug.savesAll()) {
      saveAll();
    }
    Object event = HeapEvents.beginPhase();
    reclamation.freeAll();
    ended(event, "sever and reclaim");
    return new Result(collected, uncollectable, candidates);
  }

  private void ended(@Nullable Object phase, String name) {
    HeapEvents.endPhase(phase, heap.options().name(), name);
  }

  // ---------------------------------------------------------------------- detecting

  /** Returns whether any member of the set is garbage; then only those are left. */
  private boolean detectYoung(long candidates) {
    if (survivors.leaveYoung(candidates)) {
      return set.first() != TrashSet.END;
    }
    set.clear();
    return false;
  }

  private void promote(int generation) {
    for (int i = 0; i < sides.youngPages(); i++) {
      sides.promote(sides.youngPage(i), generation == 0 ? 0 : 1);
    }
  }

  /** Untracked leaves die when what refers to them is severed, and are not counted. */
  private void leaveLeaves() {
    for (int p = 0; p < set.pages(); p++) {
      SidePage page = set.page(p);
      long[] bits = page.bits;
      for (int w = 0; w < SidePage.WORDS; w++) {
        long rest = bits[SidePage.TRASH + w] & ~bits[SidePage.TRACKED + w];
        for (; rest != 0; rest &= rest - 1) {
          int id = page.firstId + (w << 6) + Long.numberOfTrailingZeros(rest);
          if (!store.info(store.header(id)).hasEdges) {
            set.remove(id);
          }
        }
      }
    }
  }

  /** Learns which of the following steps there is anything to do for. */
  private void survey() {
    flags = 0;
    anyWeak = false;
    anyLegacy = false;
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      int id = set.id(at);
      long header = store.header(id);
      flags |= header;
      anyWeak |= WeakTable.isWeak(header);
      anyLegacy |= Header.has(header, Header.HAS_FINALIZER) && isLegacy(header);
      debug.collectable(id);
    }
  }

  private boolean isLegacy(long header) {
    TypeInfo info = store.info(header);
    return info.finalizer != null && info.finalizerKind == FinalizerKind.LEGACY;
  }

  private int keepUncollectable() {
    survivors.beginClosure();
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      int id = set.id(at);
      if (isLegacy(store.header(id))) {
        survivors.addToClosure(id);
        garbage.add(id);
      }
    }
    if (!survivors.finishClosure()) {
      markAllMembers();
    }
    return leaveMarked(true);
  }

  /** Takes the marked members out of the set; returns how many were tracked. */
  private int leaveMarked(boolean uncollectable) {
    int left = 0;
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      int id = set.id(at);
      SidePage page = sides.page(id);
      if (sides.marks.has(id)) {
        set.remove(id);
        store.renewFlags(id);
        if (page.has(SidePage.TRACKED, id)) {
          sides.setGeneration(id, older);
          left++;
        }
        if (uncollectable) {
          debug.uncollectable(id);
        }
      }
    }
    return left;
  }

  // ---------------------------------------------------------------- who survives it

  /** Returns how many tracked members survive. */
  private int recheck() {
    Object event = HeapEvents.beginPhase();
    if (!survivors.markOfSet()) {
      markAllMembers();
    }
    int left = leaveMarked(false);
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      int id = set.id(at);
      if (Header.has(store.header(id), Header.HAS_WEAK)) {
        weak.clearSilently(id);
      }
    }
    ended(event, "re-check");
    return left;
  }

  private void markAllMembers() {
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      sides.marks.set(set.id(at));
    }
  }

  /** Puts all members into the garbage list; those for which there is no memory just survive. */
  private void saveAll() {
    for (long at = set.first(); at != TrashSet.END; at = set.after(at)) {
      int id = set.id(at);
      set.remove(id);
      if (sides.has(SidePage.TRACKED, id)) {
        sides.setGeneration(id, older);
        garbage.add(id);
      }
    }
  }
}
