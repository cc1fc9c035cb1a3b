package org.ouroboros.benchmarks.faq;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.export.CExport;
import org.ouroboros.allocator.export.CFunction;
import org.ouroboros.benchmarks.Main;
import org.ouroboros.benchmarks.host.HostCommand;
import picocli.CommandLine;

/** Other people's C on our allocator. */
final class EmbedStop implements Stop {

  private static final String LIBRARY = "sqlite";
  private static final String PYTHON = "import json; print(len(json.dumps(list(range(10000)))))";
  private static final int UNAVAILABLE = 2;

  @Override
  public String label() {
    return "embed";
  }

  @Override
  public String title() {
    return "An embedder brings its own malloc and free";
  }

  @Override
  public String text() {
    return """
    A program that embeds CPython can give it other functions for malloc, realloc and free \
    (PyMem_SetAllocator); Lua and SQLite have the same. A collector that has to find every \
    pointer in the embedder's own C structures could not offer that.

    `CExport` makes C function pointers of any allocator. Here three libraries allocate from \
    the one written in Java: Lua by the code that is shown, SQLite by the command `host`, and \
    CPython 3.11 by the command `python` in a JVM of its own, with all three of its domains.\
    """;
  }

  @Override
  public List<String> sources() {
    return List.of("EmbedStop");
  }

  @Override
  public void run(Transcript out) throws IOException {
    try {
      lua(out, Lua.open());
    } catch (SkippedException e) {
      out.line("Lua is left out: " + e.getMessage());
    }
    sqlite(out);
    python(out);
  }

  private static void lua(Transcript out, Lua lua) {
    // FAQ
    try (Allocator ours = Allocators.of("ouroboros");
        CExport export = CExport.of(ours)) {
      MemorySegment state = lua.newState(export.function(CFunction.COMBINED));
      String script =
          "local t = {} for i = 1, 10000 do t[i] = 'line ' .. i end return #t .. ' strings'";
      out.line("Lua: " + lua.run(state, script));
      AllocatorStats busy = ours.stats();
      lua.close(state);
      out.line("  more than 10000 blocks: " + (busy.liveBlocks() > 10_000));
      out.varying("  blocks " + busy.liveBlocks() + ", bytes " + busy.liveBytes());
      out.line("  after lua_close: " + ours.stats().liveBlocks() + " blocks");
      out.line("  failed calls: " + export.failures());
    }
    // FAQ end
  }

  private static void sqlite(Transcript out) {
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    int code = new CommandLine(new HostCommand()).setOut(writer).setErr(writer).execute(LIBRARY);
    if (code == UNAVAILABLE) {
      out.line("SQLite is left out: " + said.toString().strip());
      return;
    }
    out.line("SQLite: host " + LIBRARY + " ended with exit code " + code);
    for (String line : said.toString().lines().toList()) {
      if (line.startsWith("left blocks") || line.startsWith("failed calls")) {
        out.line("  " + line);
      } else {
        out.varying("  " + line);
      }
    }
  }

  private static void python(Transcript out) throws IOException {
    FaqFork.Ended ended = FaqFork.run(Main.class, List.of("python", "-c", PYTHON));
    if (ended.code() == UNAVAILABLE) {
      out.line("CPython is left out: " + ended.last());
      return;
    }
    out.line("CPython: python -c '" + PYTHON + "'");
    for (String line : ended.lines()) {
      if (line.startsWith("python: ")) {
        out.varying("  " + line);
      } else {
        out.line("  " + line);
      }
    }
    out.line("  exit code " + ended.code());
  }
}
