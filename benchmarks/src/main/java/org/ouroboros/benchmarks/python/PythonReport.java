package org.ouroboros.benchmarks.python;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.debug.DamagedBlockException;
import org.ouroboros.allocator.debug.DebugAllocator;
import org.ouroboros.allocator.export.CExport;
import org.ouroboros.benchmarks.replay.Figures;

/** What a run says of its memory, in lines for the error output. */
final class PythonReport {

  /**
   * Without imports CPython 3.11 frees all it has. Extension modules of the old kind keep their
   * types and constants when it is shut down.
   */
  private static final String NORMAL =
      "CPython 3.11 leaves 0 without imports, some 500 after 'import json', thousands after others";

  private PythonReport() {}

  /** The lines; the first names CPython and the allocator. */
  static List<String> of(PythonRun run) {
    List<String> lines = new ArrayList<>();
    PythonMemory memory = run.memory();
    AllocatorStats atEnd = run.atEnd();
    AllocatorStats afterwards = run.afterwards();
    String name = memory == null ? PythonCommand.OWN : memory.allocator().name();
    lines.add("CPython " + run.version() + " on " + name + ", exit code " + run.exitCode());
    if (memory == null || atEnd == null || afterwards == null) {
      lines.add("statistics: none of its own allocator; see sys._debugmallocstats()");
      return lines;
    }
    if (atEnd.liveBlocks() == AllocatorStats.UNKNOWN) {
      lines.add("statistics: " + name + " keeps none; " + name + "_debug counts its blocks");
    } else {
      lines.add("when the program was over: " + blocks(atEnd) + " live" + committed(atEnd));
      lines.add("after Py_FinalizeEx: " + blocks(afterwards) + " not freed; " + NORMAL);
    }
    lines.addAll(damage(memory));
    lines.add("calls that failed: " + memory.failures() + last(memory.lastFailure()));
    return lines;
  }

  private static String blocks(AllocatorStats stats) {
    return Figures.count(stats.liveBlocks())
        + (stats.liveBlocks() == 1 ? " block, " : " blocks, ")
        + Figures.count(stats.liveBytes())
        + " B";
  }

  private static String committed(AllocatorStats stats) {
    return stats.peakCommittedBytes() == AllocatorStats.UNKNOWN
        ? ""
        : ", at most " + Figures.mebibytes(stats.peakCommittedBytes()) + " MiB committed";
  }

  private static List<String> damage(PythonMemory memory) {
    if (!(memory.allocator() instanceof DebugAllocator debug)) {
      return List.of();
    }
    try {
      debug.verifyAll();
      return List.of("guards of all blocks: intact");
    } catch (DamagedBlockException e) {
      return List.of("guards of all blocks: DAMAGED: " + e.getMessage());
    }
  }

  private static String last(CExport.@Nullable Failure failure) {
    return failure == null
        ? ""
        : ", one of the last: "
            + failure.function()
            + " of "
            + Figures.count(failure.size())
            + " B: "
            + failure.cause();
  }
}
