package org.ouroboros.benchmarks.faq;

import java.util.ArrayList;
import java.util.List;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.DebugFlag;
import org.ouroboros.collector.GenerationStats;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/** The functions of the module gc. */
final class CollectorStop implements Stop {

  private static final ObjectType NODE =
      ObjectType.builder("node").references("next", "other").build();
  private static final int NEXT = NODE.slot("next");
  private static final int PAIRS = 10_000;

  @Override
  public String label() {
    return "gc";
  }

  @Override
  public String title() {
    return "Force it, inspect it, tune it";
  }

  @Override
  public String text() {
    return """
    The module gc lets a Python program run the collector, ask it what it sees, and set when \
    it runs by itself. `heap.collector()` has all of it; the comments name Python's function.

    The collector runs by itself in allocations, when more objects were made than freed by a \
    threshold. Below, a threshold of 100 keeps the garbage of 20,000 objects at about a \
    hundred; without the collector all of it stays.\
    """;
  }

  @Override
  public List<String> sources() {
    return List.of("CollectorStop");
  }

  @Override
  public void run(Transcript out) {
    List<String> debug = new ArrayList<>();
    // FAQ
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withDebugOutput(debug::add))) {
      Collector gc = heap.collector();

      // force: gc.collect(), gc.collect(0), gc.get_stats(), gc.callbacks
      gc.addListener(
          new CollectionListener() {
            @Override
            public void onStop(Summary s) {
              out.line("  callback: generation " + s.generation() + ", freed " + s.collected());
            }
          });
      pairs(heap, 3); // 6 objects, each pair a cycle that nobody holds
      out.line("collect(0) " + gc.collect(0));
      pairs(heap, 2);
      out.line("collect()  " + gc.collect());
      GenerationStats oldest = gc.stats().get(Collector.OLDEST);
      out.line("collections of generation 2: " + oldest.collections());

      // inspect: gc.get_objects(), get_referrers(), get_referents(), is_tracked(), is_finalized()
      long a = heap.allocate(NODE);
      long b = heap.allocate(NODE);
      heap.setRef(a, NEXT, b);
      out.line("objects " + gc.objects().length + ", of generation 0: " + gc.objects(0).length);
      out.line("b is held by a: " + (gc.referrers(b)[0] == a));
      out.line("a refers to b: " + (gc.referents(a)[0] == b));
      out.line("tracked " + gc.isTracked(a) + ", finalized " + gc.isFinalized(a));
      gc.collect();
      out.line("a has survived into generation " + gc.generation(a));

      // gc.freeze(), get_freeze_count(), unfreeze()
      gc.freeze();
      out.line("frozen " + gc.freezeCount() + ", generation " + gc.generation(a));
      gc.unfreeze();
      out.line("unfrozen: generation " + gc.generation(a));

      // gc.set_debug(gc.DEBUG_SAVEALL | gc.DEBUG_COLLECTABLE), gc.garbage
      gc.setDebug(DebugFlag.SAVE_ALL, DebugFlag.COLLECTABLE);
      pairs(heap, 1);
      gc.collect();
      out.line("garbage kept for a look: " + gc.garbage().size() + "; said: " + debug.size());
      gc.setDebug();
      gc.garbage().clear(); // a cycle still: the next collection takes it
      gc.collect();
    }

    // tune: gc.get_threshold(), set_threshold(), get_count(), disable(), isenabled()
    try (Heap heap = Heap.ofConfined()) {
      Collector gc = heap.collector();
      out.line("at first: " + gc.threshold());
      gc.setThreshold(100);
      pairs(heap, PAIRS);
      out.line(
          "threshold 100: alive at the end less than 110: " + (heap.stats().liveObjects() < 110));
      out.line("collections made by itself: " + collections(gc));
      gc.collect();

      gc.disable();
      pairs(heap, PAIRS);
      out.line("enabled " + gc.isEnabled() + ": alive " + heap.stats().liveObjects());
      out.line("collect()  " + gc.collect());
      out.line("count " + gc.count());
    }
    // FAQ end
    debug.forEach(line -> out.varying("debug output: " + line));
  }

  private static void pairs(Heap heap, int count) {
    for (int i = 0; i < count; i++) {
      long one = heap.allocate(NODE);
      long other = heap.allocate(NODE);
      heap.setRef(one, NEXT, other);
      heap.setRefMoved(other, NEXT, one);
      heap.release(other);
    }
  }

  private static long collections(Collector gc) {
    return gc.stats().stream().mapToLong(GenerationStats::collections).sum();
  }
}
