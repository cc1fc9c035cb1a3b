package org.ouroboros.collector.heap;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.WeakCallback;

/**
 * The weak references of a confined heap, as the program uses them; {@link WeakTable} knows who
 * names whom. What an incremental collection has condemned is dead to all of these.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class WeakAccess extends ObjectAllocation permits ConfinedHeap {

  final WeakTable weak;

  WeakAccess(HeapOptions options, @Nullable SharedHeap face) {
    super(options, face);
    this.weak = new WeakTable(store);
  }

  public final long newWeak(long target, @Nullable WeakCallback callback) {
    long object = objectForUpdate(target);
    if (WeakTable.isWeak(liveHeader(target, object))) {
      throw checks.wrongType(target, "target for a weak reference");
    }
    int id = (int) target;
    // The target may be held by nothing but garbage, and making the weak reference may collect.
    boolean held = counts.hold(id);
    int made = 0;
    try {
      made = makeObject(ObjectType.WEAK_REFERENCE, 0, 0);
      weak.link(made, id, callback);
      return reference(made);
    } catch (AllocatorException e) {
      disown(made);
      throw exhausted(0, e);
    } finally {
      if (held && counts.unhold(id)) {
        kill(id);
      }
    }
  }

  public final long weakTarget(long ref) {
    checkWeak(ref);
    int target = weak.target((int) ref);
    return isCondemned(target) ? Heap.NULL : referenceOrNull(target);
  }

  public final long upgradeWeak(long ref) {
    long target = weakTarget(ref);
    if (target != Heap.NULL) {
      retain(target);
    }
    return target;
  }

  public final @Nullable WeakCallback weakCallback(long ref) {
    checkWeak(ref);
    return weak.callback((int) ref);
  }

  public final boolean isWeak(long ref) {
    return WeakTable.isWeak(liveHeader(ref, object(ref)));
  }

  private void checkWeak(long ref) {
    if (!isWeak(ref)) {
      throw checks.wrongType(ref, "weak reference");
    }
  }

  public final long[] weakRefs(long target) {
    liveHeader(target, object(target));
    long[] all = new long[weak.count((int) target)];
    int count = 0;
    for (int at = weak.newest((int) target); at != 0; at = weak.older(at)) {
      if (!isCondemned(at)) {
        all[count++] = reference(at);
      }
    }
    return Arrays.copyOf(all, count);
  }

  public final WeakTable weakTable() {
    return weak;
  }
}
