package org.ouroboros.collector.heap;

import org.jspecify.annotations.Nullable;

/**
 * The places that one thread keeps ready for objects of one type with a tail, by the size of their
 * blocks: every multiple of 16 bytes.
 *
 * <p>Thread rule: as the {@link Mutator} it belongs to.
 */
final class ReadyTails {

  private static final int GRANULE_SHIFT = 4;
  private static final int GRANULE = 1 << GRANULE_SHIFT;

  private final TypeInfo info;
  private final @Nullable ReadyPlaces[] bySize =
      new ReadyPlaces[(TypeInfo.MAX_TAIL_BYTES >>> GRANULE_SHIFT) + 1];

  ReadyTails(TypeInfo info) {
    this.info = info;
  }

  /** Those of objects with a tail so long; null if there are none, or that is too large. */
  @Nullable ReadyPlaces get(int length) {
    long bytes = info.size(length, 0);
    return length < 0 || bytes > TypeInfo.MAX_TAIL_BYTES ? null : bySize[index(bytes)];
  }

  /** Notes those of objects that are not too large. */
  void put(int length, ReadyPlaces places) {
    bySize[index(info.size(length, 0))] = places;
  }

  private static int index(long bytes) {
    return (int) (bytes + GRANULE - 1) >>> GRANULE_SHIFT;
  }
}
