package org.ouroboros.benchmarks.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.ouroboros.benchmarks.replay.Statistics;
import org.ouroboros.collector.Heap;

/**
 * Takes the times of a graph, as the peer takes CPython's: {@link System#nanoTime} around the
 * calls, everything in one thread of one JVM. A round loads the graph twice.
 *
 * <ul>
 *   <li>All held: one array holds every object and is the only one held from outside. A full
 *       collection that does not count; the median of {@value #COLLECTIONS}; the release of the
 *       array; the full collection of the rest.
 *   <li>As dumped: a full collection that does not count and frees the garbage of the dump; the
 *       median of {@value #COLLECTIONS}.
 * </ul>
 *
 * Rounds are run for {@value #WARM_UP_SECONDS} s, at least {@value #WARM_UP_ROUNDS}, before any
 * counts, so that the compiler is done. The figures are medians over {@value #ROUNDS} rounds.
 */
final class TimingRun {

  static final int ROUNDS = 3;
  static final int COLLECTIONS = 5;
  static final int WARM_UP_ROUNDS = 2;
  static final int WARM_UP_SECONDS = 1;
  private static final int MAX_WARM_UP_ROUNDS = 2000;

  private final Graph graph;
  private final GraphTypes types;
  private final SpaceChoice space;
  private final List<Round> rounds = new ArrayList<>();

  /**
   * What one round took.
   *
   * @param load both phases' loading, that of the graph as dumped
   * @param live the collections with everything held
   * @param drop the release of the holder
   * @param dead the collection after that
   * @param asDumped the collections with the counts of the dump
   */
  private record Round(long load, long[] live, long drop, long dead, long[] asDumped) {}

  TimingRun(Graph graph, GraphTypes types, SpaceChoice space) {
    this.graph = graph;
    this.types = types;
    this.space = space;
  }

  /** Runs rounds that do not count. */
  void warmUp() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS);
    for (int i = 0; i < MAX_WARM_UP_ROUNDS; i++) {
      if (i >= WARM_UP_ROUNDS && System.nanoTime() - end >= 0) {
        return;
      }
      round();
    }
  }

  /** Runs a round that counts. */
  void measure() {
    rounds.add(round());
  }

  /** The medians of the rounds that counted. */
  Timings timings() {
    return new Timings(
        median(rounds.stream().mapToLong(Round::load)),
        Statistics.median(rounds.stream().mapToDouble(r -> median(r.live)).toArray()),
        median(rounds.stream().mapToLong(Round::drop)),
        median(rounds.stream().mapToLong(Round::dead)),
        Statistics.median(rounds.stream().mapToDouble(r -> median(r.asDumped)).toArray()));
  }

  /** The collections of the last round that counted, in the order they were made. */
  List<Pause> pauses() {
    List<Pause> pauses = new ArrayList<>();
    if (!rounds.isEmpty()) {
      Round last = rounds.getLast();
      for (int i = 0; i < COLLECTIONS; i++) {
        pauses.add(new Pause("all held, " + (i + 1), last.live[i]));
      }
      pauses.add(new Pause("all dropped", last.dead));
      for (int i = 0; i < COLLECTIONS; i++) {
        pauses.add(new Pause("as dumped, " + (i + 1), last.asDumped[i]));
      }
    }
    return pauses;
  }

  /** All held: builds it and takes the times. */
  CollectTimes allHeld() {
    long[] live = new long[COLLECTIONS];
    CollectTimes held = allHeld(live);
    return new CollectTimes(median(live), held.drop(), held.dead());
  }

  private CollectTimes allHeld(long[] live) {
    try (LoadedGraph loaded = LoadedGraph.load(graph, types, space)) {
      Heap heap = loaded.heap();
      long holder = loaded.holdAll();
      collect(loaded, live);
      expect(loaded, graph.objects() + 1L, "a collection while all were held");
      heap.collector().enable();
      long begin = System.nanoTime();
      heap.release(holder);
      long drop = System.nanoTime() - begin;
      long dead = loaded.collect();
      expect(loaded, 0, "the collection after all were dropped");
      return new CollectTimes(Double.NaN, drop, dead);
    }
  }

  private Round round() {
    long[] live = new long[COLLECTIONS];
    CollectTimes held = allHeld(live);
    long begin = System.nanoTime();
    try (LoadedGraph loaded = LoadedGraph.load(graph, types, space)) {
      loaded.countAsDumped();
      long load = System.nanoTime() - begin;
      long[] asDumped = new long[COLLECTIONS];
      collect(loaded, asDumped);
      return new Round(load, live, (long) held.drop(), (long) held.dead(), asDumped);
    }
  }

  /** A collection that does not count, then as many as there is room for. */
  private static void collect(LoadedGraph loaded, long[] nanos) {
    loaded.collect();
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = loaded.collect();
    }
  }

  private void expect(LoadedGraph loaded, long objects, String after) {
    long live = loaded.liveObjects();
    if (live != objects) {
      throw new WrongCountException(
          graph.name()
              + ": "
              + after
              + " left "
              + live
              + " objects, but it should leave "
              + objects);
    }
  }

  private static double median(LongStream nanos) {
    return Statistics.median(nanos.asDoubleStream().toArray());
  }

  private static double median(long[] nanos) {
    return median(LongStream.of(nanos));
  }
}
