package org.ouroboros.collector.heap;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HostHandle;

/**
 * An owned reference that the JVM's collector may find. Every method keeps the handle reachable to
 * its end, so its node cannot be given back in the middle.
 *
 * <p>Thread rule: as the heap.
 */
final class OwnedHostHandle implements HostHandle {

  private final ConfinedHeap heap;

  /** Has the reference, since this object is gone when it is needed. */
  private final HandleQueue.Node node;

  private Cleaner.@Nullable Cleanable cleanable;

  OwnedHostHandle(ConfinedHeap heap, HandleQueue.Node node) {
    this.heap = heap;
    this.node = node;
  }

  /** From now on the reference is given back when this is unreachable. */
  void register() {
    cleanable = HandleQueue.register(this, node);
  }

  @Override
  public long get() {
    try {
      heap.checkThread();
      heap.checks.checkOpen();
      if (node.ref == Heap.NULL) {
        throw new IllegalStateException("the host handle is closed");
      }
      return node.ref;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public long retained() {
    try {
      long ref = get();
      heap.retain(ref);
      return ref;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean isClosed() {
    try {
      return node.ref == Heap.NULL;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void close() {
    try {
      heap.checkThread();
      if (node.ref != Heap.NULL) {
        closeOpen(node.ref);
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private void closeOpen(long owned) {
    if (!heap.isClosed()) {
      heap.checkReleasable(owned);
    }
    node.ref = Heap.NULL; // first: what dies by this may call user code, which may close this again
    if (cleanable != null) {
      cleanable.clean();
    }
    if (!heap.isClosed()) {
      heap.hostHandleClosed();
      heap.release(owned);
    }
  }

  @Override
  public String toString() {
    try {
      long ref = node.ref;
      return ref == Heap.NULL ? "closed host handle" : "host handle 0x" + Long.toHexString(ref);
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
