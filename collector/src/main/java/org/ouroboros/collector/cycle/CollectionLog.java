package org.ouroboros.collector.cycle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.GenerationStats;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.jfr.HeapEvents;

/**
 * Keeps the figures of collections, and tells of them: listeners, the debug output, the recorder of
 * the JVM.
 *
 * <p>Thread rule: as the heap; listeners may be added while they are told.
 */
final class CollectionLog {

  private final ConfinedHeap heap;
  private final DebugReport debug;
  private final List<CollectionListener> listeners = new CopyOnWriteArrayList<>();
  private final long[][] stats = new long[Collector.GENERATIONS][5];

  CollectionLog(ConfinedHeap heap, DebugReport debug) {
    this.heap = heap;
    this.debug = debug;
  }

  void addListener(CollectionListener listener) {
    listeners.add(listener);
  }

  boolean removeListener(CollectionListener listener) {
    return listeners.remove(listener);
  }

  /** Whether anybody is told of collections, or of what they find. */
  boolean isTold() {
    return !listeners.isEmpty() || debug.isTold();
  }

  /** A collection begins. */
  void begin(int generation) {
    for (CollectionListener listener : listeners) {
      heap.hooks().listener(listener::onStart, generation);
    }
    debug.begin(generation);
  }

  /** Gives a collection that has ended to the recorder of the JVM, if its begin was recorded. */
  void record(
      @Nullable Object event, int generation, boolean inSlices, CollectionPass.Result result) {
    HeapEvents.endCollection(
        event,
        heap.options().name(),
        generation,
        inSlices,
        result.candidates(),
        result.collected(),
        result.uncollectable());
  }

  /** A collection has ended. */
  void end(int generation, CollectionPass.Result result, long nanos) {
    debug.end(result, nanos);
    long[] figures = stats[generation];
    figures[0]++;
    figures[1] += result.collected();
    figures[2] += result.uncollectable();
    figures[3] += result.candidates();
    figures[4] += nanos;
    if (!listeners.isEmpty()) {
      CollectionListener.Summary summary =
          new CollectionListener.Summary(
              generation, result.collected(), result.uncollectable(), result.candidates(), nanos);
      for (CollectionListener listener : listeners) {
        heap.hooks().listener(listener::onStop, summary);
      }
    }
  }

  /** A death has done what a full collection would, of so many tracked objects. */
  void endAtDeath(long tracked) {
    long[] figures = stats[Collector.OLDEST];
    figures[0]++;
    figures[1] += tracked;
    figures[3] += tracked;
  }

  /** The heap is about to be closed. */
  void closing() {
    for (CollectionListener listener : listeners) {
      heap.hooks().reader(CollectionListener::onClose, listener);
    }
  }

  /** What the collections of each generation came to. */
  List<GenerationStats> stats() {
    List<GenerationStats> all = new ArrayList<>();
    for (long[] f : stats) {
      all.add(new GenerationStats(f[0], f[1], f[2], f[3], f[4]));
    }
    return all;
  }
}
