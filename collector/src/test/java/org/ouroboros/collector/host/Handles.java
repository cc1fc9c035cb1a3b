package org.ouroboros.collector.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HostHandle;
import org.ouroboros.collector.ObjectType;

/** What tests of host handles share: making and dropping them, and waiting for the JVM. */
final class Handles {

  private static final long PATIENCE_NANOS = 120_000_000_000L;

  static final ObjectType NODE = ObjectType.builder("node").references(2).build();

  private Handles() {}

  /** Handles that alone own their objects. */
  static List<HostHandle> make(Heap heap, ObjectType type, int count) {
    List<HostHandle> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long ref = heap.allocate(type);
      made.add(heap.hostHandle(ref));
      heap.release(ref);
    }
    return made;
  }

  /** The same, but nothing refers to the handles any more. A method, so that no frame does. */
  static void drop(Heap heap, ObjectType type, int count) {
    make(heap, type, count);
  }

  /** Collects the JVM's garbage until something has come of it. */
  static void await(BooleanSupplier done) {
    long begin = System.nanoTime();
    while (!done.getAsBoolean()) {
      assertThat(System.nanoTime() - begin).as("still waiting").isLessThan(PATIENCE_NANOS);
      System.gc();
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Drains until all of so many references were given back. */
  static void drainUntil(Heap heap, long unreachable) {
    await(
        () -> {
          heap.drainHostHandles();
          return heap.hostHandleReport().unreachable() == unreachable;
        });
  }

  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
