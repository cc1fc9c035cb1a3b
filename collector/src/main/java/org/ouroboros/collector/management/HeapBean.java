package org.ouroboros.collector.management;

import java.util.List;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.GenerationStats;
import org.ouroboros.collector.statistics.HeapPublisher;

/**
 * The bean of one heap.
 *
 * <p>Thread rule: any thread.
 */
final class HeapBean implements HeapMXBean {

  private static final CollectionListener.Summary NONE =
      new CollectionListener.Summary(-1, -1, -1, -1, -1);

  private final HeapPublisher publisher;
  private final String name;
  private final boolean shared;

  HeapBean(HeapPublisher publisher, String name, boolean shared) {
    this.publisher = publisher;
    this.name = name;
    this.shared = shared;
  }

  @Override
  public long getPublishedTime() {
    return publisher.latest().time();
  }

  @Override
  public boolean isClosed() {
    return publisher.latest().closed();
  }

  @Override
  public boolean isShared() {
    return shared;
  }

  @Override
  public long getLiveObjects() {
    return publisher.latest().heap().liveObjects();
  }

  @Override
  public long getTrackedObjects() {
    return publisher.latest().heap().trackedObjects();
  }

  @Override
  public long getLiveBytes() {
    return publisher.latest().heap().liveBytes();
  }

  @Override
  public long getCommittedBytes() {
    return publisher.latest().heap().committedBytes();
  }

  @Override
  public long getMetadataBytes() {
    return publisher.latest().heap().metadataBytes();
  }

  @Override
  public long getAllocations() {
    return publisher.latest().heap().allocations();
  }

  @Override
  public long getFrees() {
    return publisher.latest().heap().frees();
  }

  @Override
  public List<GenerationStats> getGenerations() {
    return publisher.latest().generations();
  }

  private CollectionListener.Summary last() {
    CollectionListener.Summary last = publisher.latest().last();
    return last == null ? NONE : last;
  }

  @Override
  public int getLastGeneration() {
    return last().generation();
  }

  @Override
  public long getLastNanos() {
    return last().durationNanos();
  }

  @Override
  public int getLastCollected() {
    return last().collected();
  }

  @Override
  public int getLastUncollectable() {
    return last().uncollectable();
  }

  @Override
  public void refresh() {
    if (!shared) {
      throw new IllegalStateException(
          name + ": the heap is confined to its thread, which alone can have it publish");
    }
    publisher.publish();
  }
}
