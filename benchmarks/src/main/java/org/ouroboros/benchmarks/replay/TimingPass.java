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
  private final ForkFlags flags;
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
      ForkFlags flags,
      Path scratch,
      Progress progress,
      Yardstick yardstick) {
    this.results = results;
    this.threads = threads;
    this.schedule = schedule;
    this.flags = flags;
    this.scratch = scratch;
    this.progress = progress;
    this.yardstick = yardstick;
  }

  void run() throws IOException {
    progress.phase("timing");
    int traces = results.traces().size();
    for (int t = 0; t < traces; t++) {
      long left = schedule.deadline() - System.nanoTime();
      long share = Math.max(0, left / (traces - t));
      long begin = System.nanoTime();
      for (int wave = 0; wave < schedule.waves(); wave++) {
        progress.at(
            (t + (double) wave / schedule.waves()) / traces, results.traces().get(t).name());
        long until = begin + share * (wave + 1) / schedule.waves();
        runWave(t, wave, until);
      }
    }
  }

  private void runWave(int trace, int wave, long until) throws IOException {
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
      takeTurns(forks, trace, wave, until);
    } finally {
      for (Fork fork : forks.values()) {
        fork.close();
      }
    }
  }

  private void start(Map<Integer, Fork> forks, int trace, int subject) throws IOException {
    String name = results.subjects().get(subject).name();
    forks.put(subject, new Fork(name, threads, flags.timing(), scratch));
    request(forks, trace, subject, "warm " + results.traces().get(trace).image());
  }

  private void takeTurns(Map<Integer, Fork> forks, int trace, int wave, long until)
      throws IOException {
    int waves = schedule.waves();
    int replays = schedule.replays();
    int wanted = (replays + REPLAYS_PER_TURN - 1) / REPLAYS_PER_TURN;
    int fixed = wanted * (wave + 1) / waves - wanted * wave / waves;
    int least = (MIN_TURNS + waves - 1) / waves;
    int most = MAX_ADAPTIVE_TURNS / waves;
    long longest = 0;
    for (int turn = 0; replays > 0 ? turn < fixed : turn < most; turn++) {
      long begin = System.nanoTime();
      if (replays == 0 && turn >= least && begin + longest > until) {
        break;
      }
      takeTurn(forks, trace, Math.min(REPLAYS_PER_TURN, replays == 0 ? 2 : replays));
      longest = Math.max(longest, System.nanoTime() - begin);
    }
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
