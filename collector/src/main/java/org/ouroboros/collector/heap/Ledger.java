package org.ouroboros.collector.heap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;
import org.ouroboros.collector.CloseReport;

/**
 * In debug mode: who took each owned reference, by the stack of the call. The last one taken is the
 * first to be given back; which of several equal references a caller returns cannot be told.
 *
 * <p>Thread rule: as the heap.
 */
final class Ledger {

  private final Int2ObjectHashMap<ArrayDeque<Throwable>> owners = new Int2ObjectHashMap<>();

  void taken(int id) {
    ArrayDeque<Throwable> stacks = owners.get(id);
    if (stacks == null) {
      stacks = new ArrayDeque<>(2);
      owners.put(id, stacks);
    }
    stacks.push(new Throwable("taken here"));
  }

  void given(int id) {
    ArrayDeque<Throwable> stacks = owners.get(id);
    if (stacks != null) {
      stacks.poll();
      if (stacks.isEmpty()) {
        owners.remove(id);
      }
    }
  }

  void died(int id) {
    owners.remove(id);
  }

  int count(int id) {
    ArrayDeque<Throwable> stacks = owners.get(id);
    return stacks == null ? 0 : stacks.size();
  }

  /** All owners, each with its stack. */
  List<CloseReport.Owner> owners(ConfinedHeap heap) {
    List<CloseReport.Owner> all = new ArrayList<>();
    owners.forEachInt(
        (id, stacks) -> {
          String type = heap.store.info(heap.store.header(id)).type.name();
          stacks.forEach(s -> all.add(new CloseReport.Owner(type, heap.reference(id), s)));
        });
    return all;
  }
}
