package org.ouroboros.benchmarks.replay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Replays a trace with a platform thread for each of its threads, as {@code replay.c --threads}
 * does.
 *
 * <p>Protocol. Each thread makes its own calls in their order and publishes, in its cell of {@code
 * progress}, the number of the call it makes next (release); {@link #DONE} after its last.
 *
 * <ul>
 *   <li>A call on a block waits (acquire) until the previous call on that block is done, where
 *       another thread made it. That edge orders all that is known of the block: its address, its
 *       content.
 *   <li>No thread enters a window of {@value #WINDOW} calls before the others are through the last
 *       but one, which keeps the live blocks close to what the recorded program had.
 * </ul>
 *
 * <p>Waiting threads spin, then yield. No wait can be for ever: every wait is for a call with a
 * smaller number, so the thread whose next call has the smallest number never waits. A thread that
 * fails sets {@code failure}, which waiting threads look at.
 */
final class ThreadedReplay {

  private static final int WINDOW = 4096;
  private static final int SPINS = 100;

  /** Calls in one invocation of the loop, see {@link TimedReplay}. */
  private static final int CHUNK = 1024;

  private static final long DONE = Long.MAX_VALUE;

  /** Longs from one thread's cell to the next, so that no two share a cache line or a pair. */
  private static final int STRIDE = 16;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  private final int threads;

  /** The numbers of each thread's calls. */
  private final int[][] mine;

  /** By call: the number of the call that must be done first, plus 1; 0 if there is none. */
  private final int[] after;

  /** By call: the thread of that call. */
  private final int[] afterThread;

  private final long[] progress;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** For a trace with {@code table} being its {@link CallTable#byBlock}. */
  ThreadedReplay(Trace trace, CallTable table) {
    this.threads = trace.threads();
    this.after = new int[table.count()];
    this.afterThread = new int[table.count()];
    this.progress = new long[(threads + 2) * STRIDE];
    int[] threadOf = threadOf(trace, table.count());
    this.mine = split(threadOf, threads);
    int[] last = new int[table.slots()];
    for (int n = 0; n < table.count(); n++) {
      int block = Call.slot(table.calls()[n]);
      int before = last[block];
      if (before != 0 && threadOf[before - 1] != threadOf[n]) {
        after[n] = before;
        afterThread[n] = threadOf[before - 1];
      }
      last[block] = n + 1;
    }
  }

  /**
   * One replay.
   *
   * @param step makes the calls
   * @return nanoseconds from the start of the threads to the end of the last
   */
  long replay(Step step) {
    failure.set(null);
    CyclicBarrier gate = new CyclicBarrier(threads + 1);
    Thread[] workers = new Thread[threads];
    for (int t = 0; t < threads; t++) {
      int me = t;
      publish(me, mine[me].length == 0 ? DONE : mine[me][0]);
      workers[t] =
          Thread.ofPlatform().name("trace-thread-" + t).unstarted(() -> run(me, step, gate));
    }
    for (Thread worker : workers) {
      worker.start();
    }
    pass(gate);
    long begin = System.nanoTime();
    for (Thread worker : workers) {
      join(worker);
    }
    long nanos = System.nanoTime() - begin;
    rethrow(failure.get());
    return nanos;
  }

  private void run(int me, Step step, CyclicBarrier gate) {
    pass(gate);
    try {
      runCalls(me, step);
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  private void runCalls(int me, Step step) {
    int[] calls = mine[me];
    for (int from = 0; from < calls.length; from += CHUNK) {
      runChunk(me, step, calls, from, Math.min(calls.length, from + CHUNK));
    }
  }

  private void runChunk(int me, Step step, int[] calls, int from, int to) {
    int window = from == 0 ? 0 : calls[from - 1] / WINDOW;
    for (int i = from; i < to; i++) {
      int n = calls[i];
      if (n / WINDOW != window) {
        window = n / WINDOW;
        for (int t = 0; t < threads; t++) {
          await(t, (window - 1L) * WINDOW);
        }
      }
      if (after[n] != 0) {
        await(afterThread[n], after[n]);
      }
      step.call(n);
      publish(me, i + 1 < calls.length ? calls[i + 1] : DONE);
    }
  }

  private void await(int thread, long until) {
    int spins = 0;
    while ((long) CELL.getAcquire(progress, (thread + 1) * STRIDE) < until) {
      if (++spins <= SPINS) {
        Thread.onSpinWait();
      } else {
        if (failure.get() != null) {
          throw new IllegalStateException("another thread failed");
        }
        Thread.yield();
        spins = 0;
      }
    }
  }

  private void publish(int thread, long next) {
    CELL.setRelease(progress, (thread + 1) * STRIDE, next);
  }

  private static int[] threadOf(Trace trace, int count) {
    int[] threadOf = new int[count];
    int[] switchCall = trace.switchCall();
    int thread = 0;
    int next = 0;
    for (int n = 0; n < count; n++) {
      while (next < switchCall.length && switchCall[next] == n) {
        thread = trace.switchTo()[next++];
      }
      threadOf[n] = thread;
    }
    return threadOf;
  }

  private static int[][] split(int[] threadOf, int threads) {
    int[] counts = new int[threads];
    for (int thread : threadOf) {
      counts[thread]++;
    }
    int[][] mine = new int[threads][];
    for (int t = 0; t < threads; t++) {
      mine[t] = new int[counts[t]];
      counts[t] = 0;
    }
    for (int n = 0; n < threadOf.length; n++) {
      int thread = threadOf[n];
      mine[thread][counts[thread]++] = n;
    }
    return mine;
  }

  private static void pass(CyclicBarrier gate) {
    try {
      gate.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException("the replaying threads could not start", e);
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void rethrow(@Nullable Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }
}
