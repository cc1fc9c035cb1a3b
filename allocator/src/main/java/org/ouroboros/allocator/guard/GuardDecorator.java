package org.ouroboros.allocator.guard;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorDecorator;
import org.ouroboros.allocator.AllocatorUnavailableException;

/** The suffix {@code _guard}: a {@link GuardAllocator} with the options of the properties. */
public final class GuardDecorator implements AllocatorDecorator {

  /** Makes one; they are all alike. */
  public GuardDecorator() {}

  @Override
  public String suffix() {
    return GuardAllocator.SUFFIX;
  }

  @Override
  public Allocator decorate(Allocator inner) {
    try {
      return GuardAllocator.wrap(inner, GuardOptions.fromProperties());
    } catch (IllegalArgumentException e) {
      throw new AllocatorUnavailableException(
          inner.name() + "_" + GuardAllocator.SUFFIX, String.valueOf(e.getMessage()), e);
    }
  }
}
