package org.ouroboros.collector.space;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.page.Engine;
import org.ouroboros.allocator.page.LocalHeap;
import org.ouroboros.allocator.sizeclass.SizeClasses;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.MmapSource;
import org.ouroboros.allocator.source.Reservation;
import org.ouroboros.allocator.source.SourceException;

/**
 * Objects in the size-class pages of one reservation: the id is the offset in units of 16 bytes.
 *
 * <p>{@link #memory} is the part that was committed so far. It stays readable and writable whatever
 * is freed or purged, so that an access with any id and any offset either stays in it, or fails its
 * bounds check.
 */
public final class PagedSpace extends ObjectSpace {

  private static final int SHIFT = 4;

  /** Reservations are aligned to this, so that large alignments waste little. */
  private static final long ALIGNMENT = 4L << 20;

  /** Less than this is not worth having, if more was asked for. */
  private static final long LEAST = 64L << 20;

  private static final long PURGE_DELAY_NANOS = 10_000_000;

  private final Engine engine;
  private final LocalHeap heap;
  private final long base;
  private final long size;

  /**
   * Makes a space.
   *
   * @param source of memory; null for the best one that is supported
   * @param bytes address space to reserve, less if the source refuses
   */
  public PagedSpace(
      String name, @Nullable MemorySource source, long bytes, boolean versioned, Faults faults) {
    super(versioned, faults);
    MemorySource from = source != null ? source : defaultSource();
    Reservation reservation = reserve(from, bytes);
    this.base = reservation.address();
    this.size = reservation.size();
    this.engine = Engine.contiguous(name, from, reservation, PURGE_DELAY_NANOS);
    this.heap = begin(engine);
    this.memory = engine.committed();
  }

  /** Takes id 0, which is the null reference. */
  private static LocalHeap begin(Engine engine) {
    try {
      LocalHeap heap = engine.heaps().acquire(Thread.currentThread());
      heap.malloc(1);
      return heap;
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private static MemorySource defaultSource() {
    return MmapSource.isSupported() ? MmapSource.create() : MappedFileSource.create();
  }

  private static Reservation reserve(MemorySource source, long bytes) {
    long wanted = bytes + (64 << 10) - 1 & -(64 << 10);
    while (true) {
      try {
        return source.reserve(wanted, ALIGNMENT);
      } catch (SourceException e) {
        wanted = wanted >>> 1 & -(64 << 10);
        if (wanted < Math.min(bytes, LEAST)) {
          throw e;
        }
      }
    }
  }

  @Override
  public long offset(int id) {
    return Integer.toUnsignedLong(id) << SHIFT;
  }

  @Override
  public long base() {
    return base;
  }

  @Override
  public long limit() {
    return memory.byteSize() >>> SHIFT;
  }

  @Override
  public boolean isPaged() {
    return true;
  }

  @Override
  int take(long bytes, long alignment) {
    long address;
    if (bytes > SizeClasses.MAX_MEDIUM) {
      address = engine.mallocLarge(bytes, Math.max(alignment, 64 << 10), true);
    } else {
      address = alignment <= 16 ? heap.malloc(bytes) : heap.alignedAlloc(alignment, bytes);
      engine.zero(address, bytes);
    }
    long offset = address - base;
    if (offset + bytes > memory.byteSize()) {
      memory = engine.committed();
    }
    return (int) (offset >>> SHIFT);
  }

  @Override
  public void free(int id) {
    heap.free(base + offset(id));
  }

  @Override
  public MemorySegment segment(long offset, long bytes, Arena arena) {
    return engine.segment(base + offset, bytes, arena);
  }

  @Override
  public long blockBytes(long bytes, long alignment) {
    long rounded = alignment <= 16 ? bytes : SizeClasses.roundToAlignment(bytes, alignment);
    return rounded <= SizeClasses.MAX_MEDIUM
        ? SizeClasses.blockSize(SizeClasses.of((int) rounded))
        : rounded + (64 << 10) - 1 & -(64 << 10);
  }

  @Override
  public long committedBytes() {
    return engine.committedBytes();
  }

  @Override
  public long metadataBytes() {
    return engine.metadataBytes();
  }

  @Override
  public String name() {
    return "paged space of " + size + " bytes";
  }

  @Override
  public void close() {
    memory = MemorySegment.NULL;
    engine.close();
  }
}
