package org.ouroboros.benchmarks.collections;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.ouroboros.benchmarks.replay.ProcStatus;

/**
 * Fills a map with new keys and values, which nothing else refers to, and prints {@code ok}, by how
 * many bytes the process has become larger, and how many are in use on the Java heap.
 */
final class MemoryWorker {

  /** Of the warm-up, so that compiled code and the like are not counted. */
  private static final int WARM_UP = 20_000;

  private MemoryWorker() {}

  public static void main(String[] args) throws IOException {
    MapUnderTest.Kind kind = MapUnderTest.Kind.valueOf(args[0]);
    MapUnderTest.Maker maker = MapUnderTest.Maker.valueOf(args[1]);
    int entries = Integer.parseInt(args[2]);
    fill(kind, maker, WARM_UP).close();
    System.gc();
    try (ProcStatus status = new ProcStatus()) {
      long before = status.resident();
      MapUnderTest map = fill(kind, maker, entries);
      System.gc();
      long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      System.out.println("ok " + (status.resident() - before) + " " + used);
      if (map.size() != entries) {
        throw new IllegalStateException(map.size() + " entries");
      }
      map.close();
    }
  }

  private static MapUnderTest fill(MapUnderTest.Kind kind, MapUnderTest.Maker maker, int entries) {
    MapUnderTest map = MapUnderTest.open(kind, maker, entries);
    for (int i = 0; i < entries; i++) {
      map.putNew(i);
    }
    return map;
  }
}
