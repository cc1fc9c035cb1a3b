package org.ouroboros.allocator.debug;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorDecorator;
import org.ouroboros.allocator.AllocatorUnavailableException;

/** The suffix {@code _debug}: a {@link DebugAllocator} with the options of the properties. */
public final class DebugDecorator implements AllocatorDecorator {

  static final String SUFFIX = "debug";

  /** Makes one; they are all alike. */
  public DebugDecorator() {}

  @Override
  public String suffix() {
    return SUFFIX;
  }

  @Override
  public Allocator decorate(Allocator inner) {
    try {
      return DebugAllocator.wrap(inner, DebugOptions.fromProperties());
    } catch (IllegalArgumentException e) {
      throw new AllocatorUnavailableException(
          inner.name() + "_" + SUFFIX, String.valueOf(e.getMessage()), e);
    }
  }
}
