package org.ouroboros.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.Domains;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.trace.Frame;
import org.ouroboros.allocator.trace.GroupBy;
import org.ouroboros.allocator.trace.LeakReport;
import org.ouroboros.allocator.trace.Snapshot;
import org.ouroboros.allocator.trace.Statistic;
import org.ouroboros.allocator.trace.StatisticDiff;
import org.ouroboros.allocator.trace.Trace;
import org.ouroboros.allocator.trace.TraceFilter;
import org.ouroboros.allocator.trace.TraceOptions;
import org.ouroboros.allocator.trace.Traceback;
import org.ouroboros.allocator.trace.TracingAllocator;

/**
 * CPython's {@code Lib/test/test_tracemalloc.py} (3.11 to 3.13), test by test where it can be said
 * of memory outside the heap; the name of the original stands over each.
 */
class TracemallocTest {

  private final TracingAllocator traced = TracingAllocator.wrap(OuroborosAllocator.create());

  @AfterEach
  void close() {
    traced.close();
  }

  private static TracingAllocator withFrames(int frames) {
    return TracingAllocator.wrap(
        OuroborosAllocator.create(), TraceOptions.DEFAULT.withFrames(frames));
  }

  private Trace traceOf(long address) {
    return traced.traceOf(address).orElseThrow();
  }

  // TestTracemallocEnabled

  /** test_get_tracemalloc_memory. */
  @Test
  void shouldTellItsOverhead() {
    long before = traced.overheadBytes();
    for (int i = 0; i < 10_000; i++) {
      Sites.one(traced, 16);
    }
    assertThat(traced.overheadBytes()).isGreaterThan(before + 16 * 10_000 / 2);
  }

  /** test_get_object_traceback. */
  @Test
  void shouldTellWhereABlockWasAllocated() {
    long block = Sites.one(traced, 100);
    Trace trace = traceOf(block);
    assertThat(trace.size()).isEqualTo(100);
    assertThat(trace.address()).isEqualTo(block);
    assertThat(trace.weight()).isEqualTo(1);
    assertThat(trace.domain()).isEqualTo(1);
    assertThat(trace.traceback().frames()).hasSize(1);
    assertThat(trace.traceback().site())
        .extracting(Frame::file, Frame::methodName, Frame::className)
        .containsExactly(Sites.FILE, "one", Sites.class.getName());
    assertThat(trace.traceback().site().line()).isPositive();
    assertThat(traced.traceOf(block + 16)).isEmpty();
    assertThat(traced.traceOf(block + 1)).isEmpty();
    traced.free(block);
    assertThat(traced.traceOf(block)).isEmpty();
  }

  @Test
  void shouldTraceEveryWayToAllocate() {
    long[] blocks = Sites.all(traced);
    int first = traceOf(blocks[0]).traceback().site().line();
    for (int i = 0; i < blocks.length; i++) {
      assertThat(traceOf(blocks[i]).size()).isEqualTo(10L * (i + 1));
      assertThat(traceOf(blocks[i]).traceback().site().line()).isEqualTo(first + i);
      assertThat(traceOf(blocks[i]).traceback().site().methodName()).isEqualTo("all");
    }
    assertThat(traced.tracedMemory().current()).isEqualTo(150);
  }

  /** test_new_reference: a block that is used again is traced where that was. */
  @Test
  void shouldTraceAnewWhenABlockIsReusedOrResized() {
    long block = Sites.one(traced, 64);
    traced.free(block);
    long again = Sites.two(traced, 64);
    assertThat(again).isEqualTo(block);
    assertThat(traceOf(again).traceback().site().methodName()).isEqualTo("three");

    long resized = traced.realloc(again, 60);
    assertThat(traceOf(resized).size()).isEqualTo(60);
    assertThat(traceOf(resized).traceback().site().methodName())
        .isEqualTo("shouldTraceAnewWhenABlockIsReusedOrResized");
    assertThat(traced.tracedMemory().current()).isEqualTo(60);
  }

  /** test_set_traceback_limit. */
  @Test
  void shouldKeepAsManyFramesAsAskedFor() {
    traced.stop();
    assertThatIllegalArgumentException().isThrownBy(() -> traced.start(0));
    assertThatIllegalArgumentException().isThrownBy(() -> traced.start(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> traced.start(1001));
    assertThat(traced.isTracing()).isFalse();
    traced.start(10);
    assertThat(traced.options().frames()).isEqualTo(10);
    assertThat(traceOf(Sites.deep(traced, 50)).traceback().frames())
        .hasSize(10)
        .allMatch(frame -> frame.methodName().equals("deep"));
    traced.stop();
    traced.start(1);
    assertThat(traceOf(Sites.deep(traced, 50)).traceback().frames()).hasSize(1);
  }

  /** Traceback.total_nframe, of which test_create_snapshot and test_snapshot ask. */
  @Test
  void shouldTellHowDeepTheWholeStackWas() {
    try (TracingAllocator all = withFrames(1000);
        TracingAllocator few = withFrames(3);
        TracingAllocator sampled =
            TracingAllocator.wrap(
                OuroborosAllocator.create(), new TraceOptions(3, 1, true))) {
      Traceback whole = null;
      Traceback cut = null;
      Traceback noted = null;
      for (TracingAllocator one : List.of(all, few, sampled)) { // one line, so one depth
        whole = cut;
        cut = noted;
        noted = stackOf(one, 20);
      }
      Traceback deeper = stackOf(sampled, 27);
      assertThat(whole.totalFrames()).hasValue(whole.frames().size());
      assertThat(whole.frames()).hasSizeGreaterThan(20);
      assertThat(cut.frames()).hasSize(3);
      assertThat(cut.totalFrames()).as("the walk ended there").isEmpty();
      assertThat(noted.frames()).isEqualTo(cut.frames());
      assertThat(noted.totalFrames()).isEqualTo(whole.totalFrames());
      assertThat(deeper.totalFrames()).hasValue(whole.frames().size() + 7);

      List<Statistic> places =
          sampled
              .snapshot()
              .filter(TraceFilter.include(Sites.FILE))
              .statistics(GroupBy.STACK);
      assertThat(places).as("they differ only in what was cut").hasSize(1);
      assertThat(places.getFirst().traceback().totalFrames()).isEmpty();
      assertThat(places.getFirst().traceback().frames()).isEqualTo(cut.frames());
    }
  }

  private static Traceback stackOf(TracingAllocator allocator, int depth) {
    java.util.Optional<Trace> trace;
    do { // of a block of 8 bytes with a point a byte one in 3000 is not sampled
      trace = allocator.traceOf(Sites.deep(allocator, depth));
    } while (trace.isEmpty());
    return trace.get().traceback();
  }

  /** Both begin alike, and one walk saw that there is no more. */
  @Test
  void shouldTellAWholeStackFromOneThatWasCutAtItsEnd() throws Exception {
    try (TracingAllocator all = withFrames(1000)) {
      Traceback whole = stackOnAThread(all);
      try (TracingAllocator same = withFrames(whole.frames().size())) {
        assertThat(whole.totalFrames()).hasValue(whole.frames().size());
        assertThat(stackOnAThread(same).frames()).isEqualTo(whole.frames());
        assertThat(stackOnAThread(same).totalFrames()).isEmpty();
        assertThat(stackOnAThread(all)).isEqualTo(whole);
      }
    }
  }

  private static Traceback stackOnAThread(TracingAllocator allocator) throws Exception {
    AtomicReference<Long> block = new AtomicReference<>();
    Thread.ofPlatform().start(() -> block.set(Sites.one(allocator, 8))).join();
    return allocator.traceOf(block.get()).orElseThrow().traceback();
  }

  @Test
  void shouldNotClaimAStackThatIsLessThanItsFrames() {
    List<Frame> frames = List.of(new Frame("a", 1, "", ""), new Frame("b", 2, "", ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Traceback(frames, java.util.OptionalInt.of(1)));
    Traceback two = new Traceback(frames, java.util.OptionalInt.of(2));
    Traceback ten = new Traceback(frames, java.util.OptionalInt.of(10));
    assertThat(two).isLessThan(ten).isGreaterThan(new Traceback(frames)).isNotEqualTo(ten);
  }

  /** test_no_incomplete_frames, and frames of this library. */
  @Test
  void shouldKeepTheFramesOfTheProgramOnly() {
    try (TracingAllocator deep = withFrames(100)) {
      List<Frame> frames = deep.traceOf(Sites.two(deep, 8)).orElseThrow().traceback().frames();
      assertThat(frames.get(0).methodName()).isEqualTo("three");
      assertThat(frames.get(1).methodName()).isEqualTo("two");
      assertThat(frames.get(2).className()).isEqualTo(getClass().getName());
      assertThat(frames).noneMatch(frame -> frame.className().contains("ouroboros.allocator"));
      assertThat(frames).allMatch(frame -> !frame.file().isEmpty());
    }
  }

  /** test_get_traces. */
  @Test
  void shouldListTheTraces() {
    long block = Sites.one(traced, 123);
    assertThat(traced.snapshot().traces()).containsExactly(traceOf(block));
    traced.stop();
    assertThatIllegalStateException().isThrownBy(traced::snapshot).withMessageContaining("start()");
  }

  /** test_get_traces_intern_traceback. */
  @Test
  void shouldKeepEqualStacksOnce() {
    Traceback one = null;
    for (int i = 0; i < 2; i++) {
      Traceback stack = traceOf(Sites.two(traced, 10 + i)).traceback();
      assertThat(one == null || one == stack).isTrue();
      one = stack;
    }
  }

  /** test_get_traced_memory. */
  @Test
  void shouldTellWhatIsTraced() {
    assertThat(traced.tracedMemory().current()).isZero();
    long block = Sites.one(traced, 1 << 20);
    assertThat(traced.tracedMemory().current()).isEqualTo(1 << 20);
    assertThat(traced.tracedMemory().peak()).isEqualTo(1 << 20);
    traced.free(block);
    assertThat(traced.tracedMemory().current()).isZero();
    assertThat(traced.tracedMemory().peak()).isEqualTo(1 << 20);
    traced.clear();
    assertThat(traced.tracedMemory().peak()).isZero();
    Sites.one(traced, 10);
    traced.stop();
    assertThat(traced.tracedMemory().current()).isZero();
    assertThat(traced.tracedMemory().peak()).isZero();
  }

  /** test_clear_traces. */
  @Test
  void shouldForgetWhenCleared() {
    long block = Sites.one(traced, 123);
    traced.clear();
    assertThat(traced.isTracing()).isTrue();
    assertThat(traced.traceOf(block)).isEmpty();
    traced.free(block);
    assertThat(traced.tracedMemory().current()).isZero();
    assertThat(traced.traceOf(Sites.one(traced, 5))).isPresent();
  }

  /** test_reset_peak. */
  @Test
  void shouldResetThePeak() {
    traced.free(Sites.one(traced, 5000));
    long kept = Sites.one(traced, 70);
    traced.resetPeak();
    assertThat(traced.tracedMemory().peak()).isEqualTo(70);
    traced.free(kept);
    assertThat(traced.tracedMemory().peak()).isEqualTo(70);
  }

  /** test_is_tracing. */
  @Test
  void shouldTellWhetherItTraces() {
    traced.stop();
    assertThat(traced.isTracing()).isFalse();
    traced.stop();
    assertThatIllegalStateException().isThrownBy(traced::options);
    assertThat(traced.start()).isTrue();
    assertThat(traced.start(7)).isFalse();
    assertThat(traced.options().frames()).isEqualTo(1);
    assertThat(traced.isTracing()).isTrue();
  }

  /** test_pymem_alloc0. */
  @Test
  void shouldTraceBlocksOfNoBytes() {
    for (Domain domain : Domain.values()) {
      TracingAllocator face = traced.forDomain(domain);
      long block = Sites.one(face, 0);
      assertThat(traceOf(block).size()).isZero();
      assertThat(traceOf(block).domain()).isEqualTo(List.of(Domain.values()).indexOf(domain));
      face.free(block);
    }
    assertThat(traced.snapshot().traces()).isEmpty();
  }

  @Test
  void shouldNotMindBlocksFromBeforeOrFreedElsewhere() {
    Allocator inner = traced.inner();
    long before = inner.malloc(100);
    long resized = inner.malloc(100);
    traced.free(before);
    resized = traced.realloc(resized, 3000);
    assertThat(traced.tracedMemory().current()).isEqualTo(3000);
    inner.free(resized);
    long again = traced.malloc(2999);
    assertThat(again).isEqualTo(resized);
    assertThat(traced.tracedMemory().current()).isEqualTo(2999);
  }

  @Test
  void shouldKeepTheTraceWhenTheFreeIsRefused() {
    try (TracingAllocator debug = TracingAllocator.wrap(Allocators.of("ouroboros_debug"))) {
      long block = debug.forDomain(Domain.RAW).malloc(50);
      assertThatExceptionOfType(InvalidFreeException.class)
          .isThrownBy(() -> debug.forDomain(Domain.OBJECT).free(block));
      assertThat(debug.traceOf(block).orElseThrow().size()).isEqualTo(50);
      assertThat(debug.tracedMemory().current()).isEqualTo(50);
      debug.forDomain(Domain.RAW).free(block);
      assertThatExceptionOfType(InvalidFreeException.class).isThrownBy(() -> debug.free(block));
      assertThat(debug.tracedMemory().current()).isZero();
    }
  }

  @Test
  void shouldKeepTheTraceWhenResizingFails() {
    long block = Sites.one(traced, 50);
    try {
      traced.realloc(block, 1L << 60);
    } catch (RuntimeException e) {
      assertThat(traceOf(block).size()).isEqualTo(50);
    }
    assertThat(traced.tracedMemory().current()).isEqualTo(50);
  }

  @Test
  void shouldGoAroundADomainWithLiveBlocks() {
    Allocator inner = traced.inner();
    Domains domains = Domains.startingWith(inner);
    long before = domains.get(Domain.OBJECT).malloc(10);
    domains.set(Domain.OBJECT, traced);
    long after = Sites.one(domains.get(Domain.OBJECT), 20);
    assertThat(traceOf(after).domain()).isEqualTo(2);
    domains.get(Domain.OBJECT).free(before);
    domains.set(Domain.OBJECT, inner);
    domains.get(Domain.OBJECT).free(after);
  }

  // TestSnapshot

  private Snapshot sample() {
    traced.clear();
    for (int i = 0; i < 3; i++) {
      Sites.one(traced, 10);
    }
    Sites.two(traced, 5);
    Sites.one(traced.forDomain(Domain.RAW), 2);
    traced.track(42, 7, 66);
    return traced.snapshot();
  }

  /** test_create_snapshot. */
  @Test
  void shouldHoldWhatWasLive() {
    Snapshot snapshot = sample();
    assertThat(snapshot.frames()).isEqualTo(1);
    assertThat(snapshot.traces()).hasSize(6);
    Sites.one(traced, 999);
    assertThat(snapshot.traces()).hasSize(6);
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> snapshot.traces().clear());
  }

  /** test_snapshot, test_snapshot_save_attr. */
  @Test
  void shouldBeTheSameWhenDumpedAndLoaded(@TempDir Path folder) {
    Snapshot snapshot = sample();
    Path file = folder.resolve("a.snapshot");
    snapshot.dump(file);
    snapshot.dump(file);
    Snapshot loaded = Snapshot.load(file);
    assertThat(loaded.traces()).isEqualTo(snapshot.traces());
    assertThat(loaded.frames()).isEqualTo(1);
    assertThat(loaded.sampleBytes()).isZero();
    assertThat(folder.toFile().list()).containsExactly("a.snapshot");
  }

  /** test_filter_traces. */
  @Test
  void shouldFilterByFile() {
    Snapshot snapshot = sample();
    assertThat(snapshot.filter(TraceFilter.include("*/Sites.java")).traces()).hasSize(5);
    assertThat(snapshot.filter(TraceFilter.exclude("*/Sites.java")).traces()).hasSize(1);
    int line =
        snapshot
            .filter(TraceFilter.include(Sites.FILE))
            .statistics(GroupBy.LINE)
            .getFirst()
            .traceback()
            .site()
            .line();
    assertThat(snapshot.filter(TraceFilter.include(Sites.FILE).atLine(line)).traces()).hasSize(4);
    assertThat(snapshot.filter(TraceFilter.exclude(Sites.FILE).atLine(line)).traces()).hasSize(2);
    assertThat(
            snapshot
                .filter(TraceFilter.include("*/Sites.java"), TraceFilter.include("*Test.java"))
                .traces())
        .hasSize(6);
    assertThat(
            snapshot
                .filter(TraceFilter.include("*"), TraceFilter.exclude(Sites.FILE).atLine(line))
                .traces())
        .hasSize(2);
    assertThat(snapshot.filter().traces()).isEqualTo(snapshot.traces());
    assertThat(snapshot.traces()).hasSize(6);
  }

  /** test_filter_traces_domain, test_filter_traces_domain_filter. */
  @Test
  void shouldFilterByDomain() {
    Snapshot snapshot = sample();
    assertThat(snapshot.filter(TraceFilter.includeDomain(42)).traces()).hasSize(1);
    assertThat(snapshot.filter(TraceFilter.excludeDomain(42)).traces()).hasSize(5);
    assertThat(snapshot.filter(TraceFilter.includeDomain(0)).traces()).hasSize(1);
    TraceFilter both = new TraceFilter(true, Sites.FILE, TraceFilter.ANY, false, 0);
    assertThat(snapshot.filter(both).traces()).hasSize(1);
    TraceFilter neither = new TraceFilter(false, Sites.FILE, TraceFilter.ANY, false, 0);
    assertThat(snapshot.filter(neither).traces()).hasSize(5);
    assertThatIllegalArgumentException().isThrownBy(() -> TraceFilter.includeDomain(-2));
  }

  /** TestFilters: all frames and patterns. */
  @Test
  void shouldFilterByAnyFrame() {
    try (TracingAllocator deep = withFrames(3)) {
      Sites.one(deep, 1);
      Snapshot snapshot = deep.snapshot();
      TraceFilter mine = TraceFilter.include("*/TracemallocTest.java");
      assertThat(snapshot.filter(mine).traces()).isEmpty();
      assertThat(snapshot.filter(mine.onAllFrames()).traces()).hasSize(1);
      TraceFilter not = TraceFilter.exclude("*/TracemallocTest.java");
      assertThat(snapshot.filter(not).traces()).hasSize(1);
      assertThat(snapshot.filter(not.onAllFrames()).traces()).isEmpty();
    }
  }

  /** TestFilters: test_filter_match_filename_joker. */
  @Test
  void shouldMatchPatternsOfFiles() {
    record Case(String pattern, boolean matches) {}
    Sites.one(traced, 1);
    for (Case one :
        List.of(
            new Case("org/*/Sites.java", true),
            new Case("org/ouroboros/tracing/Site?.java", true),
            new Case("org/ouroboros/tracing/[RST]ites.java", true),
            new Case("org/ouroboros/tracing/[!RST]ites.java", false),
            new Case("org/ouroboros/tracing/[A-Z]ites.java", true),
            new Case("org/ouroboros/tracing/Sites.java[", false),
            new Case("org/ouroboros/tracing/sites.java", false),
            new Case("org/ouroboros/tracing/Sites?java", true),
            new Case("Sites.java", false),
            new Case("*.jav", false),
            new Case("", false))) {
      assertThat(traced.snapshot().filter(TraceFilter.include(one.pattern)).traces().isEmpty())
          .as(one.pattern)
          .isNotEqualTo(one.matches);
    }
  }

  /** test_snapshot_group_by_line, test_snapshot_group_by_file, test_snapshot_group_by_traceback. */
  @Test
  void shouldGroup() {
    Snapshot snapshot = sample();
    List<Statistic> lines = snapshot.statistics(GroupBy.LINE);
    assertThat(lines).extracting(Statistic::size).containsExactly(66L, 32L, 5L);
    assertThat(lines).extracting(Statistic::count).containsExactly(1L, 4L, 1L);
    List<Statistic> files = snapshot.statistics(GroupBy.FILE);
    assertThat(files).extracting(Statistic::size).containsExactly(66L, 37L);
    assertThat(files.get(1).traceback().site()).isEqualTo(new Frame(Sites.FILE, 0, "", ""));
    assertThat(snapshot.statistics(GroupBy.METHOD))
        .extracting(one -> one.traceback().site().methodName())
        .containsExactly("sample", "one", "three");
    assertThat(snapshot.statistics(GroupBy.STACK))
        .extracting(Statistic::size)
        .containsExactly(66L, 32L, 5L);
  }

  /** test_snapshot_group_by_cumulative. */
  @Test
  void shouldGroupCumulatively() {
    try (TracingAllocator deep = withFrames(30)) {
      Sites.two(deep, 5);
      Sites.deep(deep, 4);
      Snapshot snapshot = deep.snapshot();
      List<Statistic> files = snapshot.cumulativeStatistics(GroupBy.FILE);
      assertThat(files)
          .filteredOn(one -> one.traceback().site().file().endsWith("TracemallocTest.java"))
          .extracting(Statistic::size, Statistic::count)
          .containsExactly(org.assertj.core.groups.Tuple.tuple(13L, 2L));
      assertThat(files)
          .filteredOn(one -> one.traceback().site().file().equals(Sites.FILE))
          .extracting(Statistic::size)
          .as("each block once, however deep")
          .containsExactly(13L);
      assertThat(snapshot.cumulativeStatistics(GroupBy.METHOD))
          .filteredOn(one -> one.traceback().site().methodName().equals("two"))
          .extracting(Statistic::size)
          .containsExactly(5L);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> snapshot.cumulativeStatistics(GroupBy.STACK));
    }
  }

  /** test_snapshot_group_by_line and others: compare_to. */
  @Test
  void shouldCompare() {
    Snapshot before = sample();
    traced.untrack(42, 7);
    Sites.one(traced, 100);
    Snapshot after = traced.snapshot();
    List<StatisticDiff> diffs = after.compareTo(before, GroupBy.LINE);
    assertThat(diffs).extracting(StatisticDiff::sizeDiff).containsExactly(100L, -66L, 0L);
    assertThat(diffs).extracting(StatisticDiff::countDiff).containsExactly(1L, -1L, 0L);
    assertThat(diffs).extracting(StatisticDiff::size).containsExactly(132L, 0L, 5L);
    assertThat(after.compareTo(before, GroupBy.FILE, true)).hasSize(2);
  }

  /** test_trace_format, test_statistic_format, test_statistic_diff_format. */
  @Test
  void shouldBeReadable() {
    Traceback place = new Traceback(List.of(new Frame("a/B.java", 3, "", "")));
    assertThat(new Trace(1, 16, 2000, 1, place)).hasToString("a/B.java:3: 2000 B");
    assertThat(new Statistic(place, 30 << 10, 10))
        .hasToString("a/B.java:3: size=30.0 KiB, count=10, average=3072 B");
    assertThat(new StatisticDiff(place, 30 << 20, -20 << 10, 10, 3))
        .hasToString("a/B.java:3: size=30.0 MiB (-20.0 KiB), count=10 (+3), average=3072.0 KiB");
    assertThat(new Frame("a/B.java", 3, "a.B", "run")).hasToString("a/B.java:3 (a.B.run)");
    assertThat(sample().top(2, GroupBy.LINE))
        .contains("#1: org/ouroboros/tracing/TracemallocTest.java:")
        .contains("1 other: 5 B")
        .contains("Total: 103 B");
  }

  /** test_slices, test_format_traceback. */
  @Test
  void shouldFormatTracebacks() {
    Traceback stack =
        new Traceback(
            List.of(
                new Frame("b", 9, "", ""), new Frame("b", 4, "", ""), new Frame("b", 5, "", "")));
    assertThat(stack.format()).containsExactly("  at b:9", "  at b:4", "  at b:5");
    assertThat(stack.format(2, true)).containsExactly("  at b:9", "  at b:4");
    assertThat(stack.format(-2, true)).containsExactly("  at b:5");
    assertThat(stack.format(2, false)).containsExactly("  at b:4", "  at b:9");
    assertThat(stack.format(-9, true)).isEmpty();
    assertThat(stack.frames().subList(0, 1)).containsExactly(stack.site());
  }

  // TestCAPI

  /** test_track, test_track_without_gil: from any thread. */
  @Test
  void shouldTrackByHand() throws Exception {
    AtomicReference<Boolean> tracked = new AtomicReference<>();
    Thread thread = Thread.ofPlatform().start(() -> tracked.set(traced.track(5, 123, 456)));
    thread.join();
    assertThat(tracked.get()).isTrue();
    assertThat(traced.traceOf(5, 123).orElseThrow().size()).isEqualTo(456);
    assertThat(traced.traceOf(6, 123)).isEmpty();
    assertThat(traced.tracedMemory().current()).isEqualTo(456);
    assertThatIllegalArgumentException().isThrownBy(() -> traced.track(2, 123, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> traced.track(5, 123, -1));
  }

  /** test_track_already_tracked. */
  @Test
  void shouldReplaceWhatIsTrackedAlready() {
    traced.track(5, 123, 456);
    traced.track(5, 123, 10);
    assertThat(traced.tracedMemory().current()).isEqualTo(10);
    assertThat(traced.snapshot().traces()).hasSize(1);
  }

  /** test_untrack: idempotent. */
  @Test
  void shouldUntrack() {
    traced.track(5, 123, 456);
    assertThat(traced.untrack(5, 123)).isTrue();
    assertThat(traced.untrack(5, 123)).isTrue();
    assertThat(traced.tracedMemory().current()).isZero();
  }

  /** test_stop_track, test_stop_untrack. */
  @Test
  void shouldRefuseToTrackWhenItIsOff() {
    traced.track(5, 123, 456);
    traced.stop();
    assertThat(traced.track(5, 1, 2)).isFalse();
    assertThat(traced.untrack(5, 123)).isFalse();
    assertThat(traced.traceOf(5, 123)).isEmpty();
  }

  /** tracemalloc_track_race (3.14, gh-128679). */
  @Test
  void shouldStandFiftyThreadsThatAllocateWhileItStops() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int number = i;
      threads.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> add(failures, e))
              .start(
                  () -> {
                    while (!done.get()) {
                      long block = Sites.one(traced, number);
                      traced.track(9, number, 10);
                      block = traced.realloc(block, 100 + number);
                      traced.untrack(9, number);
                      traced.free(block);
                    }
                  }));
    }
    for (int i = 0; i < 200; i++) {
      traced.stop();
      traced.start(1 + i % 3);
      traced.clear();
      assertThat(traced.snapshot().traces().size()).isLessThanOrEqualTo(200);
      traced.resetPeak();
    }
    done.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    traced.clear();
    traced.free(Sites.one(traced, 64));
    assertThat(traced.tracedMemory().current()).isZero();
  }

  private static void add(List<Throwable> failures, Throwable e) {
    synchronized (failures) {
      failures.add(e);
    }
  }

  @Test
  void shouldCountExactlyWhenThreadsHandBlocksOver() throws Exception {
    List<Thread> threads = new ArrayList<>();
    var queue = new java.util.concurrent.LinkedBlockingQueue<Long>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int n = 0; n < 5000; n++) {
                      queue.add(Sites.one(traced, n & 255));
                      Long other = n % 3 == 0 ? queue.poll() : null;
                      if (other != null) {
                        traced.free(other);
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(traced.snapshot().traces()).hasSize(queue.size());
    long sum = traced.snapshot().traces().stream().mapToLong(Trace::size).sum();
    assertThat(traced.tracedMemory().current()).isEqualTo(sum);
    queue.forEach(traced::free);
    assertThat(traced.tracedMemory().current()).isZero();
    assertThat(traced.snapshot().traces()).isEmpty();
  }

  // Environment and -X tests

  @Test
  void shouldTakeItsOptionsFromProperties() {
    System.setProperty(TraceOptions.FRAMES, "7");
    System.setProperty(TraceOptions.SAMPLE, "1000");
    System.setProperty(TraceOptions.START, "false");
    try (Allocator named = Allocators.of("ouroboros_trace")) {
      assertThat(named.name()).isEqualTo("ouroboros_trace");
      TracingAllocator one = (TracingAllocator) named;
      assertThat(one.isTracing()).isFalse();
      one.start();
      assertThat(one.options()).isEqualTo(new TraceOptions(7, 1000, false));
    } finally {
      System.clearProperty(TraceOptions.FRAMES);
      System.clearProperty(TraceOptions.SAMPLE);
      System.clearProperty(TraceOptions.START);
    }
  }

  /** test_env_var_invalid, test_sys_xoptions_invalid. */
  @Test
  void shouldFailTypedWhenAnOptionIsInvalid() {
    for (String property : List.of(TraceOptions.FRAMES, TraceOptions.SAMPLE, TraceOptions.START)) {
      for (String value : List.of("-1", "x", "2147483648000000000000")) {
        System.setProperty(property, value);
        try {
          assertThatExceptionOfType(AllocatorUnavailableException.class)
              .isThrownBy(() -> Allocators.of("ouroboros_trace"))
              .withMessageContaining(property)
              .withMessageContaining(value);
        } finally {
          System.clearProperty(property);
        }
      }
    }
  }

  // Sampling, which CPython has not

  @Test
  void shouldEstimateWithoutBiasWhenSampling() {
    try (TracingAllocator sampled =
        TracingAllocator.wrap(
            OuroborosAllocator.create(), TraceOptions.DEFAULT.withSampleBytes(4096))) {
      long[] small = new long[200_000];
      for (int i = 0; i < small.length; i++) {
        small[i] = Sites.one(sampled, 64);
      }
      for (int i = 0; i < 2000; i++) {
        Sites.two(sampled, 5000);
      }
      List<Statistic> rows = sampled.snapshot().statistics(GroupBy.METHOD);
      // Some 3100 and 1400 samples: five standard errors are 9 and 6 per cent.
      assertThat(row(rows, "one").size()).isCloseTo(12_800_000L, within(1_152_000L));
      assertThat(row(rows, "one").count()).isCloseTo(200_000L, within(18_000L));
      assertThat(row(rows, "three").size()).isCloseTo(10_000_000L, within(1_000_000L));
      assertThat(sampled.tracedMemory().current()).isCloseTo(22_800_000L, within(2_000_000L));
      assertThat(sampled.snapshot().traces().size()).isBetween(4000, 5000);
      for (long block : small) {
        sampled.free(block);
      }
      assertThat(sampled.snapshot().statistics(GroupBy.METHOD)).hasSize(1);
    }
  }

  private static Statistic row(List<Statistic> rows, String method) {
    return rows.stream()
        .filter(one -> one.traceback().site().methodName().equals(method))
        .findFirst()
        .orElseThrow();
  }

  // Leaks

  @Test
  void shouldReportLeaks() {
    sample();
    LeakReport report = traced.leaks(GroupBy.METHOD);
    assertThat(report.size()).isEqualTo(103);
    assertThat(report.count()).isEqualTo(6);
    assertThat(report.places()).hasSize(3);
    assertThat(report.toString())
        .startsWith("ouroboros_trace: 6 blocks live, 103 B\n66 B in 1 block\n")
        .contains("32 B in 4 blocks\n  at " + Sites.FILE);
    traced.stop();
    assertThat(traced.leaks(GroupBy.STACK).places()).isEmpty();
  }
}
