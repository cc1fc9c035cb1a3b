package org.ouroboros.collector.heap;

import java.util.List;
import java.util.Set;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.DebugFlag;
import org.ouroboros.collector.Garbage;
import org.ouroboros.collector.GenerationStats;
import org.ouroboros.collector.ObjectVisitor;
import org.ouroboros.collector.cycle.CycleCollector.Progress;

/**
 * The collector of a shared heap: the core's, in a stopped world. References that its methods
 * return are borrowed as from any heap, so they are of use only while no other thread can end them.
 *
 * <p>Thread rule: any thread.
 */
final class SharedCollector implements Collector {

  /** For so long the lock is held, or the world is stopped, in one go. */
  private static final long MOST_NANOS = 200_000;

  private final SharedHeap heap;
  private final Garbage garbage;

  SharedCollector(SharedHeap heap) {
    this.heap = heap;
    this.garbage = new SharedGarbage(heap);
  }

  private Collector core() {
    return heap.core.cycles();
  }

  @Override
  public boolean enable() {
    heap.stop();
    try {
      return core().enable();
    } finally {
      heap.resume();
    }
  }

  @Override
  public boolean disable() {
    heap.stop();
    try {
      return core().disable();
    } finally {
      heap.resume();
    }
  }

  @Override
  public boolean isEnabled() {
    heap.stop();
    try {
      return core().isEnabled();
    } finally {
      heap.resume();
    }
  }

  @Override
  public int collect(int generation) {
    heap.stop();
    try {
      return core().collect(generation);
    } finally {
      heap.resume();
    }
  }

  @Override
  public boolean step(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException("a step of " + nanos + " ns");
    }
    long start = System.nanoTime();
    heap.stop();
    try {
      if (!heap.core.cycles().beginIncrements()) {
        return false;
      }
    } finally {
      heap.resume();
    }
    return goOn(start, nanos) == Progress.ENDED;
  }

  @Override
  public boolean assist(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException("a step of " + nanos + " ns");
    }
    // A racy look; who begins a collection needs no help in the same instant.
    return heap.core.cycles().isIncrementing() && goOn(System.nanoTime(), nanos) != Progress.NONE;
  }

  /** Marks beside the other threads, and does the rest in short stops. */
  private Progress goOn(long start, long nanos) {
    Progress progress = Progress.MORE;
    long left = nanos;
    do {
      if (markBeside(Math.min(left, MOST_NANOS))) {
        progress = goOnStopped(Math.min(left, MOST_NANOS));
      }
      heap.safepoint.letOthers();
      left = nanos - (System.nanoTime() - start);
    } while (progress == Progress.MORE && left > 0);
    return progress;
  }

  private boolean markBeside(long nanos) {
    if (heap.safepoint.isMine()) {
      return true; // in a stopped world
    }
    heap.safepoint.lock();
    try {
      return heap.core.cycles().markBeside(nanos);
    } finally {
      heap.safepoint.unlock();
    }
  }

  private Progress goOnStopped(long nanos) {
    if (!heap.tryStop()) {
      return Progress.NONE; // it is being closed
    }
    try {
      return heap.core.cycles().goOn(nanos);
    } finally {
      heap.resume();
    }
  }

  @Override
  public void setThreshold(int threshold) {
    heap.stop();
    try {
      core().setThreshold(threshold);
    } finally {
      heap.resume();
    }
  }

  @Override
  public void setThreshold(int threshold0, int threshold1) {
    heap.stop();
    try {
      core().setThreshold(threshold0, threshold1);
    } finally {
      heap.resume();
    }
  }

  @Override
  public void setThreshold(int threshold0, int threshold1, int threshold2) {
    heap.stop();
    try {
      core().setThreshold(threshold0, threshold1, threshold2);
    } finally {
      heap.resume();
    }
  }

  @Override
  public Counters threshold() {
    heap.stop();
    try {
      return core().threshold();
    } finally {
      heap.resume();
    }
  }

  @Override
  public Counters count() {
    heap.stop();
    try {
      return core().count();
    } finally {
      heap.resume();
    }
  }

  @Override
  public List<GenerationStats> stats() {
    heap.stop();
    try {
      return core().stats();
    } finally {
      heap.resume();
    }
  }

  @Override
  public void setDebug(DebugFlag... flags) {
    heap.stop();
    try {
      core().setDebug(flags);
    } finally {
      heap.resume();
    }
  }

  @Override
  public Set<DebugFlag> debug() {
    heap.stop();
    try {
      return core().debug();
    } finally {
      heap.resume();
    }
  }

  @Override
  public Garbage garbage() {
    return garbage;
  }

  @Override
  public long[] objects() {
    heap.stop();
    try {
      return core().objects();
    } finally {
      heap.resume();
    }
  }

  @Override
  public long[] objects(int generation) {
    heap.stop();
    try {
      return core().objects(generation);
    } finally {
      heap.resume();
    }
  }

  @Override
  public long[] referrers(long... targets) {
    heap.stop();
    try {
      return core().referrers(targets);
    } finally {
      heap.resume();
    }
  }

  @Override
  public long[] referents(long... refs) {
    heap.stop();
    try {
      return core().referents(refs);
    } finally {
      heap.resume();
    }
  }

  @Override
  public boolean isTracked(long ref) {
    heap.stop();
    try {
      return core().isTracked(ref);
    } finally {
      heap.resume();
    }
  }

  @Override
  public boolean isFinalized(long ref) {
    heap.stop();
    try {
      return core().isFinalized(ref);
    } finally {
      heap.resume();
    }
  }

  @Override
  public int generation(long ref) {
    heap.stop();
    try {
      return core().generation(ref);
    } finally {
      heap.resume();
    }
  }

  @Override
  public void freeze() {
    heap.stop();
    try {
      core().freeze();
    } finally {
      heap.resume();
    }
  }

  @Override
  public void unfreeze() {
    heap.stop();
    try {
      core().unfreeze();
    } finally {
      heap.resume();
    }
  }

  @Override
  public long freezeCount() {
    heap.stop();
    try {
      return core().freezeCount();
    } finally {
      heap.resume();
    }
  }

  @Override
  public void addListener(CollectionListener listener) {
    heap.stop();
    try {
      core().addListener(listener);
    } finally {
      heap.resume();
    }
  }

  @Override
  public boolean removeListener(CollectionListener listener) {
    heap.stop();
    try {
      return core().removeListener(listener);
    } finally {
      heap.resume();
    }
  }

  @Override
  public void visitObjects(ObjectVisitor visitor) {
    heap.stop();
    try {
      core().visitObjects(visitor);
    } finally {
      heap.resume();
    }
  }
}
