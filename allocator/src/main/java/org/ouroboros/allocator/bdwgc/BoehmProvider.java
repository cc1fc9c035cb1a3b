package org.ouroboros.allocator.bdwgc;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorProvider;
import org.ouroboros.allocator.Availability;
import org.ouroboros.allocator.foreign.BoehmLibrary;

/** The allocator of libgc by name. */
public final class BoehmProvider implements AllocatorProvider {

  /** Makes one; they are all alike. */
  public BoehmProvider() {}

  @Override
  public String name() {
    return BoehmAllocator.NAME;
  }

  @Override
  public Availability availability() {
    return BoehmLibrary.availability();
  }

  @Override
  public Allocator create() {
    return BoehmAllocator.create();
  }
}
