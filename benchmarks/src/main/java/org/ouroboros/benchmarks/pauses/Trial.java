package org.ouroboros.benchmarks.pauses;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.ouroboros.benchmarks.latency.Sleeper;
import org.ouroboros.benchmarks.program.JavaHeapMemory;
import org.ouroboros.benchmarks.replay.ProcStatus;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.GenerationStats;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapStats;

/** One run in this JVM: the population is made, the mutator warmed up and measured. */
final class Trial {

  private static final long WINDOW_NANOS = 10_000_000;
  private static final double MILLI = 1e6;
  private static final double SECOND = 1e9;
  private static final long SEED = 42;

  /** How often the time to warm up may be added, if too little was collected in it. */
  private static final int MORE_WARM_UPS = 3;

  /** So many incremental collections, through all their phases, are to end before. */
  private static final int CYCLES = 2;

  /**
   * Populations of rehearsals, where collections take turns fast. Young objects lie scattered in
   * the larger one and close together in the other, which the collector has code of its own for.
   */
  private static final int[] REHEARSED = {1_000_000, 100_000};

  private static final int LONGEST_REHEARSAL_MILLIS = 5000;

  private static final Figure[] COLLECTIONS = {
    Figure.COLLECTIONS_0, Figure.COLLECTIONS_1, Figure.COLLECTIONS_2
  };
  private static final Figure[] LONGEST = {Figure.LONGEST_0, Figure.LONGEST_1, Figure.LONGEST_2};

  private final Plan plan;
  private final CallClock clock = new CallClock();
  private final Churn churn;
  private final Mutator mutator;
  private final Run run = new Run();

  private Trial(Plan plan) {
    this.plan = plan;
    this.churn = churn(plan, clock);
    this.mutator = new Mutator(churn, clock, plan);
  }

  /**
   * Makes the run.
   *
   * @throws IOException if this process's memory is not told
   * @throws IllegalStateException if a full collection finds something else to be garbage than the
   *     program does
   */
  static Run run(Plan plan) throws IOException {
    try (ProcStatus status = new ProcStatus()) {
      long before = status.resident();
      for (int objects : REHEARSED) {
        if (plan.objects() > objects) {
          rehearse(plan, objects);
        }
      }
      Trial trial = new Trial(plan);
      try (Rings rings = trial.churn.rings()) {
        trial.measure(rings);
        trial.note();
        trial.resident(before, status);
        trial.count();
        return trial.run;
      }
    }
  }

  /** Runs all code often, on a small population, so that it is compiled when it is timed. */
  private static void rehearse(Plan plan, int objects) {
    Plan small =
        new Plan(
            plan.mode(),
            objects,
            plan.rate(),
            plan.millis(),
            Math.min(plan.warmUpMillis(), LONGEST_REHEARSAL_MILLIS),
            plan.closed(),
            plan.fullAt());
    Trial trial = new Trial(small);
    try (Rings rings = trial.churn.rings()) {
      if (rings instanceof HeapRings heapRings) {
        trial.warmUp(heapRings.heap().collector());
      } else {
        trial.warmUp();
      }
    }
  }

  /** The program on what its mode says. */
  static Churn churn(Plan plan, CallClock clock) {
    return new Churn(
        places ->
            plan.mode().isHeap()
                ? new HeapRings(plan.mode(), clock, places)
                : new JavaRings(clock, places),
        plan.objects(),
        SEED);
  }

  private void measure(Rings rings) throws IOException {
    if (rings instanceof HeapRings heapRings) {
      measure(heapRings.heap());
    } else {
      warmUp();
      timed();
      run.put(Figure.COMMITTED, Runtime.getRuntime().totalMemory());
      known(Figure.MEMORY, JavaHeapMemory.resident());
    }
  }

  private void measure(Heap heap) {
    Collector collector = heap.collector();
    if (plan.fullAt() > 0) {
      Collector.Counters now = collector.threshold();
      collector.setThreshold(now.generation0(), now.generation1(), Integer.MAX_VALUE);
    }
    Longest longest = new Longest();
    collector.addListener(longest); // so that telling it is compiled, too
    warmUp(collector);
    longest.reset();
    List<GenerationStats> before = collector.stats();
    timed();
    List<GenerationStats> after = collector.stats();
    collector.removeListener(longest);
    for (int i = 0; i < Collector.GENERATIONS; i++) {
      run.put(COLLECTIONS[i], after.get(i).collections() - before.get(i).collections());
      run.put(LONGEST[i], longest.nanos[i] / MILLI);
    }
    HeapStats stats = heap.stats();
    run.put(Figure.COMMITTED, stats.committedBytes());
    run.put(Figure.METADATA, stats.metadataBytes());
    run.put(Figure.MEMORY, stats.committedBytes() + stats.metadataBytes());
  }

  private void warmUp() {
    churn.fill();
    mutator.run(plan.warmUpMillis());
  }

  /** Until collections have been through all of their phases, and their pace has settled. */
  private void warmUp(Collector collector) {
    warmUp();
    for (int more = 0;
        plan.mode() == Mode.INCREMENTAL
            && more < MORE_WARM_UPS
            && collector.stats().get(Collector.OLDEST).collections() < CYCLES;
        more++) {
      mutator.run(plan.warmUpMillis());
    }
  }

  private void timed() {
    Sleeper.beside(run.sleep(), () -> mutator.run(plan.millis()));
  }

  private void note() {
    long nanos = mutator.end() - mutator.begin();
    run.put(Figure.LIVE_OBJECTS, churn.reachable());
    run.put(Figure.OPERATIONS, mutator.operations());
    run.put(Figure.SECONDS, nanos / SECOND);
    run.put(Figure.OPERATIONS_PER_SECOND, mutator.operations() * SECOND / nanos);
    run.put(Figure.BEHIND_MILLIS, mutator.behind() / MILLI);
    run.answers().add(mutator.answers());
    Samples samples = mutator.samples();
    run.samples().addAll(samples, mutator.begin());
    if (samples.size() > 0) {
      run.put(Figure.MOST_GARBAGE, samples.mostRatio());
      run.put(Figure.MEAN_GARBAGE, samples.meanRatio());
      run.put(Figure.LATE_GARBAGE, samples.mostRatioLate());
    }
    if (!plan.closed()) {
      run.calls().add(clock.calls());
      run.pauses().addAll(clock.longCalls(), mutator.begin());
      run.put(Figure.LONG_CALLS, run.pauses().size());
      run.put(Figure.UTILIZATION, Utilization.least(run.pauses(), 0, nanos, WINDOW_NANOS));
      Spans running = new Spans();
      running.addAll(clock.running(), mutator.begin());
      run.put(Figure.UTILIZATION_RUNNING, Utilization.least(running, 0, nanos, WINDOW_NANOS));
      run.put(Figure.LONGEST_RUNNING, running.longest() / MILLI);
      if (plan.mode().isHeap()) {
        Spans gaps = new Spans();
        gaps.addAll(clock.gaps(), mutator.begin());
        run.put(Figure.UTILIZATION_GAPS, Utilization.least(gaps, 0, nanos, WINDOW_NANOS));
        run.put(Figure.LONGEST_GAP, gaps.longest() / MILLI);
      }
    }
  }

  private void resident(long before, ProcStatus status) throws IOException {
    long resident = status.resident();
    known(Figure.RESIDENT, resident);
    known(Figure.PEAK_RESIDENT, status.peakResident());
    known(Figure.GROWTH, before < 0 ? before : resident - before);
  }

  private void known(Figure figure, long bytes) {
    if (bytes >= 0) {
      run.put(figure, bytes);
    }
  }

  /** Compares what the program says is garbage with what a full collection finds. */
  private void count() {
    long garbage = churn.garbage();
    if (garbage < 0) {
      return;
    }
    run.put(Figure.GARBAGE, garbage);
    run.put(Figure.GARBAGE_FOUND, churn.rings().collectAll());
    long left = churn.garbage();
    if (left != 0) {
      throw new IllegalStateException(
          "after a full collection the heap has " + left + " objects more than are reachable");
    }
  }

  /** The longest collection of each generation, in nanoseconds. */
  private static final class Longest implements CollectionListener {

    private final long[] nanos = new long[Collector.GENERATIONS];

    void reset() {
      Arrays.fill(nanos, 0);
    }

    @Override
    public void onStop(Summary summary) {
      int generation = summary.generation();
      nanos[generation] = Math.max(nanos[generation], summary.durationNanos());
    }
  }
}
