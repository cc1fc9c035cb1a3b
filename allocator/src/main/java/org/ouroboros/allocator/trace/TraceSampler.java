package org.ouroboros.allocator.trace;

import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.page.Face;
import org.ouroboros.allocator.page.Sampler;

/**
 * Traces those allocations of the default allocator that its local heaps have counted to. Their
 * blocks are of pages apart, so that who frees or resizes one comes to a slow path, where it is
 * looked for.
 *
 * <p>Thread rule: any thread.
 */
final class TraceSampler implements Sampler {

  private final TraceState state;
  private final Domain domain;

  TraceSampler(TraceState state, Domain domain) {
    this.state = state;
    this.domain = domain;
  }

  @Override
  public double perBlock() {
    return 0;
  }

  @Override
  public double perByte() {
    return state.traces instanceof SampledTraces sampled ? sampled.perByte() : 0;
  }

  @Override
  public long serve(long size, long alignment, boolean zeroed) {
    Face face = state.face;
    if (face == null || !(state.traces instanceof SampledTraces sampled) || size == 0) {
      return 0;
    }
    long address;
    try {
      address = face.mallocHidden(alignment, size, zeroed);
    } catch (AllocationFailedException e) {
      return 0; // there may be room for it among the other blocks
    }
    sampled.add(address, size, domain);
    return address;
  }

  @Override
  public void zero(long address, long size) {
    throw new IllegalStateException("the blocks are the engine's");
  }
}
