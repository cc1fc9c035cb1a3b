package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs jobs that are not timed, one a processor. */
final class SideBySide {

  private SideBySide() {}

  /** A piece of work. */
  interface Job {
    void run() throws IOException;
  }

  /** Runs all jobs and returns when they are done; throws what the first failing one threw. */
  static void run(List<Job> jobs) throws IOException {
    int parallel = Math.max(1, Runtime.getRuntime().availableProcessors());
    try (ExecutorService executor = Executors.newFixedThreadPool(parallel)) {
      List<Future<?>> futures = new ArrayList<>();
      for (Job job : jobs) {
        futures.add(
            executor.submit(
                () -> {
                  job.run();
                  return null;
                }));
      }
      for (Future<?> future : futures) {
        await(future);
      }
    }
  }

  private static void await(Future<?> future) throws IOException {
    try {
      future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
