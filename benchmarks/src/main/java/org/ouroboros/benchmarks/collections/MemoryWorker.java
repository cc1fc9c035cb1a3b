package org.ouroboros.benchmarks.collections;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.ouroboros.benchmarks.collections.CollectionUnderTest.Maker;
import org.ouroboros.benchmarks.replay.ProcStatus;

/**
 * Fills a collection with new keys and values, which nothing else refers to, and prints {@code ok},
 * by how many bytes the process has become larger, and how many are in use on the Java heap.
 */
final class MemoryWorker {

  /** Of the warm-up, so that compiled code and the like are not counted. */
  private static final int WARM_UP = 20_000;

  private MemoryWorker() {}

  public static void main(String[] args) throws IOException {
    Subject subject = Subject.valueOf(args[0]);
    Maker maker = Maker.valueOf(args[1]);
    int entries = Integer.parseInt(args[2]);
    fill(subject, maker, WARM_UP).close();
    System.gc();
    try (ProcStatus status = new ProcStatus()) {
      long before = status.resident();
      CollectionUnderTest collection = fill(subject, maker, entries);
      System.gc();
      long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      System.out.println("ok " + (status.resident() - before) + " " + used);
      if (collection.size() != entries) {
        throw new IllegalStateException(collection.size() + " entries");
      }
      collection.close();
    }
  }

  private static CollectionUnderTest fill(Subject subject, Maker maker, int entries) {
    CollectionUnderTest collection = subject.open(maker, entries);
    for (int i = 0; i < entries; i++) {
      collection.putNew(i);
    }
    return collection;
  }
}
