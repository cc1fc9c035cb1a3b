package org.ouroboros.benchmarks.pauses;

import java.io.IOException;
import org.ouroboros.benchmarks.latency.Sleeper;
import org.ouroboros.benchmarks.program.JavaHeapMemory;
import org.ouroboros.benchmarks.replay.ProcStatus;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.HeapStats;

/**
 * The main class of a forked JVM: one run of the program. It ends with the lines of {@link
 * Run#encode} and {@code ok}, or with {@code failed MESSAGE}; if asked what the population takes as
 * Java objects, with {@code ok BYTES}.
 */
public final class PausesWorker {

  /** The first argument. */
  static final String RUN = "run";

  static final String LIVE = "live";

  private static final long WINDOW_NANOS = 10_000_000;
  private static final double MILLI = 1e6;
  private static final double SECOND = 1e9;
  private static final long SEED = 42;

  private PausesWorker() {}

  /**
   * Runs the program.
   *
   * @param args what to do, then a {@link Plan}
   */
  public static void main(String[] args) {
    String last;
    try {
      Plan plan = Plan.of(args, 1);
      if (args[0].equals(LIVE)) {
        last = "ok " + live(plan);
      } else {
        run(plan).encode().forEach(System.out::println);
        last = "ok";
      }
    } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
      last = "failed " + e.toString().replaceAll("\\s+", " ");
    }
    System.out.println(last);
  }

  /** Makes a run in this JVM. */
  static Run run(Plan plan) throws IOException {
    CallClock clock = new CallClock();
    Churn churn = churn(plan, clock);
    try (Rings rings = churn.rings()) {
      churn.fill();
      Mutator mutator = new Mutator(churn, clock, plan);
      mutator.run(plan.warmUpMillis());
      Run run = new Run();
      if (rings instanceof HeapRings heapRings) {
        measure(plan, mutator, run, heapRings.heap());
      } else {
        measure(plan, mutator, run);
        run.put(Figure.COMMITTED, Runtime.getRuntime().totalMemory());
        known(run, Figure.JAVA_HEAP, JavaHeapMemory.resident());
      }
      run.put(Figure.LIVE_OBJECTS, churn.reachable());
      note(mutator, clock, plan, run);
      count(churn, run);
      return run;
    }
  }

  private static Churn churn(Plan plan, CallClock clock) {
    return new Churn(
        places ->
            plan.mode().isHeap()
                ? new HeapRings(HeapOptions.DEFAULT, clock, places)
                : new JavaRings(clock, places),
        plan.objects(),
        SEED);
  }

  private static void measure(Plan plan, Mutator mutator, Run run, Heap heap) throws IOException {
    Collector collector = heap.collector();
    if (plan.fullAt() > 0) {
      Collector.Counters now = collector.threshold();
      collector.setThreshold(now.generation0(), now.generation1(), Integer.MAX_VALUE);
    }
    Longest longest = new Longest();
    collector.addListener(longest);
    long young = youngCollections(collector);
    long full = collector.stats().getLast().collections();
    measure(plan, mutator, run);
    run.put(Figure.YOUNG_COLLECTIONS, youngCollections(collector) - young);
    run.put(Figure.FULL_COLLECTIONS, collector.stats().getLast().collections() - full);
    run.put(Figure.LONGEST_YOUNG, longest.young / MILLI);
    run.put(Figure.LONGEST_FULL, longest.full / MILLI);
    collector.removeListener(longest);
    HeapStats stats = heap.stats();
    run.put(Figure.COMMITTED, stats.committedBytes());
    run.put(Figure.METADATA, stats.metadataBytes());
  }

  private static long youngCollections(Collector collector) {
    return collector.stats().get(0).collections() + collector.stats().get(1).collections();
  }

  private static void measure(Plan plan, Mutator mutator, Run run) throws IOException {
    Sleeper.beside(run.sleep(), () -> mutator.run(plan.millis()));
    try (ProcStatus status = new ProcStatus()) {
      known(run, Figure.RESIDENT, status.resident());
      known(run, Figure.PEAK_RESIDENT, status.peakResident());
    }
  }

  private static void known(Run run, Figure figure, long bytes) {
    if (bytes >= 0) {
      run.put(figure, bytes);
    }
  }

  private static void note(Mutator mutator, CallClock clock, Plan plan, Run run) {
    long nanos = mutator.end() - mutator.begin();
    run.put(Figure.OPERATIONS, mutator.operations());
    run.put(Figure.SECONDS, nanos / SECOND);
    run.put(Figure.OPERATIONS_PER_SECOND, mutator.operations() * SECOND / nanos);
    run.put(Figure.BEHIND_MILLIS, mutator.behind() / MILLI);
    run.answers().add(mutator.answers());
    Samples samples = mutator.samples().since(mutator.begin());
    for (int i = 0; i < samples.size(); i++) {
      run.samples().add(samples.time(i), samples.garbage(i), samples.reachable(i));
    }
    if (samples.size() > 0) {
      run.put(Figure.MOST_GARBAGE, samples.mostRatio());
      run.put(Figure.MEAN_GARBAGE, samples.meanRatio());
    }
    if (!plan.closed()) {
      run.calls().add(clock.calls());
      Spans pauses = clock.longCalls().since(mutator.begin());
      for (int i = 0; i < pauses.size(); i++) {
        run.pauses().add(pauses.begin(i), pauses.end(i));
      }
      run.put(Figure.LONG_CALLS, pauses.size());
      run.put(Figure.UTILIZATION, Utilization.least(pauses, 0, nanos, WINDOW_NANOS));
    }
  }

  /**
   * Compares what the program says is garbage with what a full collection finds.
   *
   * @throws IllegalStateException if that leaves more than is reachable, or less
   */
  private static void count(Churn churn, Run run) {
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

  /** The bytes that the Java heap grows by when the population is made. */
  private static long live(Plan plan) {
    long before = usedAfterCollection();
    Churn churn = churn(plan, new CallClock());
    churn.fill();
    long bytes = usedAfterCollection() - before;
    churn.rings().close(); // so that it is alive till now
    return bytes;
  }

  private static long usedAfterCollection() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** The longest collection of the oldest generation, and of the others, in nanoseconds. */
  private static final class Longest implements CollectionListener {

    private long young;
    private long full;

    @Override
    public void onStop(Summary summary) {
      if (summary.generation() == Collector.OLDEST) {
        full = Math.max(full, summary.durationNanos());
      } else {
        young = Math.max(young, summary.durationNanos());
      }
    }
  }
}
