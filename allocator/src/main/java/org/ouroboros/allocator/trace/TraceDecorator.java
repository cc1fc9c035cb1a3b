package org.ouroboros.allocator.trace;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorDecorator;
import org.ouroboros.allocator.AllocatorUnavailableException;

/** The suffix {@code _trace}: a {@link TracingAllocator} with the options of the properties. */
public final class TraceDecorator implements AllocatorDecorator {

  /** Makes one; they are all alike. */
  public TraceDecorator() {}

  @Override
  public String suffix() {
    return TracingAllocator.SUFFIX;
  }

  @Override
  public Allocator decorate(Allocator inner) {
    try {
      return TracingAllocator.wrap(inner, TraceOptions.fromProperties());
    } catch (IllegalArgumentException e) {
      throw new AllocatorUnavailableException(
          inner.name() + "_" + TracingAllocator.SUFFIX, String.valueOf(e.getMessage()), e);
    }
  }
}
