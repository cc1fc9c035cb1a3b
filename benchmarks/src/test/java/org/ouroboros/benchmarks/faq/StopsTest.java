package org.ouroboros.benchmarks.faq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.export.CExport;
import org.ouroboros.allocator.export.CFunction;

/** What the stops say, but for {@link FilesStopTest}. */
class StopsTest {

  private static List<String> output(Stop stop) throws Exception {
    Transcript out = new Transcript();
    stop.run(out);
    return out.lines();
  }

  @Test
  void shouldFinalizeAtTheReleaseInDepthFirstOrder() throws Exception {
    assertThat(output(new CountingStop()))
        .containsSubsequence(
            "references to e: 2",
            "release(a)",
            "  a is finalized",
            "  b is finalized",
            "  c is finalized",
            "  d is finalized",
            "released; objects alive: 1",
            "release(e)",
            "  e is finalized",
            "released; objects alive: 0",
            "collections so far: 0");
  }

  @Test
  void shouldFreeACycleByCollectingOnly() throws Exception {
    assertThat(output(new CycleStop()))
        .containsExactly(
            "released; references to the parent: 1",
            "path from a root to it: 0",
            "collect()",
            "  weak reference cleared",
            "  finalizer: 1 reference",
            "  finalizer: 1 reference",
            "found 2 objects of garbage; gone: true",
            "objects alive: 0");
  }

  @Test
  void shouldShowTheModuleGc() throws Exception {
    assertThat(output(new CollectorStop()))
        .contains("collect(0) 6", "collect()  4", "b is held by a: true", "a refers to b: true")
        .contains("frozen 2, generation 3", "unfrozen: generation 2")
        .contains("garbage kept for a look: 2; said: 2")
        .contains("threshold 100: alive at the end less than 110: true")
        .contains("enabled false: alive 20000", "collect()  20000");
  }

  @Test
  void shouldPinAnObjectUntilTheErrorsAreCleared() throws Exception {
    assertThat(output(new ErrorsStop()))
        .containsSubsequence(
            "default: cannot undo",
            "  objects alive: 0, after collect(): 0",
            "pinning: cannot undo",
            "  objects alive: 2, after collect(): 2",
            "  after clear(): 0, the job is gone: true");
  }

  @Test
  void shouldGiveBackWhatTheJvmHasFound() throws Exception {
    assertThat(output(new HandlesStop()))
        .containsSubsequence(
            "close one",
            "  finalizer, on our thread: true",
            "keep one, forget one",
            "  finalizer, on our thread: true",
            "given back by the drain: 1",
            "made 3, closed 1",
            "forgotten 1, still open 1",
            "1 forgotten session, made in HandlesStop.open",
            "close the last",
            "  finalizer, on our thread: true");
  }

  @Test
  void shouldServeLuaAndTellWhatItSaysWhenItFails() throws Exception {
    Lua lua;
    try {
      lua = Lua.open();
    } catch (Stop.SkippedException e) {
      assertThat(e).hasMessageContaining("install Debian's package");
      Assumptions.abort(e.getMessage());
      return;
    }
    try (Allocator allocator = Allocators.of("ouroboros_debug");
        CExport export = CExport.of(allocator)) {
      MemorySegment state = lua.newState(export.function(CFunction.COMBINED));
      assertThat(lua.run(state, "return 6 * 7 .. ' it is'")).isEqualTo("42 it is");
      assertThat(allocator.stats().liveBlocks()).isPositive();
      assertThatIllegalStateException()
          .isThrownBy(() -> lua.run(state, "return nothing .. 'x'"))
          .withMessageContaining("global 'nothing'");
      assertThatIllegalStateException().isThrownBy(() -> lua.run(state, "return ((("));
      lua.close(state);
      assertThat(allocator.stats().liveBlocks()).isZero();
      assertThat(export.failures()).isZero();
    }
  }

  @Test
  void shouldEmbedWhatIsInstalledAndTellWhatIsNot() throws Exception {
    List<String> lines = output(new EmbedStop());
    assertThat(lines).anyMatch(line -> line.startsWith("Lua"));
    assertThat(lines).anyMatch(line -> line.startsWith("SQLite"));
    assertThat(lines).anyMatch(line -> line.startsWith("CPython"));
    if (lines.contains("Lua: 10000 strings")) {
      assertThat(lines).contains("  more than 10000 blocks: true", "  after lua_close: 0 blocks");
    }
    if (lines.contains("SQLite: host sqlite ended with exit code 0")) {
      assertThat(lines).contains("  left blocks  0");
    }
    if (lines.stream().anyMatch(line -> line.startsWith("CPython: "))) {
      assertThat(lines).contains("  58890", "  exit code 0");
    }
  }

  @Test
  void shouldMeasureProgramsOnOursAndOnOthers() throws Exception {
    Transcript out = new Transcript();
    new TraditionalStop().run(out, 5, 2_000);
    assertThat(out.lines())
        .contains("Binary trees of depth 5, each node that was made")
        .anyMatch(line -> line.matches("~ ouroboros +[\\d,.]+ +[\\d,.]+ +[\\d,.]+ *"))
        .anyMatch(line -> line.matches("~ g1-default +[\\d,.]+ .*"))
        .anyMatch(line -> line.matches("~ zgc +[\\d,.]+ +[\\d,.]+ +[\\d,.]+ +[\\d,.]+ *"));
    assertThat(out.charts()).contains("<svg", "trees, MiB", "cache, longest us");
  }

  @Test
  void shouldReadFiguresAndLeaveOutWhatIsNotKnown() throws Exception {
    List<ProgramFigures> rows =
        ProgramFigures.read(
            """
            {"kind":"notes","lines":["x"],"flags":[]}
            {"kind":"program","subject":"g1","nsPerOperation":7.5,"memoryBytes":-1,"rounds":[1,2],\
            "call":{"count":3,"p99.9":8}}
            """);
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst().subject()).isEqualTo("g1");
    assertThat(rows.getFirst().get("nsPerOperation")).isEqualTo(7.5);
    assertThat(rows.getFirst().get("call.p99.9")).isEqualTo(8);
    assertThat(rows.getFirst().get("memoryBytes")).isNaN();
    assertThat(rows.getFirst().get("peakBytes")).isNaN();
  }

  @Test
  void shouldListTheStopsWhenOneIsUnknown() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Stops.of(List.of("gc", "nosuch")))
        .withMessage(
            "unknown stop 'nosuch'; known are counting, cycle, gc, files, errors, handles, embed,"
                + " traditional");
    assertThat(Stops.of(List.of("gc", "counting", "gc")))
        .extracting(Stop::label)
        .containsExactly("counting", "gc");
  }
}
