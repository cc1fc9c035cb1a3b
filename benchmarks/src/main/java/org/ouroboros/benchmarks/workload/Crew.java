package org.ouroboros.benchmarks.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;

/**
 * Platform threads that call one allocator. A workload that says so makes threads die and begins
 * new ones; the last failure of any thread is the failure of the run.
 */
final class Crew {

  private final Faces faces;
  private final int threads;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  Crew(Faces faces, int threads) {
    this.faces = faces;
    this.threads = threads;
  }

  /** What a thread does. */
  interface Task {
    void run(Allocator allocator, int index) throws InterruptedException;
  }

  /** How many threads the user asked for. */
  int threads() {
    return threads;
  }

  /** Runs a task in as many new threads as the user asked for, and waits until they are dead. */
  void run(Task task) {
    run(threads, task);
  }

  /** Runs a task in {@code count} new threads, and waits until they are dead. */
  void run(int count, Task task) {
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      started.add(start(i, task));
    }
    started.forEach(Crew::join);
    check();
  }

  /** Runs a task in the calling thread. */
  void runHere(Task task) {
    work(0, task);
    check();
  }

  /** Starts a thread that is not waited for. */
  Thread start(int index, Task task) {
    Thread thread = new Thread(() -> work(index, task), "worker-" + index);
    thread.start();
    return thread;
  }

  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  boolean failed() {
    return failure.get() != null;
  }

  /** Throws what a thread threw. */
  void check() {
    Throwable thrown = failure.get();
    if (thrown instanceof CorruptBlockException corrupt) {
      throw corrupt;
    }
    if (thrown != null) {
      throw new IllegalStateException(thrown.toString(), thrown);
    }
  }

  private void work(int index, Task task) {
    Allocator face = faces.enter();
    try {
      task.run(face, index);
    } catch (Throwable t) {
      failure.set(t);
    } finally {
      faces.leave(face);
    }
  }
}
