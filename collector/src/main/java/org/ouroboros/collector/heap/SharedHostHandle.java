package org.ouroboros.collector.heap;

import java.lang.ref.Reference;
import org.ouroboros.collector.HostHandle;

/**
 * A host handle of a shared heap: the core's, in a stopped world. The core's is reachable only from
 * here, and every method keeps this reachable to its end, so its reference is not given back in the
 * middle.
 *
 * <p>Thread rule: any thread; who closes it sees to it that no other thread uses what {@link #get}
 * has told.
 */
final class SharedHostHandle implements HostHandle {

  private final SharedHeap heap;
  private final HostHandle core;

  SharedHostHandle(SharedHeap heap, HostHandle core) {
    this.heap = heap;
    this.core = core;
  }

  @Override
  public long get() {
    heap.stop();
    try {
      return core.get();
    } finally {
      heap.resume();
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public long retained() {
    heap.stop();
    try {
      return core.retained();
    } finally {
      heap.resume();
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean isClosed() {
    heap.stop();
    try {
      return core.isClosed();
    } finally {
      heap.resume();
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void close() {
    if (!heap.tryStop()) {
      return; // the heap is being closed: there is nothing to be given back
    }
    try {
      core.close();
    } finally {
      heap.resume();
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public String toString() {
    try {
      return core.toString();
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
