package org.ouroboros.allocator.trace;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.page.EngineAccess;
import org.ouroboros.allocator.page.Face;

/**
 * What the faces of a {@link TracingAllocator} for the three domains share: whether tracing is on,
 * and how it learns of blocks.
 *
 * <p>Thread rule: any thread.
 */
final class TraceState {

  final TraceOptions options;
  final boolean shared;

  /** The only thread that is served; null if all are. */
  final @Nullable Thread owner;

  /** Of the default allocator: its calls; null around others. */
  final @Nullable Face face;

  /** Null while tracing is off. Written under the lock of this. */
  volatile @Nullable Traces traces;

  /** The same if they are told of every block; null where the default allocator samples. */
  volatile @Nullable Traces told;

  /** How much the default allocator is to sample for all domains. */
  private final TraceSampler rate;

  TraceState(Allocator inner, TraceOptions options) {
    this.options = options;
    this.shared = inner.capabilities().threadSafe();
    this.owner = shared ? null : Thread.currentThread();
    this.face = EngineAccess.face(inner);
    this.rate = new TraceSampler(this, Domain.MEM);
    if (options.start()) {
      set(options);
    }
  }

  private void set(TraceOptions now) {
    boolean asks = face == null || now.sampleBytes() == 0;
    Traces made = Traces.of(now, shared, asks);
    traces = made;
    told = asks ? made : null;
    if (face != null && !asks) {
      face.startSampling(rate);
    }
  }

  synchronized boolean start(TraceOptions now) {
    if (traces != null) {
      return false;
    }
    set(now);
    return true;
  }

  synchronized void stop() {
    told = null;
    traces = null;
    endSampling();
  }

  synchronized void clear() {
    Traces known = traces;
    if (known != null) {
      endSampling();
      set(known.options);
    }
  }

  /** Of an allocator that is closed: its samples stay readable. */
  synchronized void endSampling() {
    if (face != null) {
      face.stopSampling(rate);
    }
  }
}
