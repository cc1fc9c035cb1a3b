package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.Words;

/**
 * Counts owned references and edges of a confined heap: everything by which an object lives, or
 * dies.
 *
 * <p>Invariant: an object whose counts have become 0, and that nobody holds, is freed at once or
 * handed to {@link #kill} by who took the last count; that comes last, since it may call user code.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class CountAccess extends PlaceAccess permits SlotAccess {

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  final Counts counts;

  /** In debug mode only. */
  final @Nullable Ledger ledger;

  CountAccess(HeapOptions options, @Nullable SharedHeap face) {
    super(options, face);
    this.counts = new Counts(store, checked);
    this.ledger = options.mode() == HeapMode.DEBUG ? new Ledger() : null;
  }

  /** Takes an object apart whose count has become 0. */
  abstract void kill(int id);

  /** Takes apart what waits for it, see {@link Death}: counts are exact then. */
  abstract void finishDeaths();

  // -------------------------------------------------------------- owned references

  public final void retain(long ref) {
    long id = ref ^ tag;
    if (isQuickHere(id)) {
      long object = quickAddress(id << 4);
      long header = quickGet(object);
      if (Header.isCounted(header) && Header.canAddExternal(header)) {
        if (Header.has(header, Header.EXTERNAL)) {
          quickSet(object, header + Header.EXTERNAL_ONE);
          return;
        }
        if (storeLimit != 0) {
          quickSet(object, header + Header.EXTERNAL_ONE);
          store.rooted();
          return;
        }
      }
    }
    retainSlowly(ref);
  }

  private void retainSlowly(long ref) {
    checkLiveForUpdate(ref);
    own((int) ref, "an owned reference");
  }

  private void checkLiveForUpdate(long ref) {
    liveHeader(ref, objectForUpdate(ref));
  }

  /** Counts an owned reference; where it is for the user, failures are the user's exception. */
  final void own(int id, @Nullable String what) {
    try {
      counts.addExternal(id);
    } catch (AllocatorException e) {
      throw what == null ? e : exhausted(0, e);
    }
    if (ledger != null) {
      ledger.taken(id);
    }
  }

  public final void release(long ref) {
    long id = ref ^ tag;
    if (isQuickHere(id)) {
      long object = quickAddress(id << 4);
      long header = quickGet(object);
      int external = Header.external(header);
      if (external > 1 || external != 0 && !Header.has(header, Header.OVERFLOWN)) {
        long rest = header - Header.EXTERNAL_ONE;
        quickSet(object, rest);
        if (external == 1) {
          store.unrooted();
          if (!Header.isCounted(rest)) {
            killUncounted((int) id, rest);
          }
        }
        return;
      }
    }
    releaseSlowly(ref);
  }

  /** The last reference to an object has gone. */
  final void killUncounted(int id, long header) {
    if (!store.quickFree(id, header) && !Header.has(header, Header.HELD)) {
      kill(id);
    }
  }

  private void releaseSlowly(long ref) {
    if (ref == Heap.NULL) {
      checkThread();
      checks.checkOpen();
      return;
    }
    long object = objectForUpdate(ref);
    long header = header(object);
    if ((header & Header.EXTERNAL) == 0) {
      throw (header & Header.ALIVE) == 0 ? checks.dead(ref) : checks.notOwned(ref);
    }
    if (checked) {
      checkOwned(ref, header);
    }
    disown((int) ref);
  }

  /** That not all of the external count belongs to slots of opaque objects. */
  final void checkOwned(long ref, long header) {
    EdgeLedger edges = counts.edges();
    if (edges != null && counts.external((int) ref, header) <= edges.opaque((int) ref)) {
      throw checks.notOwned(ref);
    }
  }

  /** Gives an owned reference back. */
  final void disown(int id) {
    if (ledger != null) {
      ledger.given(id);
    }
    if (counts.dropExternal(id)) {
      kill(id);
    }
  }

  public final long refCount(long ref) {
    checkThread();
    finishDeaths();
    long header = liveHeader(ref, object(ref));
    int id = (int) ref;
    return counts.internal(id, header) + counts.external(id, header);
  }

  public final long externalCount(long ref) {
    return counts.external((int) ref, liveHeader(ref, object(ref)));
  }

  // ------------------------------------------------------------------------- edges

  /** Counts an edge. */
  final void count(int target, boolean opaque) {
    try {
      if (opaque) {
        counts.addOpaque(target);
      } else {
        counts.addInternal(target);
      }
    } catch (AllocatorException e) {
      throw exhausted(0, e);
    }
  }

  /** Takes an edge back. */
  final void uncount(int target, boolean opaque) {
    if (opaque ? counts.dropOpaque(target) : counts.dropInternal(target)) {
      kill(target);
    }
  }

  /** Takes an edge of an object back that is not opaque. */
  final void uncountOld(long old) {
    if (old < quickLimit) {
      MemorySegment memory = Words.ALL != null ? Words.ALL : space.memory();
      long at = base + (old << 4) & Words.ADDRESSES;
      long header = memory.get(LONG, at);
      long counted = header & Header.INLINE;
      // counted from somewhere else too, and all of it in the header
      if (counted > Header.INTERNAL_ONE && counted < Header.OVERFLOWN) {
        memory.set(LONG, at, header - Header.INTERNAL_ONE);
        return;
      }
    }
    quickUncount((int) old);
  }

  /** The same, of any count, and where the object is to die now. */
  final void quickUncount(int old) {
    long id = Integer.toUnsignedLong(old);
    if (isQuick(id)) {
      long object = quickAddress(id << 4);
      long header = quickGet(object);
      int internal = Header.internal(header);
      if (internal > 1 || internal != 0 && !Header.has(header, Header.OVERFLOWN)) {
        long rest = header - Header.INTERNAL_ONE;
        quickSet(object, rest);
        if (!Header.isCounted(rest)) {
          killUncounted(old, rest);
        }
        return;
      }
    }
    uncount(old, false);
  }

  public final void addEdge(long target) {
    liveHeader(target, objectForUpdate(target));
    int id = (int) target;
    count(id, false);
    closing = true; // of whom is not known
    EdgeLedger edges = counts.edges();
    if (edges != null) {
      try {
        edges.addByHand(id);
      } catch (AllocatorException e) {
        uncount(id, false);
        throw exhausted(0, e);
      }
    }
  }

  public final void removeEdge(long target) {
    long header = liveHeader(target, objectForUpdate(target));
    int id = (int) target;
    EdgeLedger edges = counts.edges();
    if ((header & Header.INTERNAL) == 0 || edges != null && edges.byHand(id) == 0) {
      throw checks.notOwned(target);
    }
    if (edges != null) {
      edges.dropByHand(id);
    }
    uncount(id, false);
  }

  // ------------------------------------------------------- for the other packages

  /** Takes a reference for the library's own lists; may fail with an AllocatorException. */
  public final void ownInternally(int id) {
    own(id, null);
  }

  public final void disownInternally(int id) {
    disown(id);
  }

  /** How many owners of an object the ledger knows; -1 without a ledger. */
  public final int ledgerCount(int id) {
    return ledger == null ? -1 : ledger.count(id);
  }

  public final Counts counts() {
    return counts;
  }
}
