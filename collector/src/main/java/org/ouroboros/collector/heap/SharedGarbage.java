package org.ouroboros.collector.heap;

import org.ouroboros.collector.Garbage;

/** The garbage list of a shared heap: the core's, in a stopped world. Thread rule: any thread. */
final class SharedGarbage implements Garbage {

  private final SharedHeap heap;

  SharedGarbage(SharedHeap heap) {
    this.heap = heap;
  }

  private Garbage core() {
    return heap.core.cycles().garbage();
  }

  @Override
  public int size() {
    heap.stop();
    try {
      return core().size();
    } finally {
      heap.resume();
    }
  }

  @Override
  public long get(int index) {
    heap.stop();
    try {
      return core().get(index);
    } finally {
      heap.resume();
    }
  }

  @Override
  public boolean remove(long ref) {
    heap.stop();
    try {
      return core().remove(ref);
    } finally {
      heap.resume();
    }
  }

  @Override
  public void clear() {
    heap.stop();
    try {
      core().clear();
    } finally {
      heap.resume();
    }
  }

  @Override
  public long[] toArray() {
    heap.stop();
    try {
      return core().toArray();
    } finally {
      heap.resume();
    }
  }
}
