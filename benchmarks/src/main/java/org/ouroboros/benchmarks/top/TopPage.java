package org.ouroboros.benchmarks.top;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.statistics.AllocatorFigure;
import org.ouroboros.allocator.statistics.EntryKind;
import org.ouroboros.allocator.statistics.EntryReading;
import org.ouroboros.allocator.statistics.StatisticsSnapshot;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.TextTable;
import org.ouroboros.collector.statistics.HeapFigure;

/**
 * One page of the command: what a snapshot says, and how fast it changed since the one before.
 *
 * <p>Rates are between the times at which an entry was written, which for a heap are those of its
 * collections; where it was not written in between there is none.
 */
final class TopPage {

  private static final double MILLI = 1e-3;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MEBIBYTE = 1 << 20;

  private final StatisticsSnapshot now;
  private final Map<Long, EntryReading> before = new HashMap<>();
  private final long clock;

  /**
   * A page.
   *
   * @param now what was read
   * @param before what was read before that; null if nothing was
   * @param clock the time, in milliseconds since 1970
   */
  TopPage(StatisticsSnapshot now, @Nullable StatisticsSnapshot before, long clock) {
    this.now = now;
    this.clock = clock;
    if (before != null) {
      before.entries().forEach(entry -> this.before.put(entry.id(), entry));
    }
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(title());
    add(lines, EntryKind.ALLOCATOR, allocators());
    add(lines, EntryKind.HEAP, heaps());
    return lines;
  }

  private String title() {
    StringBuilder title = new StringBuilder("process " + now.pid());
    title.append(
        switch (now.state()) {
          case RUNNING -> ", running";
          case ENDED -> ", ended";
          case DIED -> ", died without saying so";
        });
    title.append("; sampled ").append(ago(now.sampled()));
    title.append("; ").append(now.entries().size()).append(" of ").append(now.capacity());
    title.append(" entries");
    if (now.dropped() > 0) {
      title.append(", no room for ").append(now.dropped()).append(" more");
    }
    return title.toString();
  }

  private void add(List<String> lines, EntryKind kind, TextTable table) {
    if (of(kind).findAny().isPresent()) {
      lines.add("");
      lines.addAll(table.lines());
    }
  }

  private Stream<EntryReading> of(EntryKind kind) {
    return now.entries().stream().filter(entry -> entry.kind() == kind);
  }

  private TextTable allocators() {
    TextTable table =
        new TextTable()
            .row(
                "allocator",
                "live blocks",
                "+/s",
                "live MiB",
                "+MiB/s",
                "committed",
                "peak",
                "purged",
                "MiB/s",
                "state");
    of(EntryKind.ALLOCATOR)
        .forEach(
            entry ->
                table.row(
                    name(entry),
                    count(entry.figure(AllocatorFigure.LIVE_BLOCKS)),
                    rate(entry, e -> e.figure(AllocatorFigure.LIVE_BLOCKS), 1),
                    Figures.mebibytes(entry.figure(AllocatorFigure.LIVE_BYTES)),
                    rate(entry, e -> e.figure(AllocatorFigure.LIVE_BYTES), MEBIBYTE),
                    Figures.mebibytes(entry.figure(AllocatorFigure.COMMITTED_BYTES)),
                    Figures.mebibytes(entry.figure(AllocatorFigure.PEAK_COMMITTED_BYTES)),
                    Figures.mebibytes(entry.figure(AllocatorFigure.PURGED_BYTES)),
                    rate(entry, e -> e.figure(AllocatorFigure.PURGED_BYTES), MEBIBYTE),
                    state(entry)));
    return table;
  }

  private TextTable heaps() {
    TextTable table =
        new TextTable()
            .row(
                "heap",
                "live objects",
                "tracked",
                "MiB",
                "committed",
                "made/s",
                "freed/s",
                "gen 0",
                "gen 1",
                "gen 2",
                "last gen",
                "ms",
                "garbage",
                "state");
    of(EntryKind.HEAP)
        .forEach(
            entry ->
                table.row(
                    name(entry),
                    count(HeapFigure.LIVE_OBJECTS.of(entry)),
                    count(HeapFigure.TRACKED_OBJECTS.of(entry)),
                    Figures.mebibytes(HeapFigure.LIVE_BYTES.of(entry)),
                    Figures.mebibytes(HeapFigure.COMMITTED_BYTES.of(entry)),
                    rate(entry, HeapFigure.ALLOCATIONS::of, 1),
                    rate(entry, HeapFigure.FREES::of, 1),
                    count(HeapFigure.generation(entry, 0).collections()),
                    count(HeapFigure.generation(entry, 1).collections()),
                    count(HeapFigure.generation(entry, 2).collections()),
                    count(HeapFigure.LAST_GENERATION.of(entry)),
                    milliseconds(HeapFigure.LAST_NANOS.of(entry)),
                    count(HeapFigure.LAST_COLLECTED.of(entry)),
                    state(entry)));
    return table;
  }

  /** Entries may have the same name; what could steer a terminal is not let through. */
  private static String name(EntryReading entry) {
    StringBuilder name = new StringBuilder();
    entry.name().codePoints().map(TopPage::printable).forEach(name::appendCodePoint);
    return name.append(" #").append(entry.id()).toString();
  }

  private static int printable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          '?';
      default -> character;
    };
  }

  private static String count(long count) {
    return count < 0 ? Figures.NONE : String.format(Locale.ROOT, "%,d", count);
  }

  private static String milliseconds(long nanos) {
    return nanos < 0 ? Figures.NONE : String.format(Locale.ROOT, "%.2f", nanos / NANOS_PER_MILLI);
  }

  private String rate(EntryReading entry, ToLongFunction<EntryReading> figure, double unit) {
    EntryReading earlier = before.get(entry.id());
    long value = figure.applyAsLong(entry);
    if (earlier == null
        || earlier.time() == 0
        || earlier.time() >= entry.time()
        || value < 0
        || figure.applyAsLong(earlier) < 0) {
      return Figures.NONE;
    }
    double seconds = (entry.time() - earlier.time()) * MILLI;
    double rate = (value - figure.applyAsLong(earlier)) / unit / seconds;
    String format = unit == 1 ? "%,.0f" : "%,.2f";
    return String.format(Locale.ROOT, format, rate + 0.0); // no minus before a zero
  }

  private String state(EntryReading entry) {
    String state = entry.ended() ? "closed" : "read " + ago(entry.time());
    return entry.torn() ? state + ", while it died" : state;
  }

  private String ago(long time) {
    return time == 0
        ? "never"
        : String.format(Locale.ROOT, "%.1f s ago", Math.max(0, clock - time) * MILLI);
  }
}
