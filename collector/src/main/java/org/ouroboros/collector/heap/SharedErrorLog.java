package org.ouroboros.collector.heap;

import java.util.List;
import org.ouroboros.collector.ErrorLog;

/** The error log of a shared heap: the core's, in a stopped world. Thread rule: any thread. */
final class SharedErrorLog implements ErrorLog {

  private final SharedHeap heap;

  SharedErrorLog(SharedHeap heap) {
    this.heap = heap;
  }

  private ErrorLog core() {
    return heap.core.errors();
  }

  @Override
  public List<Failure> entries() {
    heap.stop();
    try {
      return core().entries();
    } finally {
      heap.resume();
    }
  }

  @Override
  public long total() {
    heap.stop();
    try {
      return core().total();
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
}
