package org.ouroboros.collector.statistics;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.statistics.EntryKind;
import org.ouroboros.allocator.statistics.ProcessStatistics;
import org.ouroboros.allocator.statistics.StatisticsEntry;
import org.ouroboros.allocator.statistics.StatisticsWriter;
import org.ouroboros.collector.Heap;

/**
 * Heaps in the statistics file of the process, see {@link ProcessStatistics}: while that is on,
 * every new heap is listed under its name, and writes its figures when a {@link HeapPublisher}
 * publishes.
 *
 * <p>Thread rule: each method is for threads that may use the heap.
 */
public final class HeapStatistics {

  /** Who publishes for the file. A publisher is kept by its heap, which has it for a listener. */
  private static final Map<Heap, WeakReference<HeapPublisher>> PUBLISHERS = new WeakHashMap<>();

  private HeapStatistics() {}

  /**
   * A heap was made: lists it under its name if statistics are on. {@link Heap} calls this.
   *
   * @param <T> its kind
   * @param heap a new one
   * @return the same
   */
  public static <T extends Heap> T made(T heap) {
    watch(heap, heap.options().name());
    return heap;
  }

  /**
   * Lists a heap, if statistics are on: one that was made before they were, or under another name.
   *
   * @param heap any one
   * @param name under which name
   * @return whether it is listed: false if statistics are off or the file has no more room
   * @throws WrongThreadException if the heap is confined to another thread
   * @throws IllegalStateException if it is closed
   */
  public static boolean watch(Heap heap, String name) {
    StatisticsWriter writer = ProcessStatistics.writer();
    if (writer == null) {
      return false;
    }
    heap.collector(); // that this thread may
    StatisticsEntry entry = writer.add(EntryKind.HEAP, name);
    if (!entry.isListed()) {
      return false;
    }
    HeapPublisher publisher =
        HeapPublisher.of(heap, figures -> write(writer, entry, figures), System::nanoTime);
    @Nullable HeapPublisher before = replace(heap, publisher);
    if (before != null) {
      before.close();
    }
    return true;
  }

  private static boolean write(
      StatisticsWriter writer, StatisticsEntry entry, HeapFigures figures) {
    entry.write(HeapFigure.all(figures));
    if (figures.closed()) {
      entry.end();
    }
    return !writer.isClosed();
  }

  private static @Nullable HeapPublisher replace(Heap heap, HeapPublisher publisher) {
    synchronized (PUBLISHERS) {
      WeakReference<HeapPublisher> before = PUBLISHERS.put(heap, new WeakReference<>(publisher));
      return before == null ? null : before.get();
    }
  }

  /**
   * Writes a heap's figures now, and not when it next collects. Does nothing if it is not listed.
   *
   * @param heap any one
   * @throws WrongThreadException if the heap is confined to another thread
   * @throws IllegalStateException if it is closed
   */
  public static void publish(Heap heap) {
    heap.collector(); // that this thread may
    WeakReference<HeapPublisher> publisher;
    synchronized (PUBLISHERS) {
      publisher = PUBLISHERS.get(heap);
    }
    HeapPublisher listed = publisher == null ? null : publisher.get();
    if (listed != null) {
      listed.publish();
    }
  }
}
