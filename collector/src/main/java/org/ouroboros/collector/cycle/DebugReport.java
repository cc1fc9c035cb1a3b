package org.ouroboros.collector.cycle;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.ouroboros.collector.DebugFlag;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.space.SideTables;

/**
 * Writes what {@link DebugFlag} asks for, in the words of CPython.
 *
 * <p>Thread rule: as the heap.
 */
final class DebugReport {

  private final ConfinedHeap heap;
  private final EnumSet<DebugFlag> flags = EnumSet.noneOf(DebugFlag.class);
  private boolean collectable;
  private boolean uncollectable;

  DebugReport(ConfinedHeap heap) {
    this.heap = heap;
  }

  void set(Set<DebugFlag> wanted) {
    flags.clear();
    flags.addAll(wanted);
    collectable = flags.contains(DebugFlag.COLLECTABLE);
    uncollectable = flags.contains(DebugFlag.UNCOLLECTABLE);
  }

  Set<DebugFlag> flags() {
    return EnumSet.copyOf(flags);
  }

  boolean savesAll() {
    return flags.contains(DebugFlag.SAVE_ALL);
  }

  /** Whether each member of the set is to be told or saved. */
  boolean isToldEach() {
    return collectable || savesAll();
  }

  /** Whether anybody wants to be told of anything. */
  boolean isTold() {
    return !flags.isEmpty();
  }

  void collectable(int id) {
    if (collectable) {
      line("gc: collectable <" + heap.inspector().describe(heap.reference(id)) + ">");
    }
  }

  void uncollectable(int id) {
    if (uncollectable) {
      line("gc: uncollectable <" + heap.inspector().describe(heap.reference(id)) + ">");
    }
  }

  void begin(int generation) {
    if (flags.contains(DebugFlag.STATS)) {
      SideTables sides = heap.store().sides;
      line("gc: collecting generation " + generation + "...");
      line(
          "gc: objects in each generation: "
              + sides.population(0)
              + " "
              + sides.population(1)
              + " "
              + sides.population(2)
              + ", permanent: "
              + sides.population(SideTables.PERMANENT));
    }
  }

  void end(CollectionPass.Result result, long nanos) {
    if (flags.contains(DebugFlag.STATS)) {
      line(
          String.format(
              Locale.ROOT,
              "gc: done, %d unreachable, %d uncollectable, %.4fs elapsed",
              result.collected() + result.uncollectable(),
              result.uncollectable(),
              nanos / 1e9));
    }
  }

  /** At the close: what is left in the garbage list. */
  void atClose(GarbageList garbage) {
    if (garbage.size() > 0 && !savesAll()) {
      line("gc: " + garbage.size() + " uncollectable objects at close");
      for (long ref : garbage.toArray()) {
        if (uncollectable) {
          line("gc:     <" + heap.inspector().describe(ref) + ">");
        }
      }
    }
  }

  private void line(String text) {
    heap.hooks().reader(heap.options().debugOutput(), text);
  }
}
