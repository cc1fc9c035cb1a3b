package org.ouroboros.benchmarks.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.MachineFacts;
import org.ouroboros.benchmarks.replay.Progress;
import org.ouroboros.benchmarks.replay.Statistics;
import org.ouroboros.benchmarks.replay.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code netty}. Exit codes: 0 if everything was measured, whether or not the limits
 * are met; 1 if a fork failed; 2 if the arguments are not valid.
 */
@Command(
    name = "netty",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Netty's direct buffers on this project's allocators and on Netty's own: the time of an"
          + " allocation and its release, and the memory of a mixed load, as ratios to Netty's"
          + " adaptive allocator, in forked JVMs that take turns.",
      "The default takes about eight minutes; leave the machine alone meanwhile."
    })
public final class NettyCommand implements Callable<Integer> {

  private static final int MAX_ROUNDS = 1000;

  /** What ours may take of the adaptive allocator's time and memory at the most. */
  private static final double TIME_LIMIT = 0.7;

  private static final double MEMORY_LIMIT = 1;

  private static final Peer BASE = Peer.NETTY_ADAPTIVE;

  private static final List<Peer> PEERS =
      List.of(BASE, Peer.NETTY_POOLED, Peer.NETTY_OUROBOROS, Peer.NETTY_MIMALLOC, Peer.NETTY_LIBC);

  @Option(
      names = "--rounds",
      paramLabel = "R",
      defaultValue = "10",
      description = "forks of each allocator and size (default: ${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--live",
      paramLabel = "N",
      defaultValue = "16000",
      description = "live buffers of the mixed load (default: ${DEFAULT-VALUE})")
  private int live;

  @Option(
      names = "--time",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "measure times, or not (default: ${DEFAULT-VALUE})")
  private boolean time;

  @Option(
      names = "--memory",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "measure memory, or not (default: ${DEFAULT-VALUE})")
  private boolean memory;

  @Spec private CommandSpec spec;

  /** For picocli. */
  public NettyCommand() {}

  @Override
  public Integer call() {
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      return Exit.complain(spec, "--rounds takes 1 to " + MAX_ROUNDS, Exit.INVALID);
    }
    if (live < 1) {
      return Exit.complain(spec, "--live takes a number of buffers, at least 1", Exit.INVALID);
    }
    PrintWriter out = spec.commandLine().getOut();
    Progress progress = new Progress(spec.commandLine().getErr(), Progress.isTerminal());
    try {
      if (time) {
        printTimes(out, progress);
      }
      if (memory) {
        printMemory(out, progress);
      }
    } catch (IOException e) {
      return Exit.complain(spec, String.valueOf(e.getMessage()), Exit.FAILED);
    } finally {
      progress.end();
    }
    out.println(
        rounds
            + " rounds of single forks in turns, the order reversed every other time; x adaptive:"
            + " the median of the rounds' ratios with its 95 % bootstrap bound; a limit is met when"
            + " the median meets it and the upper bound is at most 10 % above it.");
    out.println(PeerVersions.line());
    out.println("Machine: " + MachineFacts.read());
    out.flush();
    return 0;
  }

  // ----------------------------------------------------------------------- time

  private void printTimes(PrintWriter out, Progress progress) throws IOException {
    CompareFork fork = new CompareFork(List.of());
    Comparison comparison = new Comparison(PEERS, CompareCommand.SIZES, BASE);
    progress.phase("time");
    comparison.measure(rounds, fork::run, progress::at);
    for (int size : comparison.sizes()) {
      out.println("directBuffer(" + size + "), write the first byte, release");
      TextTable table =
          new TextTable()
              .row("on", "ns/pair", "least", "heap B/pair", "x adaptive", "95 %", "limit", "met");
      for (Peer peer : comparison.peers()) {
        double[] nanos = comparison.nanos(peer, size);
        table.row(
            with(
                new String[] {
                  peer.title(),
                  Figures.fixed(Statistics.median(nanos), 1),
                  Figures.fixed(Statistics.min(nanos), 1),
                  Figures.fixed(comparison.heapBytes(peer, size), 1)
                },
                verdict(peer, comparison.ratio(peer, size), TIME_LIMIT)));
      }
      table.lines().forEach(out::println);
      out.println();
    }
    out.println("JVM flags: " + String.join(" ", fork.flags(Peer.Library.NETTY)));
    out.println("Each fork " + fork.description());
    out.println();
    out.flush();
  }

  // --------------------------------------------------------------------- memory

  private void printMemory(PrintWriter out, Progress progress) throws IOException {
    Map<Peer, List<BufferMemory>> found = new HashMap<>();
    progress.phase("memory");
    for (int round = 0; round < rounds; round++) {
      for (Peer peer : round % 2 == 0 ? PEERS : PEERS.reversed()) {
        progress.at((double) round / rounds, peer.title());
        found.computeIfAbsent(peer, key -> new ArrayList<>()).add(BufferMemory.measure(peer, live));
      }
    }
    out.println(
        Figures.count(live)
            + " live direct buffers of 64 B to 64 KiB, replaced by others on two threads, then"
            + " three of four released; MiB");
    TextTable table =
        new TextTable()
            .row(
                "on",
                "asked for",
                "resident",
                "Java heap",
                "x adaptive",
                "95 %",
                "limit",
                "met",
                "3 of 4 released",
                "x adaptive");
    List<BufferMemory> base = found.getOrDefault(BASE, List.of());
    for (Peer peer : PEERS) {
      List<BufferMemory> rows = found.getOrDefault(peer, List.of());
      String[] verdict = verdict(peer, ratio(rows, base, BufferMemory::total), MEMORY_LIMIT);
      table.row(
          with(
              with(
                  new String[] {
                    peer.title(),
                    mebibytes(rows, BufferMemory::live),
                    mebibytes(rows, BufferMemory::peak),
                    mebibytes(rows, BufferMemory::heap)
                  },
                  verdict),
              mebibytes(rows, BufferMemory::after),
              Figures.ratio(ratio(rows, base, BufferMemory::after).value())));
    }
    table.lines().forEach(out::println);
    out.println();
    out.println(
        "Resident: growth of VmHWM while the load ran, and of VmRSS afterwards; Java heap: growth"
            + " after a collection. x adaptive: of both together. JVM flags: "
            + String.join(" ", BufferMemory.flags()));
    out.println();
    out.flush();
  }

  private static String mebibytes(List<BufferMemory> rows, ToDoubleFunction<BufferMemory> figure) {
    return Figures.mebibytes((long) Statistics.median(rows.stream().mapToDouble(figure).toArray()));
  }

  /** The median of the rounds' ratios. */
  static Statistics.Bounded ratio(
      List<BufferMemory> rows, List<BufferMemory> base, ToDoubleFunction<BufferMemory> figure) {
    double[] ratios = new double[Math.min(rows.size(), base.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = figure.applyAsDouble(rows.get(i)) / figure.applyAsDouble(base.get(i));
    }
    return Statistics.medianOf(ratios);
  }

  /** A limit is asked of ours alone. */
  private static String[] verdict(Peer peer, Statistics.Bounded ratio, double limit) {
    boolean asked = peer == Peer.NETTY_OUROBOROS;
    return new String[] {
      Figures.ratio(ratio.value()),
      Figures.bound(ratio),
      asked ? Figures.ratio(limit) : Figures.NONE,
      asked ? Comparison.staysBelow(ratio, limit) ? "yes" : "no" : Figures.NONE
    };
  }

  private static String[] with(String[] cells, String... more) {
    List<String> all = new ArrayList<>(List.of(cells));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
