package org.ouroboros.benchmarks.host;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.export.CExport;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.replay.Figures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code host}. Exit codes: 0 if the library did its work and gave everything back; 1
 * if it did not; 2 if the library or the allocator cannot be had.
 */
@Command(
    name = "host",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Lets a C library allocate from an allocator while it does work whose result is known, and"
          + " prints what it allocated.",
      "Libraries: zlib, zstd, sqlite, lua, gmp."
    })
public final class HostCommand implements Callable<Integer> {

  @Parameters(paramLabel = "LIBRARY", description = "which library")
  private String name = "";

  @Option(
      names = "--allocator",
      paramLabel = "NAME",
      defaultValue = "ouroboros",
      description = "default: ${DEFAULT-VALUE}; with suffixes such as _debug too")
  private String allocator = "";

  @Option(
      names = "--library",
      paramLabel = "FILE",
      description = "its file, if not the one that the system finds")
  private @Nullable String file;

  @Spec private CommandSpec spec;

  /** For picocli. */
  public HostCommand() {}

  @Override
  public Integer call() {
    if (!HostLibrary.labels().contains(name)) {
      return Exit.complain(
          spec,
          "unknown library '" + name + "'; known are " + String.join(", ", HostLibrary.labels()),
          Exit.INVALID);
    }
    try {
      HostLibrary library = HostLibrary.valueOf(name.toUpperCase(Locale.ROOT));
      String path = file;
      Host host = path == null ? library.open() : library.open(path);
      try (CountingAllocator counting = new CountingAllocator(Allocators.of(allocator))) {
        return run(host, counting);
      }
    } catch (HostException | AllocatorUnavailableException e) {
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    }
  }

  private int run(Host host, CountingAllocator counting) {
    try (CExport export = CExport.of(counting)) {
      String done = host.run(export);
      return print(host, counting, export, done);
    } catch (HostException e) {
      return Exit.complain(spec, e.getMessage(), Exit.FAILED);
    }
  }

  private int print(Host host, CountingAllocator used, CExport export, String done) {
    CountingAllocator.Counts counts = used.counts();
    PrintWriter out = spec.commandLine().getOut();
    out.println(name + " " + host.version() + " on " + used.name());
    out.println("did          " + done);
    out.println("allocations  " + Figures.count(counts.allocations()));
    out.println("resizes      " + Figures.count(counts.resizes()));
    out.println("frees        " + Figures.count(counts.frees()));
    out.println("peak bytes   " + Figures.count(counts.peakBytes()));
    out.println("left blocks  " + Figures.count(counts.liveBlocks()));
    out.println("failed calls " + Figures.count(export.failures()));
    out.flush();
    export
        .lastFailure()
        .ifPresent(last -> Exit.complain(spec, "the last failed call: " + last, Exit.FAILED));
    return counts.liveBlocks() == 0 && export.failures() == 0 ? 0 : Exit.FAILED;
  }
}
