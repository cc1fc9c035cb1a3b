package org.ouroboros.allocator.region;

import java.lang.foreign.MemorySegment;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.Reservation;

/** Where a region's chunks come from. */
interface ChunkSupply {

  /** What chunks are aligned to. */
  long ALIGNMENT = Allocator.MIN_ALIGNMENT;

  /**
   * Gets a chunk.
   *
   * @param bytes how large it is to be at least
   * @return a new chunk
   * @throws RuntimeException if there is no memory for it; whatever the supply throws
   */
  Chunk chunk(long bytes);

  /** Chunks as blocks of an allocator. */
  static ChunkSupply of(Allocator allocator) {
    return bytes -> {
      long address = allocator.malloc(bytes);
      MemorySegment memory = allocator.segment(address, bytes);
      return new Chunk(memory, () -> allocator.free(address));
    };
  }

  /** Chunks as reservations of a source, committed as a whole. */
  static ChunkSupply of(MemorySource source) {
    return bytes -> {
      long unit = source.granularity();
      Reservation reservation = source.reserve((bytes + unit - 1) & -unit, unit);
      try {
        reservation.commit(0, reservation.size());
      } catch (RuntimeException e) {
        reservation.release();
        throw e;
      }
      return new Chunk(reservation.segment(), reservation::release);
    };
  }
}
