package org.ouroboros.allocator.statistics;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.ouroboros.allocator.Allocator;

/**
 * Writes the counters of allocators to a statistics file, once a second, and marks the file as
 * ended when the JVM ends in an orderly way. It keeps no allocator alive.
 *
 * <p>Thread rule: any thread.
 */
final class Sampler implements Runnable {

  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final StatisticsWriter writer;
  private final List<Watched> watched = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private final Thread atExit;
  private volatile boolean stopped;

  /** An allocator and its entry. */
  private record Watched(WeakReference<Allocator> allocator, StatisticsEntry entry) {}

  Sampler(StatisticsWriter writer) {
    this.writer = writer;
    this.thread = thread("ouroboros-statistics", this);
    this.atExit = thread("ouroboros-statistics-end", this::finish);
  }

  /** A thread that keeps nothing of whoever happens to start it. */
  private static Thread thread(String name, Runnable task) {
    Thread made =
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .inheritInheritableThreadLocals(false)
            .unstarted(task);
    made.setContextClassLoader(null);
    return made;
  }

  void start() {
    try {
      Runtime.getRuntime().addShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is ending: who reads the file finds out that the process is gone.
    }
    thread.start();
  }

  StatisticsWriter writer() {
    return writer;
  }

  @Override
  public void run() {
    while (!stopped && !writer.isClosed()) {
      sample();
      LockSupport.parkNanos(this, INTERVAL_NANOS);
    }
  }

  void sample() {
    List<Watched> gone = new ArrayList<>();
    for (Watched one : watched) {
      Allocator allocator = one.allocator.get();
      if (allocator == null) {
        gone.add(one);
        one.entry.end();
      } else {
        sample(allocator, one.entry);
      }
    }
    watched.removeAll(gone);
    writer.sampled();
  }

  private static void sample(Allocator allocator, StatisticsEntry entry) {
    long[] figures;
    try {
      figures = AllocatorFigure.of(allocator.stats());
    } catch (RuntimeException e) {
      return; // an embedder's own, which fails: the last figures stay, with their time
    }
    entry.write(figures);
  }

  boolean watch(Allocator allocator, String name) {
    StatisticsEntry entry = writer.add(EntryKind.ALLOCATOR, name);
    if (entry.isListed()) {
      watched.add(new Watched(new WeakReference<>(allocator), entry));
      sample(allocator, entry);
    }
    return entry.isListed();
  }

  void closing(Allocator allocator) {
    List<Watched> closing =
        watched.stream().filter(one -> one.allocator.refersTo(allocator)).toList();
    watched.removeAll(closing);
    for (Watched one : closing) {
      sample(allocator, one.entry);
      one.entry.end();
    }
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // It is running.
    }
    finish();
  }

  private void finish() {
    sample();
    writer.close();
  }
}
