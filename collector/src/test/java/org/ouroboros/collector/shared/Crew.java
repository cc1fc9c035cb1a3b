package org.ouroboros.collector.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that do something at the same time, and fail the test if one of them fails. */
final class Crew {

  /** What a thread does. */
  interface Task {
    void run(int number, Random random) throws Exception;
  }

  private Crew() {}

  /** Runs tasks on platform threads, and waits for all. */
  static void run(Task... tasks) {
    run(Thread::new, List.of(tasks));
  }

  /** The same task several times. */
  static void run(int count, Task task) {
    run(Thread::new, copies(count, task));
  }

  /** The same on virtual threads. */
  static void runVirtually(int count, Task task) {
    run(Thread.ofVirtual().factory(), copies(count, task));
  }

  private static List<Task> copies(int count, Task task) {
    List<Task> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(task);
    }
    return all;
  }

  private static void run(ThreadFactory factory, List<Task> tasks) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CyclicBarrier start = new CyclicBarrier(tasks.size());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      int number = i;
      Runnable body =
          () -> {
            try {
              start.await();
              tasks.get(number).run(number, new Random(number + 1));
            } catch (Throwable e) {
              failure.compareAndSet(null, e);
            }
          };
      threads.add(factory.newThread(body));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    assertThat(failure.get()).isNull();
  }
}
