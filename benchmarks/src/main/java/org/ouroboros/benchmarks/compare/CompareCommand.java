package org.ouroboros.benchmarks.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Availability;
import org.ouroboros.benchmarks.command.Exit;
import org.ouroboros.benchmarks.command.JvmOptions;
import org.ouroboros.benchmarks.command.OutputOptions;
import org.ouroboros.benchmarks.replay.MachineFacts;
import org.ouroboros.benchmarks.replay.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code compare}. Exit codes: 0 if everything was measured, whether or not the limits
 * are met; 1 if a fork failed; 2 if the arguments are not valid.
 */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Times an allocation and its end on the default allocator, on C libraries, and on what JVM"
          + " programs use today (Netty, Arrow, LWJGL, Unsafe, byte buffers, Agrona, the JDK's"
          + " arenas), in forked JVMs that take turns.",
      "The default takes about twenty minutes; leave the machine alone meanwhile."
    })
public final class CompareCommand implements Callable<Integer> {

  /** Bytes of the blocks. */
  static final List<Integer> SIZES = List.of(64, 1024, 16_384);

  private static final int MAX_ROUNDS = 1000;

  /** Fewer rounds show where one stands and are no claim. */
  private static final int ENOUGH_ROUNDS = 10;

  @Parameters(paramLabel = "PEER", arity = "0..*", description = "peers (default: all there are)")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--rounds",
      paramLabel = "R",
      defaultValue = "10",
      description = "forks of each peer and size (default: ${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--sizes",
      paramLabel = "BYTES",
      split = ",",
      description = "default: 64,1024,16384")
  private List<Integer> sizes = SIZES;

  @Mixin private OutputOptions output = new OutputOptions();

  @Mixin private JvmOptions jvm = new JvmOptions();

  @Spec private CommandSpec spec;

  /** For picocli. */
  public CompareCommand() {}

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    List<String> notes = new ArrayList<>();
    Comparison comparison;
    try {
      checkRanges();
      comparison = new Comparison(peers(notes), sizes);
    } catch (IllegalArgumentException e) {
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    }
    try (OutputOptions.Outputs files = output.open()) {
      if (!measure(comparison, notes, err)) {
        return Exit.FAILED;
      }
      CompareReport report = new CompareReport(comparison, notes);
      report.print(spec.commandLine().getOut());
      files.json().write(report.json());
      files.report().write(report.html());
      return 0;
    } catch (IOException e) {
      return Exit.complain(spec, e.getMessage(), Exit.INVALID);
    }
  }

  private boolean measure(Comparison comparison, List<String> notes, PrintWriter err) {
    CompareFork fork =
        new CompareFork(jvm.flags());
    notes.add(
        "x confined: a peer's time over that of our confined view, the median of the rounds' ratios"
            + " with its 95 % bootstrap bound; a limit is met when the median meets it and the"
            + " lower bound is at most 10 % below it. heap B/pair: Java heap allocated.");
    notes.add(
        "The JDK's arenas and byte buffers zero the block, the others do not. byte-buffer is freed"
            + " by Unsafe.invokeCleaner, agrona-direct by Agrona, arena-auto by the garbage"
            + " collector.");
    notes.add(PeerVersions.line());
    notes.add(turns(fork));
    notes.add("JVM flags: " + String.join(" ", fork.flags(Peer.Library.OWN)));
    comparison.peers().stream()
        .map(Peer::library)
        .distinct()
        .filter(library -> !library.flags().isEmpty())
        .map(library -> "and for " + library.title() + ": " + String.join(" ", library.flags()))
        .forEach(notes::add);
    notes.add("Machine: " + MachineFacts.read());
    Progress progress = new Progress(err, Progress.isTerminal());
    progress.phase("peers");
    try {
      comparison.measure(rounds, fork::run, progress::at);
      return true;
    } catch (IOException e) {
      Exit.complain(spec, e.getMessage(), Exit.FAILED);
      return false;
    } finally {
      progress.end();
    }
  }

  private void checkRanges() {
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw new IllegalArgumentException("--rounds takes 1 to " + MAX_ROUNDS);
    }
    if (sizes.stream().anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException("--sizes takes numbers of bytes, at least 1");
    }
  }

  /** Those asked for, or all but the C libraries that cannot be had; the notes tell which. */
  private List<Peer> peers(List<String> notes) {
    List<Peer> peers =
        names.isEmpty() ? List.of(Peer.values()) : names.stream().distinct().map(Peer::of).toList();
    List<Peer> found = new ArrayList<>();
    for (Peer peer : peers) {
      Availability row = availability(peer);
      if (row != null && !row.available() && !names.isEmpty()) {
        throw new IllegalArgumentException(peer.title() + " cannot be had: " + row.detail());
      }
      if (row == null || row.available()) {
        found.add(peer);
      }
      if (row != null) {
        notes.add(peer.title() + (row.available() ? ": " : " not measured: ") + row.detail());
      }
    }
    return found;
  }

  private static @Nullable Availability availability(Peer peer) {
    return Allocators.list().stream()
        .filter(row -> peer.isForeign() && row.name().equals(peer.title()))
        .findFirst()
        .orElse(null);
  }

  private String turns(CompareFork fork) {
    return "Single forks in turns, "
        + rounds
        + (rounds == 1 ? " round" : " rounds")
        + (rounds < ENOUGH_ROUNDS ? " (a claim needs " + ENOUGH_ROUNDS + ")" : "")
        + ", the order reversed every other time; each fork "
        + fork.description();
  }
}
