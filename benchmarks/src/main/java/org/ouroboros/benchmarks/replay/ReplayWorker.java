package org.ouroboros.benchmarks.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.source.MmapSource;

/**
 * The main class of a forked JVM: one allocator, driven by lines on standard input. It ends with
 * its input.
 *
 * <pre>
 *   warm IMAGE     replays the trace until it is compiled     ok
 *   time K         once untimed, then K times                 ok NANOS NANOS ...
 *   verify IMAGE                                              ok | failed MESSAGE
 *   memory IMAGE   point CALL LIVE RESIDENT COMMITTED, ...    ok PEAK_RESIDENT PEAK_COMMITTED
 * </pre>
 *
 * <p>Whatever goes wrong otherwise is a line {@code error MESSAGE}.
 */
public final class ReplayWorker {

  private static final int MIN_WARM_REPLAYS = 4;

  /** Warm is what the compilers have left alone for so long. */
  private static final long STEADY_NANOS = 80_000_000L;

  private static final long MAX_WARM_NANOS = 1_500_000_000L;

  private final String name;
  private final boolean threads;
  private final PrintStream out;
  private @Nullable Allocator allocator;
  private @Nullable Runner runner;

  private ReplayWorker(String name, boolean threads, PrintStream out) {
    this.name = name;
    this.threads = threads;
    this.out = out;
  }

  /** Times one replay. */
  private interface Runner {
    long replay();
  }

  /**
   * Serves requests until the input ends.
   *
   * @param args the allocator's name and {@code single} or {@code threads}
   * @throws IOException if the input cannot be read
   */
  public static void main(String[] args) throws IOException {
    ReplayWorker worker = new ReplayWorker(args[0], args[1].equals("threads"), System.out);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      worker.serve(line);
    }
  }

  private void serve(String line) {
    int space = line.indexOf(' ');
    String argument = line.substring(space + 1);
    try {
      switch (line.substring(0, space)) {
        case "warm" -> warm(Path.of(argument));
        case "time" -> time(Integer.parseInt(argument));
        case "verify" -> verify(Path.of(argument));
        case "memory" -> memory(Path.of(argument));
        default -> throw new IllegalArgumentException(line);
      }
    } catch (VerificationException e) {
      reply("failed " + e.getMessage());
    } catch (IOException | RuntimeException | Error e) {
      reply("error " + e.toString().lines().findFirst().orElse(""));
    }
  }

  private void reply(String line) {
    out.println(line);
    out.flush();
  }

  private Allocator allocator() {
    Allocator open = allocator;
    if (open == null) {
      open = WorkerAllocators.open(name, threads);
      allocator = open;
    }
    return open;
  }

  private void warm(Path image) throws IOException {
    Runner replay = runner(allocator(), TraceImage.read(image));
    runner = replay;
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    long begin = System.nanoTime();
    long compiled = -1;
    long changed = begin;
    for (int i = 0; System.nanoTime() - begin < MAX_WARM_NANOS; i++) {
      replay.replay();
      long total = compiler.getTotalCompilationTime();
      long now = System.nanoTime();
      if (total != compiled) {
        compiled = total;
        changed = now;
      } else if (i >= MIN_WARM_REPLAYS && now - changed > STEADY_NANOS) {
        break;
      }
    }
    reply("ok");
  }

  private Runner runner(Allocator allocator, Trace trace) {
    if (!threads) {
      return new TimedReplay(allocator, CallTable.bySlot(trace))::replay;
    }
    CallTable table = CallTable.byBlock(trace);
    ThreadedReplay replay = new ThreadedReplay(trace, table);
    long[] slots = new long[table.slots()];
    Step step = n -> TimedReplay.one(allocator, table.calls()[n], table.sizes()[n], slots);
    return () -> {
      long nanos = replay.replay(step);
      TimedReplay.drain(allocator, slots);
      return nanos;
    };
  }

  private void time(int replays) {
    Runner replay = runner;
    if (replay == null) {
      throw new IllegalStateException("time before warm");
    }
    replay.replay();
    StringBuilder line = new StringBuilder("ok");
    for (int i = 0; i < replays; i++) {
      line.append(' ').append(replay.replay());
    }
    reply(line.toString());
  }

  private void verify(Path image) throws IOException {
    Trace trace = TraceImage.read(image);
    if (threads) {
      VerifyingReplay.verifyOnThreads(allocator(), trace);
    } else {
      VerifyingReplay.verify(allocator(), trace);
    }
    reply("ok");
  }

  private void memory(Path image) throws IOException {
    Trace trace = TraceImage.read(image);
    CallTable table = threads ? CallTable.byBlock(trace) : CallTable.bySlot(trace);
    Allocator subject;
    MemoryGauge gauge;
    if (WorkerAllocators.isOuroboros(name)) {
      WatchedSource source = new WatchedSource(MmapSource.create());
      subject = WorkerAllocators.open(name, threads, source);
      gauge = new SourceGauge(subject, source);
    } else {
      subject = allocator();
      MemoryWarmUp.run(subject);
      gauge = new ProcessGauge();
    }
    MemoryReplay replay = new MemoryReplay(subject, table, trace.peakCall(), gauge);
    if (threads) {
      new ThreadedReplay(trace, table).replay(replay);
    } else {
      replay.replay();
    }
    replay.finish();
    for (MemoryPoint p : replay.points()) {
      out.println("point " + p.call() + " " + p.live() + " " + p.resident() + " " + p.committed());
    }
    reply("ok " + replay.peakResident() + " " + gauge.peakCommitted());
  }
}
