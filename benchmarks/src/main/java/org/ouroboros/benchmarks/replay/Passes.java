package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The verifying pass and the memory pass: nothing in them is timed, so forks run side by side, one
 * a processor.
 */
final class Passes {

  private final Results results;
  private final boolean threads;
  private final Path scratch;
  private final Progress progress;

  Passes(Results results, boolean threads, Path scratch, Progress progress) {
    this.results = results;
    this.threads = threads;
    this.scratch = scratch;
    this.progress = progress;
  }

  /** Verifies every pair, in one fork an allocator, which goes on with a new one if it dies. */
  void verify() throws IOException {
    progress.phase("verifying");
    AtomicInteger done = new AtomicInteger();
    List<SideBySide.Job> jobs = new ArrayList<>();
    for (int s = 0; s < results.subjects().size(); s++) {
      int subject = s;
      if (!results.subjects().get(s).isYardstick()) {
        jobs.add(() -> verify(subject, done));
      }
    }
    SideBySide.run(jobs);
  }

  private void verify(int subject, AtomicInteger done) throws IOException {
    String name = results.subjects().get(subject).name();
    int traces = results.traces().size();
    int t = 0;
    while (t < traces) {
      try (Fork fork = new Fork(name, threads, ForkFlags.timing(results.mostCalls()), scratch)) {
        boolean alive = true;
        for (; t < traces && alive; t++) {
          alive = verify(fork, t, subject);
          double fraction = (double) done.incrementAndGet() / (traces * results.subjects().size());
          progress.at(fraction, results.traces().get(t).name() + " on " + name);
        }
      }
    }
  }

  /** Whether the fork is still good for another trace. */
  private boolean verify(Fork fork, int trace, int subject) throws IOException {
    Measurement cell = results.get(trace, subject);
    try {
      fork.request("verify " + results.traces().get(trace).image());
      cell.verified();
      return true;
    } catch (Fork.VerificationFailure | ForkException e) {
      cell.fail(String.valueOf(e.getMessage()));
      return false;
    }
  }

  /** Reads the memory of every pair that verified, each in a fork of its own. */
  void memory() throws IOException {
    progress.phase("memory");
    AtomicInteger done = new AtomicInteger();
    List<SideBySide.Job> jobs = new ArrayList<>();
    for (int t = 0; t < results.traces().size(); t++) {
      for (int s = 0; s < results.subjects().size(); s++) {
        int trace = t;
        int subject = s;
        if (results.get(t, s).isVerified()) {
          jobs.add(() -> memory(trace, subject));
        }
      }
    }
    int total = jobs.size();
    jobs.replaceAll(
        job ->
            () -> {
              job.run();
              progress.at((double) done.incrementAndGet() / total, "");
            });
    SideBySide.run(jobs);
  }

  private void memory(int trace, int subject) throws IOException {
    Measurement cell = results.get(trace, subject);
    String name = results.subjects().get(subject).name();
    List<String> lines = new ArrayList<>();
    TraceInput input = results.traces().get(trace);
    try (Fork fork = new Fork(name, threads, ForkFlags.memory(input.calls()), scratch)) {
      String[] peaks = fork.request("memory " + input.image(), lines);
      List<MemoryPoint> points = lines.stream().map(Passes::point).toList();
      cell.memory(Long.parseLong(peaks[0]), Long.parseLong(peaks[1]), points);
    } catch (ForkException e) {
      cell.fail("memory pass: " + e.getMessage());
    }
  }

  private static MemoryPoint point(String line) {
    String[] words = line.split(" ", -1);
    return new MemoryPoint(
        Long.parseLong(words[0]),
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]));
  }
}
