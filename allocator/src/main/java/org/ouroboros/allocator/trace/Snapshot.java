package org.ouroboros.allocator.trace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The traces of one moment. It never changes.
 *
 * <p>Thread rule: any thread.
 */
public final class Snapshot {

  private final int frames;
  private final long sampleBytes;
  private final List<Trace> traces;

  private Snapshot(int frames, long sampleBytes, List<Trace> traces) {
    this.frames = frames;
    this.sampleBytes = sampleBytes;
    this.traces = traces;
  }

  /** Collects traces. Equal tracebacks become one object. */
  static final class Builder {
    private final int frames;
    private final long sampleBytes;
    private final List<Trace> traces = new ArrayList<>();
    private final Map<Traceback, Traceback> tracebacks = new HashMap<>();

    Builder(int frames, long sampleBytes) {
      this.frames = frames;
      this.sampleBytes = sampleBytes;
    }

    void add(Trace trace) {
      Traceback known = tracebacks.putIfAbsent(trace.traceback(), trace.traceback());
      traces.add(
          known == null || known == trace.traceback()
              ? trace
              : new Trace(trace.domain(), trace.address(), trace.size(), trace.weight(), known));
    }

    Snapshot build() {
      return new Snapshot(frames, sampleBytes, List.copyOf(traces));
    }
  }

  /**
   * How many frames of a stack were kept.
   *
   * @return frames, 1 or more
   */
  public int frames() {
    return frames;
  }

  /**
   * How the blocks were chosen.
   *
   * @return as {@link TraceOptions#sampleBytes}; 0 if every block is there
   */
  public long sampleBytes() {
    return sampleBytes;
  }

  /**
   * The traces.
   *
   * @return one for each block, in no order; not to be changed
   */
  public List<Trace> traces() {
    return traces;
  }

  // ----------------------------------------------------------------- statistics

  /**
   * What the places take.
   *
   * @param groupBy what is a place
   * @return a row for each, the largest first
   */
  public List<Statistic> statistics(GroupBy groupBy) {
    return rows(groupBy, false);
  }

  /**
   * What the places take together with what they called: a block counts for each place that is in
   * its stack, once. More frames than one must have been kept for this to be of use.
   *
   * @param groupBy what is a place; not {@link GroupBy#STACK}
   * @return a row for each, the largest first
   * @throws IllegalArgumentException if it is by stack
   */
  public List<Statistic> cumulativeStatistics(GroupBy groupBy) {
    return rows(groupBy, true);
  }

  private List<Statistic> rows(GroupBy groupBy, boolean cumulative) {
    return sums(groupBy, cumulative).entrySet().stream()
        .map(one -> one.getValue().statistic(one.getKey()))
        .sorted(Statistic.LARGEST_FIRST)
        .toList();
  }

  /**
   * How the places differ from an older snapshot.
   *
   * @param older the older one
   * @param groupBy what is a place
   * @return a row for each place of either, the largest difference first
   */
  public List<StatisticDiff> compareTo(Snapshot older, GroupBy groupBy) {
    return compareTo(older, groupBy, false);
  }

  /**
   * How the places differ from an older snapshot.
   *
   * @param older the older one
   * @param groupBy what is a place
   * @param cumulative as {@link #cumulativeStatistics}
   * @return a row for each place of either, the largest difference first
   * @throws IllegalArgumentException if it is cumulative and by stack
   */
  public List<StatisticDiff> compareTo(Snapshot older, GroupBy groupBy, boolean cumulative) {
    Map<Traceback, Sum> mine = sums(groupBy, cumulative);
    Map<Traceback, Sum> others = older.sums(groupBy, cumulative);
    Map<Traceback, Sum> all = new LinkedHashMap<>(others);
    all.putAll(mine);
    return all.keySet().stream()
        .map(
            key -> {
              Statistic now = mine.getOrDefault(key, Sum.NOTHING).statistic(key);
              Statistic then = others.getOrDefault(key, Sum.NOTHING).statistic(key);
              return new StatisticDiff(
                  key,
                  now.size(),
                  now.size() - then.size(),
                  now.count(),
                  now.count() - then.count());
            })
        .sorted(StatisticDiff.LARGEST_FIRST)
        .toList();
  }

  private Map<Traceback, Sum> sums(GroupBy groupBy, boolean cumulative) {
    if (cumulative && groupBy == GroupBy.STACK) {
      throw new IllegalArgumentException("cumulative statistics are by file, line or method");
    }
    // Many blocks share a few stacks: what a stack counts under is made once.
    Map<Traceback, Sum> byStack = new HashMap<>();
    for (Trace trace : traces) {
      byStack.computeIfAbsent(trace.traceback(), _ -> new Sum()).add(trace);
    }
    Map<Traceback, Sum> sums = new HashMap<>();
    byStack.forEach(
        (stack, sum) -> {
          Stream<Traceback> keys = cumulative ? groupBy.keys(stack) : Stream.of(groupBy.key(stack));
          keys.forEach(key -> sums.computeIfAbsent(key, _ -> new Sum()).add(sum));
        });
    return sums;
  }

  /** A sum; of sampled traces not in whole blocks. */
  private static final class Sum {
    static final Sum NOTHING = new Sum();

    private double size;
    private double count;

    void add(Trace trace) {
      size += trace.size() * trace.weight();
      count += trace.weight();
    }

    void add(Sum other) {
      size += other.size;
      count += other.count;
    }

    Statistic statistic(Traceback traceback) {
      return new Statistic(traceback, Math.round(size), Math.round(count));
    }
  }

  // ------------------------------------------------------------------ filtering

  /**
   * The traces that filters let pass.
   *
   * @param filters see {@link TraceFilter} for how several go together; none lets all pass
   * @return a new snapshot
   */
  public Snapshot filter(TraceFilter... filters) {
    List<TraceFilter.Matcher> inclusive = matchers(filters, true);
    List<TraceFilter.Matcher> exclusive = matchers(filters, false);
    List<Trace> kept =
        traces.stream()
            .filter(one -> inclusive.isEmpty() || inclusive.stream().anyMatch(m -> passes(m, one)))
            .filter(one -> exclusive.stream().allMatch(m -> passes(m, one)))
            .toList();
    return new Snapshot(frames, sampleBytes, kept);
  }

  private static List<TraceFilter.Matcher> matchers(TraceFilter[] filters, boolean inclusive) {
    return Arrays.stream(filters)
        .filter(one -> one.inclusive() == inclusive)
        .map(TraceFilter::matcher)
        .toList();
  }

  private static boolean passes(TraceFilter.Matcher matcher, Trace trace) {
    return matcher.passes(trace.domain(), trace.traceback());
  }

  // -------------------------------------------------------------------- writing

  /**
   * The largest places as text.
   *
   * @param limit how many
   * @param groupBy what is a place
   * @return some lines, the last is the sum of all; with an end of line after the last
   */
  public String top(int limit, GroupBy groupBy) {
    List<Statistic> all = statistics(groupBy);
    int shown = Math.clamp(limit, 0, all.size());
    StringBuilder text = new StringBuilder("Top " + shown + " of " + all.size() + " places\n");
    for (int i = 0; i < shown; i++) {
      Statistic one = all.get(i);
      text.append('#').append(i + 1).append(": ").append(one).append('\n');
      if (groupBy == GroupBy.STACK) {
        one.traceback().format().forEach(line -> text.append("  ").append(line).append('\n'));
      }
    }
    long rest = all.subList(shown, all.size()).stream().mapToLong(Statistic::size).sum();
    long total = all.stream().mapToLong(Statistic::size).sum();
    if (shown < all.size()) {
      text.append(all.size() - shown).append(" other: ");
      text.append(Statistic.bytes(rest)).append('\n');
    }
    return text.append("Total: ").append(Statistic.bytes(total)).append('\n').toString();
  }

  /**
   * Writes this snapshot to a file, in the format of {@code SnapshotFile}. What was there is
   * replaced when all is written, and stays if that fails.
   *
   * @param file where to
   * @throws SnapshotException if it cannot be written
   */
  public void dump(Path file) {
    SnapshotFile.write(this, file);
  }

  /**
   * Reads a snapshot from a file.
   *
   * @param file what {@link #dump} wrote
   * @return a snapshot with equal traces
   * @throws SnapshotException if it cannot be read, is no snapshot, is of a later version, or is
   *     not whole
   */
  public static Snapshot load(Path file) {
    return SnapshotFile.read(file);
  }

  /** One line. */
  @Override
  public String toString() {
    return "snapshot of " + traces.size() + " traces of " + frames + " frames";
  }
}
