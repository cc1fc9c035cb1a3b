package org.ouroboros.allocator;

import org.ouroboros.allocator.record.RecordingAllocator;

/** The suffix {@code _record}. */
final class RecordDecorator implements AllocatorDecorator {

  @Override
  public String suffix() {
    return RecordingAllocator.SUFFIX.substring(1);
  }

  @Override
  public Allocator decorate(Allocator inner) {
    return RecordingAllocator.wrap(inner);
  }
}
