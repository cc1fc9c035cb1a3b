package org.ouroboros.collector.heap;

import java.nio.file.Path;
import java.util.List;
import org.ouroboros.collector.HeapInspector;
import org.ouroboros.collector.ObjectVisitor;

/** The tools for a shared heap: the core's, in a stopped world. Thread rule: any thread. */
final class SharedInspector implements HeapInspector {

  private final SharedHeap heap;

  SharedInspector(SharedHeap heap) {
    this.heap = heap;
  }

  private HeapInspector core() {
    return heap.core.inspector();
  }

  @Override
  public long[] pathToRoots(long ref) {
    heap.stop();
    try {
      return core().pathToRoots(ref);
    } finally {
      heap.resume();
    }
  }

  @Override
  public void dump(Path path) {
    heap.stop();
    try {
      core().dump(path);
    } finally {
      heap.resume();
    }
  }

  @Override
  public List<String> verify() {
    heap.stop();
    try {
      return core().verify();
    } finally {
      heap.resume();
    }
  }

  @Override
  public String dot(int distance, long... refs) {
    heap.stop();
    try {
      return core().dot(distance, refs);
    } finally {
      heap.resume();
    }
  }

  @Override
  public String describe(long ref) {
    heap.stop();
    try {
      return core().describe(ref);
    } finally {
      heap.resume();
    }
  }

  @Override
  public void visitAll(ObjectVisitor visitor) {
    heap.stop();
    try {
      core().visitAll(visitor);
    } finally {
      heap.resume();
    }
  }

  @Override
  public void failAllocations(long first, long count) {
    heap.stop();
    try {
      core().failAllocations(first, count);
    } finally {
      heap.resume();
    }
  }
}
