package org.ouroboros.collector.management;

import java.util.List;
import org.ouroboros.collector.GenerationStats;

/**
 * A heap, as JMX clients see it: what it published last, see {@link
 * org.ouroboros.collector.statistics.HeapPublisher}. Reading never touches the heap.
 */
public interface HeapMXBean {

  /**
   * When the figures were published.
   *
   * @return milliseconds since 1970
   */
  long getPublishedTime();

  /**
   * Whether the heap is closed.
   *
   * @return true if these are its last figures
   */
  boolean isClosed();

  /**
   * Whether any thread may use the heap, and so {@link #refresh} works.
   *
   * @return false if it is confined to a thread
   */
  boolean isShared();

  /**
   * Objects that exist, garbage that was not collected yet among them.
   *
   * @return objects
   */
  long getLiveObjects();

  /**
   * Those that the collector looks at.
   *
   * @return objects
   */
  long getTrackedObjects();

  /**
   * What all objects take.
   *
   * @return bytes
   */
  long getLiveBytes();

  /**
   * Memory that is in use or kept for use.
   *
   * @return bytes
   */
  long getCommittedBytes();

  /**
   * Side tables and other Java arrays.
   *
   * @return bytes
   */
  long getMetadataBytes();

  /**
   * Objects made since the heap was.
   *
   * @return objects
   */
  long getAllocations();

  /**
   * Objects freed.
   *
   * @return objects
   */
  long getFrees();

  /**
   * What the collections did.
   *
   * @return a row for each generation, the youngest first
   */
  List<GenerationStats> getGenerations();

  /**
   * The generation of the last collection since the bean was registered.
   *
   * @return 0, 1 or 2; -1 if there was none
   */
  int getLastGeneration();

  /**
   * How long that collection took; of an incremental one, its slices together.
   *
   * @return nanoseconds; -1 if there was none
   */
  long getLastNanos();

  /**
   * The garbage that it freed.
   *
   * @return objects; -1 if there was none
   */
  int getLastCollected();

  /**
   * The garbage that it found and could not free.
   *
   * @return objects; -1 if there was none
   */
  int getLastUncollectable();

  /**
   * Has a shared heap publish now; waits for a collection that is running.
   *
   * @throws IllegalStateException if the heap is confined to a thread, which alone can ask it, or
   *     is closed
   */
  void refresh();
}
