package org.ouroboros.collector.heap;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;

/**
 * Counting, slots and tails of a shared heap.
 *
 * <p>References that are read are owned: a borrowed one could die at any time by what another
 * thread does. So {@link #getRef} and the like refuse; for tests that run on one thread, to whom
 * nothing else happens, a heap can be made that lends all the same.
 *
 * <p>Thread rule: any thread.
 */
abstract sealed class SharedSlots extends SharedFields permits SharedHeap {

  private final boolean lends;

  SharedSlots(HeapOptions options, boolean lends) {
    super(options);
    this.lends = lends;
  }

  /** Refuses what would give a borrowed reference. */
  final void checkLends(String instead) {
    if (!lends) {
      throw new UnsupportedOperationException(
          core.options.name()
              + ": a shared heap has no borrowed references, another thread could end them at any"
              + " time: use "
              + instead);
    }
  }

  // --------------------------------------------------------------------- counting

  public final void retain(long ref) {
    stop();
    try {
      core.retain(ref);
    } finally {
      resume();
    }
  }

  public final void release(long ref) {
    stop();
    try {
      core.release(ref);
    } finally {
      resume();
    }
  }

  public final long refCount(long ref) {
    stop();
    try {
      return core.refCount(ref);
    } finally {
      resume();
    }
  }

  public final long externalCount(long ref) {
    stop();
    try {
      return core.externalCount(ref);
    } finally {
      resume();
    }
  }

  // ------------------------------------------------------------------------ slots

  public final long getRef(long ref, int slot) {
    checkLends("loadRef");
    stop();
    try {
      return core.getRef(ref, slot);
    } finally {
      resume();
    }
  }

  public final long loadRef(long ref, int slot) {
    stop();
    try {
      return core.loadRef(ref, slot);
    } finally {
      resume();
    }
  }

  public final void setRef(long ref, int slot, long value) {
    stop();
    try {
      core.setRef(ref, slot, value);
    } finally {
      resume();
    }
  }

  public final void setRefMoved(long ref, int slot, long owned) {
    stop();
    try {
      core.setRefMoved(ref, slot, owned);
    } finally {
      resume();
    }
  }

  public final long exchangeRef(long ref, int slot, long owned) {
    stop();
    try {
      return core.exchangeRef(ref, slot, owned);
    } finally {
      resume();
    }
  }

  public final long takeRef(long ref, int slot) {
    return exchangeRef(ref, slot, Heap.NULL);
  }

  public final void moveRef(long from, int fromSlot, long to, int toSlot) {
    stop();
    try {
      core.moveRef(from, fromSlot, to, toSlot);
    } finally {
      resume();
    }
  }

  public final void addEdge(long target) {
    stop();
    try {
      core.addEdge(target);
    } finally {
      resume();
    }
  }

  public final void removeEdge(long target) {
    stop();
    try {
      core.removeEdge(target);
    } finally {
      resume();
    }
  }

  // ------------------------------------------------------------------------ tails

  public final int length(long ref) {
    stop();
    try {
      return core.length(ref);
    } finally {
      resume();
    }
  }

  public final int byteLength(long ref) {
    stop();
    try {
      return core.byteLength(ref);
    } finally {
      resume();
    }
  }

  public final long getElement(long ref, int index) {
    checkLends("loadElement");
    stop();
    try {
      return core.getElement(ref, index);
    } finally {
      resume();
    }
  }

  public final long loadElement(long ref, int index) {
    return loadRef(ref, elementSlot(ref, index));
  }

  public final void setElement(long ref, int index, long value) {
    setRef(ref, elementSlot(ref, index), value);
  }

  public final int elementSlot(long ref, int index) {
    stop();
    try {
      return core.elementSlot(ref, index);
    } finally {
      resume();
    }
  }
}
