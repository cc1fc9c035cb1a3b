package org.ouroboros.collector.inspect;

import java.nio.file.Path;
import java.util.List;
import org.ouroboros.collector.HeapInspector;
import org.ouroboros.collector.ObjectVisitor;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.hprof.HprofDump;

/** The tools for a confined heap. Thread rule: as the heap. */
public final class Inspector implements HeapInspector {

  private final ConfinedHeap heap;

  public Inspector(ConfinedHeap heap) {
    this.heap = heap;
  }

  @Override
  public long[] pathToRoots(long ref) {
    heap.checkReadable();
    heap.finishDeaths();
    return new RootPath(heap).to(heap.liveId(ref));
  }

  @Override
  public List<String> verify() {
    heap.checkReadable();
    heap.finishDeaths();
    return new Verifier(heap).verify();
  }

  @Override
  public String dot(int distance, long... refs) {
    heap.checkReadable();
    heap.finishDeaths();
    if (distance < 0) {
      throw new IllegalArgumentException("distance " + distance + " is negative");
    }
    return new DotWriter(heap).write(distance, refs);
  }

  @Override
  public String describe(long ref) {
    heap.checkReadable();
    heap.finishDeaths();
    return new Description(heap).of(heap.liveId(ref));
  }

  @Override
  public void visitAll(ObjectVisitor visitor) {
    heap.checkReadable();
    heap.finishDeaths();
    boolean before = heap.beginReadOnly();
    try {
      new LiveObjects(heap).visit(id -> visitor.visit(heap.reference(id)));
    } finally {
      heap.endReadOnly(before);
    }
  }

  @Override
  public void dump(Path path) {
    heap.checkReadable();
    HprofDump.write(heap, path);
  }

  @Override
  public void failAllocations(long first, long count) {
    heap.checkReadable();
    heap.store().faults.fail(first, count);
  }
}
