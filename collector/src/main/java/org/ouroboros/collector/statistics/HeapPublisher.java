package org.ouroboros.collector.statistics;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Heap;

/**
 * Has a heap publish its figures, so that threads which may not use it can know them. Nobody ever
 * asks the heap: it publishes by itself, on the thread that uses it,
 *
 * <ul>
 *   <li>when this is made,
 *   <li>at the end of each full collection, and of a younger one if it last did 100 ms ago or
 *       longer: reading the counters takes a look at each of the heap's pages,
 *   <li>when the heap is about to be closed, and
 *   <li>whenever {@link #publish} is called.
 * </ul>
 *
 * <p>A heap that does not collect for long, such as one of objects that are not tracked, shows old
 * figures unless its owner calls {@link #publish} now and then; {@link HeapFigures#time} tells.
 *
 * <p>It is a {@link CollectionListener} of the heap, and as with any, what frees all that is left
 * of a heap when its last reference goes is a collection like others then (see {@link Heap}).
 *
 * <p>Thread rule: making one and {@link #publish} are for threads that may use the heap; the rest
 * is for any. The heap is asked without a lock, since another thread that shares it may have
 * stopped the world; two that publish at the same time may overtake each other.
 */
public final class HeapPublisher implements AutoCloseable {

  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Heap heap;

  /** Is given all figures, under the lock; says whether it wants more. */
  private final Predicate<HeapFigures> reader;

  private final LongSupplier clock;
  private final CollectionListener listener = new Listener();

  private volatile CollectionListener.@Nullable Summary last;
  private volatile long published;
  private volatile HeapFigures latest;
  private volatile boolean ended;

  private HeapPublisher(Heap heap, Predicate<HeapFigures> reader, LongSupplier clock) {
    this.heap = heap;
    this.reader = reader;
    this.clock = clock;
    this.latest = figures(false);
  }

  /**
   * Has a heap publish from now on.
   *
   * @param heap any one
   * @return what has its latest figures; closed by the caller, or with the heap
   * @throws WrongThreadException if the heap is confined to another thread
   * @throws IllegalStateException if it is closed
   */
  public static HeapPublisher of(Heap heap) {
    return of(heap, figures -> true, System::nanoTime);
  }

  static HeapPublisher of(Heap heap, Predicate<HeapFigures> reader, LongSupplier clock) {
    HeapPublisher made = new HeapPublisher(heap, reader, clock);
    made.tell(made.latest);
    heap.collector().addListener(made.listener);
    return made;
  }

  /**
   * What the heap published last.
   *
   * @return never null
   */
  public HeapFigures latest() {
    return latest;
  }

  /**
   * Publishes the heap's figures as they are now. After {@link #close} it does nothing.
   *
   * @throws WrongThreadException if the heap is confined to another thread
   * @throws IllegalStateException if it is closed
   */
  public void publish() {
    if (!ended) {
      tell(figures(false));
    }
  }

  private HeapFigures figures(boolean closes) {
    HeapFigures figures =
        new HeapFigures(
            System.currentTimeMillis(), heap.stats(), heap.collector().stats(), last, closes);
    published = clock.getAsLong();
    return figures;
  }

  private synchronized void tell(HeapFigures figures) {
    if (!ended) {
      latest = figures;
      ended = !reader.test(figures) || figures.closed();
    }
  }

  /**
   * Ends publishing; {@link #latest} stays. If the heap is confined to another thread, its listener
   * goes at the end of its next collection.
   */
  @Override
  public void close() {
    ended = true;
    try {
      heap.collector().removeListener(listener);
    } catch (WrongThreadException | IllegalStateException e) {
      // Another thread's, or closed.
    }
  }

  /** Apart, so that nobody else can call it. */
  private final class Listener implements CollectionListener {

    @Override
    public void onStop(Summary summary) {
      if (ended) {
        heap.collector().removeListener(this);
        return;
      }
      last = summary;
      if (summary.generation() == Collector.OLDEST
          || clock.getAsLong() - published >= INTERVAL_NANOS) {
        tell(figures(false));
      }
    }

    @Override
    public void onClose() {
      if (!ended) {
        tell(figures(true));
      }
    }
  }
}
