package org.ouroboros.allocator;

import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MmapSource;
import org.ouroboros.allocator.source.SourceException;

/** The default allocator, which needs nothing that could be absent. */
final class OuroborosProvider implements AllocatorProvider {

  static final String NAME = "ouroboros";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability availability() {
    return new Availability(
        NAME,
        true,
        MmapSource.obstacle()
            .map(why -> "built in; memory from " + MappedFileSource.NAME + ": " + why)
            .orElse("built in; memory from " + MmapSource.NAME));
  }

  @Override
  public Allocator create() {
    try {
      return OuroborosAllocator.create();
    } catch (SourceException e) {
      throw new AllocatorUnavailableException(NAME, String.valueOf(e.getMessage()), e);
    }
  }
}
