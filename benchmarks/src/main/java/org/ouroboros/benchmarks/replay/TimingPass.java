package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The timing pass. For each trace every allocator has a forked JVM of its own; the forks take turns
 * (A B C A B C ...), one at a time, so that a machine that is faster or slower for a while is so
 * for all of them, and turn i of one and turn i of another are a pair. After half of the turns the
 * forks are replaced by new ones, since two JVMs with the same input need not run alike.
 */
final class TimingPass {

  /** Timed replays in a turn, after one that is not timed. */
  private static final int REPLAYS_PER_TURN = 2;

  private static final int MIN_TURNS = 3;
  private static final int MAX_ADAPTIVE_TURNS = 12;

  private final Results results;
  private final boolean threads;
  private final Schedule schedule;
  private final Path scratch;
  private final Progress progress;
  private final Yardstick yardstick;

  /**
   * How often to replay.
   *
   * @param replays timed replays of each pair; 0 for as many as fit before {@code deadline}
   * @param waves how many forks each pair has, one after the other
   * @param deadline by {@link System#nanoTime}; counts only if {@code replays} is 0
   */
  record Schedule(int replays, int waves, long deadline) {}

  TimingPass(
      Results results,
      boolean threads,
      Schedule schedule,
      Path scratch,
      Progress progress,
      Yardstick yardstick) {
    this.results = results;
    this.threads = threads;
    this.schedule = schedule;
    this.scratch = scratch;
    this.progress = progress;
    this.yardstick = yardstick;
  }

  void run() throws IOException {
    progress.phase("timing");
    int traces = results.traces().size();
    for (int t = 0; t < traces; t++) {
      long now = System.nanoTime();
      long share = Math.max(0, schedule.deadline() - now) / (traces - t);
      if (schedule.replays() > 0) {
        runFixed(t);
      } else {
        runUntil(t, now + share);
      }
    }
  }

  private void runFixed(int trace) throws IOException {
    long replays = schedule.replays();
    int waves = schedule.waves();
    for (int wave = 0; wave < waves; wave++) {
      progress(trace, wave);
      int inWave = (int) (replays * (wave + 1) / waves - replays * wave / waves);
      if (inWave > 0) {
        runWave(
            trace,
            forks -> {
              for (int left = inWave; left > 0; left -= REPLAYS_PER_TURN) {
                takeTurn(forks, trace, Math.min(REPLAYS_PER_TURN, left));
              }
            });
      }
    }
  }

  /** Always one wave of some turns; further waves, and more turns, while there is time for them. */
  private void runUntil(int trace, long until) throws IOException {
    int waves = schedule.waves();
    long begin = System.nanoTime();
    long longest = 0;
    for (int wave = 0; wave < waves; wave++) {
      progress(trace, wave);
      long waveBegin = System.nanoTime();
      if (wave > 0 && waveBegin + longest / 2 > until) {
        return;
      }
      int least = wave == 0 ? MIN_TURNS : 1;
      long waveUntil = begin + (until - begin) * (wave + 1) / waves;
      runWave(trace, forks -> takeTurnsUntil(forks, trace, least, waveUntil));
      longest = Math.max(longest, System.nanoTime() - waveBegin);
    }
  }

  private void takeTurnsUntil(Map<Integer, Fork> forks, int trace, int least, long until)
      throws IOException {
    long longest = 0;
    for (int turn = 0; turn < MAX_ADAPTIVE_TURNS / schedule.waves(); turn++) {
      long begin = System.nanoTime();
      if (turn >= least && begin + longest > until) {
        return;
      }
      takeTurn(forks, trace, REPLAYS_PER_TURN);
      longest = Math.max(longest, System.nanoTime() - begin);
    }
  }

  private void progress(int trace, int wave) {
    double traces = results.traces().size();
    double done = (trace + (double) wave / schedule.waves()) / traces;
    progress.at(done, results.traces().get(trace).name());
  }

  /** What is done with forks that are warm. */
  private interface Turns {
    void take(Map<Integer, Fork> forks) throws IOException;
  }

  private void runWave(int trace, Turns turns) throws IOException {
    Map<Integer, Fork> forks = new ConcurrentSkipListMap<>();
    try {
      List<SideBySide.Job> warming = new ArrayList<>();
      for (int s = 0; s < results.subjects().size(); s++) {
        int subject = s;
        if (results.get(trace, s).isVerified()) {
          warming.add(() -> start(forks, trace, subject));
        }
      }
      SideBySide.run(warming);
      turns.take(forks);
    } finally {
      for (Fork fork : forks.values()) {
        fork.close();
      }
    }
  }

  private void start(Map<Integer, Fork> forks, int trace, int subject) throws IOException {
    String name = results.subjects().get(subject).name();
    TraceInput input = results.traces().get(trace);
    forks.put(subject, new Fork(name, threads, ForkFlags.timing(input.calls()), scratch));
    request(forks, trace, subject, "warm " + input.image());
  }

  private void takeTurn(Map<Integer, Fork> forks, int trace, int replays) throws IOException {
    TraceInput input = results.traces().get(trace);
    for (int s = 0; s < results.subjects().size(); s++) {
      if (results.subjects().get(s).isYardstick()) {
        yardstick.time(input, results.subjects().get(s), threads, results.get(trace, s));
      } else if (forks.containsKey(s)) {
        String[] nanos = request(forks, trace, s, "time " + replays);
        double[] perEvent = new double[nanos.length];
        for (int i = 0; i < nanos.length; i++) {
          perEvent[i] = input.calls() == 0 ? 0 : Double.parseDouble(nanos[i]) / input.calls();
        }
        if (nanos.length > 0) {
          results.get(trace, s).addTurn(perEvent);
        }
      }
    }
  }

  private String[] request(Map<Integer, Fork> forks, int trace, int subject, String request)
      throws IOException {
    Fork fork = forks.get(subject);
    try {
      return fork == null ? new String[0] : fork.request(request);
    } catch (ForkException e) {
      results.get(trace, subject).fail("timing pass: " + e.getMessage());
      forks.remove(subject);
      fork.close();
      return new String[0];
    }
  }
}
