package org.ouroboros.collector.inspect;

import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.SidePage;

/**
 * An object in words.
 *
 * <p>Thread rule: as the heap.
 */
final class Description {

  private final ConfinedHeap heap;

  Description(ConfinedHeap heap) {
    this.heap = heap;
  }

  String of(int id) {
    long header = heap.store().header(id);
    TypeInfo info = heap.store().infoOrNull(header);
    StringBuilder text = new StringBuilder();
    text.append(info == null ? "?" : info.type.name()).append(" #");
    text.append(Integer.toUnsignedLong(id));
    text.append(" internal ").append(heap.counts().internal(id, header));
    text.append(" external ").append(heap.counts().external(id, header));
    text.append(generation(id));
    flag(text, header, Header.FINALIZED, " finalized");
    flag(text, header, Header.HELD, " held");
    flag(text, header, Header.HAS_WEAK, " weakly referenced");
    flag(text, header, Header.OPAQUE, " opaque");
    return text.toString();
  }

  private String generation(int id) {
    if (!heap.store().sides.has(SidePage.TRACKED, id)) {
      return " untracked";
    }
    int generation = heap.store().sides.generation(id);
    return generation == 3 ? " permanent" : " generation " + generation;
  }

  private static void flag(StringBuilder text, long header, long flag, String name) {
    if (Header.has(header, flag)) {
      text.append(name);
    }
  }
}
