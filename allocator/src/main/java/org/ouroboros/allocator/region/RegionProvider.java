package org.ouroboros.allocator.region;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorProvider;
import org.ouroboros.allocator.Availability;

/** The region allocator by name, on the operating system's memory. */
public final class RegionProvider implements AllocatorProvider {

  /** Makes one; they are all alike. */
  public RegionProvider() {}

  @Override
  public String name() {
    return RegionAllocator.NAME;
  }

  @Override
  public Availability availability() {
    return new Availability(
        RegionAllocator.NAME, true, "built in; frees everything at once, when it is closed");
  }

  @Override
  public Allocator create() {
    return RegionAllocator.create();
  }
}
