package org.ouroboros.benchmarks.program;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.ouroboros.benchmarks.replay.ProcStatus;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.ObjectType;

/**
 * The main class of a forked JVM that makes a doubly linked ring, once on a heap or of Java
 * objects, collects, and tells what it takes: a line {@code ok USED RESIDENT}, in bytes, or {@code
 * failed MESSAGE}. Both are growth from before the ring was made, since a JVM has memory of its
 * own.
 */
public final class FootprintWorker {

  /** The first argument: objects of a heap of the collector's. */
  static final String HEAP = "heap";

  /** The first argument: Java objects. */
  static final String JAVA = "java";

  private static final ObjectType TWO = ObjectType.builder("two").references(2).build();

  private FootprintWorker() {}

  /** An object of two references. */
  private static final class Node {
    @Nullable Node next;
    @Nullable Node previous;
  }

  /** What a ring takes. */
  record Footprint(long used, long resident) {}

  /**
   * Makes the ring.
   *
   * @param args what of, and of how many objects
   */
  public static void main(String[] args) {
    String line;
    try {
      int objects = Integer.parseInt(args[1]);
      Footprint found = args[0].equals(HEAP) ? onHeap(objects) : onJava(objects);
      line = "ok " + found.used + " " + found.resident;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      line = "failed " + e.toString().replaceAll("\\s+", " ");
    }
    System.out.println(line);
  }

  /** Used is what the space holds, and the tables on the Java heap. */
  static Footprint onHeap(int objects) throws IOException {
    System.gc();
    try (ProcStatus status = new ProcStatus()) {
      long resident = status.resident();
      try (Heap heap = Heap.ofConfined()) {
        long first = heap.allocate(TWO);
        long last = first;
        for (int i = 1; i < objects; i++) {
          long next = heap.allocate(TWO);
          heap.setRef(next, 1, last);
          heap.setRef(last, 0, next);
          if (last != first) {
            heap.release(last);
          }
          last = next;
        }
        heap.setRef(last, 0, first);
        heap.setRef(first, 1, last);
        heap.collector().collect();
        System.gc();
        HeapStats stats = heap.stats();
        if (stats.liveObjects() != objects) {
          throw new IllegalStateException(stats.liveObjects() + " objects, not " + objects);
        }
        return new Footprint(
            stats.committedBytes() + stats.metadataBytes(), status.resident() - resident);
      }
    }
  }

  /** Used is what the Java heap has in use after a full collection. */
  static Footprint onJava(int objects) throws IOException {
    try (ProcStatus status = new ProcStatus()) {
      long used = usedAfterCollection();
      long resident = status.resident();
      Node first = new Node();
      Node last = first;
      for (int i = 1; i < objects; i++) {
        Node next = new Node();
        next.previous = last;
        last.next = next;
        last = next;
      }
      last.next = first;
      first.previous = last;
      Footprint found = new Footprint(usedAfterCollection() - used, status.resident() - resident);
      check(first, objects); // so that it was alive till now
      return found;
    }
  }

  private static void check(Node first, int objects) {
    int count = 0;
    Node node = first;
    do {
      Node next = node.next;
      if (next == null || next.previous != node) {
        throw new IllegalStateException("the ring is broken after " + count + " objects");
      }
      node = next;
      count++;
    } while (node != first);
    if (count != objects) {
      throw new IllegalStateException(count + " objects, not " + objects);
    }
  }

  private static long usedAfterCollection() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
