package org.ouroboros.collector.cycle;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * Full marking by more than one thread, for {@link RootMarking}.
 *
 * <p>Each thread has a share of the ids, one range, with as many objects as the others'; it alone
 * reads and writes the marks there, see {@link MarkWorker}. The collecting thread is one of them.
 * The others are started for each collection, and have ended when it goes on: what happened before
 * is seen by them, and what they did by it. Nobody writes to objects meanwhile.
 *
 * <p>A thread that cannot be started, or fails, ends the attempt: the collecting thread is told,
 * and does everything again, alone. What made the thread fail it meets itself then, and reports.
 *
 * <p>Thread rule: as the heap.
 */
final class ParallelMarking {

  /** With fewer objects a thread takes longer to start than to mark them. */
  private static final long LEAST = 1 << 15;

  private static final String WHAT = "marking threads";

  private final ConfinedHeap heap;
  private final ObjectStore store;
  private final SideTables sides;
  private final int threads;

  /** What a thread runs of its task: all, but in tests. */
  private UnaryOperator<Runnable> tasks = task -> task;

  /** Made when they are needed first. */
  private @Nullable Parts parts;

  /** See {@link MarkShare}; as long as the marks. */
  private long[] todo = new long[0];

  /** What is made once: the threads' ends, mail and tasks. */
  private record Parts(int[] ends, MarkTeam team, MarkMail[] mail, MarkWorker[] workers) {

    static Parts make(ObjectStore store, int threads) {
      int[] ends = new int[threads];
      MarkTeam team = new MarkTeam(threads);
      MarkMail[] mail = new MarkMail[threads * (threads - 1)];
      Arrays.setAll(mail, i -> new MarkMail());
      MarkWorker[] workers = new MarkWorker[threads];
      for (int n = 0; n < threads; n++) {
        MarkMail[] out = new MarkMail[threads];
        MarkMail[] in = new MarkMail[threads - 1];
        for (int other = 0; other < threads - 1; other++) {
          int to = other < n ? other : other + 1;
          out[to] = mail[n * (threads - 1) + other];
          in[other] = mail[to * (threads - 1) + (n < to ? n : n - 1)];
        }
        out[n] = out[n == 0 ? 1 : 0];
        workers[n] = new MarkWorker(store, team, n, ends, out, in);
      }
      return new Parts(ends, team, mail, workers);
    }
  }

  ParallelMarking(ConfinedHeap heap, int threads) {
    this.heap = heap;
    this.store = heap.store();
    this.sides = store.sides;
    this.threads = store.space.isPaged() ? threads : 1;
  }

  /** Has the other threads run something else in place of their tasks. */
  void setTasks(UnaryOperator<Runnable> tasks) {
    this.tasks = tasks;
  }

  /** Whether there is more than one thread, and enough for them to do. */
  boolean isWorthIt() {
    if (threads == 1) {
      return false;
    }
    return heap.options().mode() != HeapMode.NORMAL || sides.live() >= LEAST;
  }

  /**
   * Marks. What is left gray are objects with references outside slots.
   *
   * @param swept so many pages, and those with few objects, were swept before
   * @return false if it is to be done by one thread: the marks and scanned bits mean nothing then
   */
  boolean run(long[] marks, boolean leavesKnown, int swept) {
    Parts made = parts(marks.length);
    if (made == null) {
      return false;
    }
    share(made.ends);
    for (MarkMail mail : made.mail) {
      mail.clear();
    }
    @Nullable Thread[] helpers = new Thread[threads - 1];
    made.team.begin(helpers);
    for (MarkWorker worker : made.workers) {
      worker.begin(marks, todo, leavesKnown, swept);
    }
    try {
      start(made, helpers);
      made.workers[0].run();
    } finally {
      join(helpers);
    }
    return !made.team.hasFailed();
  }

  /** The headers that were read, by or. */
  long headers() {
    long headers = 0;
    if (parts != null) {
      for (MarkWorker worker : parts.workers) {
        headers |= worker.headers();
      }
    }
    return headers;
  }

  /** What is needed, for so many words of marks; null if there is no memory for it. */
  private @Nullable Parts parts(int words) {
    try {
      if (parts == null) {
        store.faults.request(WHAT, MarkMail.BYTES * threads * (threads - 1));
        parts = Parts.make(store, threads);
      }
      if (todo.length < words) {
        store.faults.request(WHAT, (long) Long.BYTES * words);
        todo = new long[words];
      }
      return parts;
    } catch (AllocationFailedException | OutOfMemoryError e) {
      return null;
    }
  }

  /** Sets the ends of the shares so that each has as many objects. */
  private void share(int[] ends) {
    long all = sides.live();
    long count = 0;
    int next = 0;
    for (int p = 0; p < sides.end(); p++) {
      SidePage page = sides.at(p);
      for (int w = 0; page != null && w < SidePage.WORDS; w++) {
        count += Long.bitCount(page.bits[SidePage.LIVE + w]);
        while (next < threads - 1 && count * threads >= all * (next + 1)) {
          ends[next++] = p * SidePage.WORDS + w + 1;
        }
      }
    }
    Arrays.fill(ends, next, threads, Integer.MAX_VALUE);
  }

  private void start(Parts made, @Nullable Thread[] helpers) {
    for (int n = 1; n < threads; n++) {
      try {
        store.faults.request(WHAT, 0);
        Thread helper =
            Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false) // which runs user code
                .name("ouroboros-marking-" + n)
                .unstarted(tasks.apply(made.workers[n]));
        if (!store.space.memory().isAccessibleBy(helper)) {
          made.team.fail();
          return;
        }
        helper.start();
        helpers[n - 1] = helper;
      } catch (Throwable e) { // those that were started would wait for it for ever
        made.team.fail();
        return;
      }
    }
  }

  /** Waits for those that were started, however often this thread is interrupted meanwhile. */
  private static void join(@Nullable Thread[] helpers) {
    boolean interrupted = false;
    for (@Nullable Thread helper : helpers) {
      while (helper != null && helper.isAlive()) {
        try {
          helper.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
