package org.ouroboros.collector.space;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.allocator.page.Engine;
import org.ouroboros.allocator.page.LocalHeap;
import org.ouroboros.allocator.sizeclass.SizeClasses;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.MmapSource;
import org.ouroboros.allocator.source.Reservation;
import org.ouroboros.allocator.source.SourceException;

/**
 * Objects in one reservation: the id is the offset in units of 16 bytes. Objects of up to {@value
 * BlockSizes#MAX_BYTES} bytes are blocks of a {@link BlockClass}, those of up to a page are runs of
 * units of 1 KiB, larger ones whole pages of the engine.
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

  /** Objects with a larger alignment begin with a page of the engine. */
  private static final long UNIT_ALIGNMENT = BlockSizes.UNIT_BYTES;

  private static final long PAGE_BYTES = 64 << 10;

  private final Engine engine;
  private final Spans spans;
  private final BlockClass[] classes = new BlockClass[BlockSizes.COUNT];
  private final long base;
  private final long size;

  /**
   * From here up to {@link #staleEnd} memory may have headers of objects that are gone, and no
   * object begins there.
   */
  private long staleBegin = Long.MAX_VALUE;

  private long staleEnd;

  /**
   * Makes a space.
   *
   * @param source of memory; null for the best one that is supported
   * @param bytes address space to reserve, less if the source refuses
   */
  public PagedSpace(
      String name, @Nullable MemorySource source, long bytes, boolean versioned, Faults faults) {
    super(versioned, true, faults);
    MemorySource from = source != null ? source : defaultSource();
    Reservation reservation = reserve(from, bytes);
    this.base = reservation.address();
    this.size = reservation.size();
    this.engine = Engine.contiguous(name, from, reservation, PURGE_DELAY_NANOS);
    this.spans = begin(engine, faults);
    for (int c = 0; c < classes.length; c++) {
      classes[c] = new BlockClass(spans, sides(), c);
    }
    this.memory = engine.committed();
  }

  /** Takes the unit of id 0, which is the null reference. */
  private Spans begin(Engine engine, Faults faults) {
    try {
      LocalHeap heap = engine.heaps().acquire(Thread.currentThread());
      Spans made = new Spans(engine, heap, sides(), faults, base);
      made.take(1, Spans.RUN, Spans.REST, false);
      return made;
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
    return Words.base(base);
  }

  @Override
  public long limit() {
    return Math.min(memory.byteSize(), staleBegin) >>> SHIFT;
  }

  @Override
  public boolean isForgotten(long id) {
    return id << SHIFT >= staleBegin && id << SHIFT < staleEnd;
  }

  @Override
  public boolean isPaged() {
    return true;
  }

  @Override
  public @Nullable BlockClass blocks(long bytes, long alignment) {
    long rounded = SizeClasses.roundToAlignment(bytes, alignment);
    return rounded <= BlockSizes.MAX_BYTES ? classes[BlockSizes.of((int) rounded)] : null;
  }

  @Override
  int take(long bytes, long alignment) {
    try {
      return tryToTake(bytes, alignment);
    } catch (AllocatorException e) {
      // What is at hand, and empty spans, may be what is missing.
      for (BlockClass blocks : classes) {
        blocks.flush();
      }
      return tryToTake(bytes, alignment);
    }
  }

  private int tryToTake(long bytes, long alignment) {
    BlockClass blocks = blocks(bytes, alignment);
    int id;
    if (blocks != null) {
      id = blocks.take();
    } else if (bytes <= PAGE_BYTES && alignment <= UNIT_ALIGNMENT) {
      id = spans.take(units(bytes), Spans.RUN, Spans.REST, false) << BlockSizes.UNIT_SHIFT;
    } else {
      id = spans.takePages(bytes, alignment) << BlockSizes.UNIT_SHIFT;
    }
    long offset = offset(id);
    if (offset + bytes > memory.byteSize()) {
      memory = engine.committed();
    }
    if (offset + bytes > staleBegin) {
      clearStale(offset + bytes);
    }
    if (blocks != null || bytes <= PAGE_BYTES) {
      engine.zero(base + offset, bytes);
    }
    return id;
  }

  @Override
  public boolean provide(BlockClass blocks, boolean alone) {
    if (!alone && sides().cycleMarks.isActive()) {
      return false; // the marks, which others set, may have to be replaced by longer ones
    }
    int span;
    try {
      span = blocks.takeSpan();
    } catch (AllocatorException | OutOfMemoryError e) {
      return false;
    }
    long end = (long) (span + blocks.spanUnits) * BlockSizes.UNIT_BYTES;
    boolean grows = end > memory.byteSize();
    boolean usable = alone || end <= staleBegin && !(grows && Words.ALL == null);
    blocks.provide(span, usable);
    if (usable && grows) {
      memory = engine.committed();
    }
    if (usable && end > staleBegin) {
      clearStale(end);
    }
    return usable;
  }

  @Override
  public boolean extend(int id, long former, long bytes, boolean zeroed) {
    if (!spans.extendPages(id >>> BlockSizes.UNIT_SHIFT, bytes, zeroed)) {
      return false;
    }
    long end = offset(id) + bytes;
    if (end > memory.byteSize()) {
      memory = engine.committed();
    }
    if (end > staleBegin) {
      clearStale(end); // what the object had before is below
    }
    if (zeroed) { // the engine's pages are zero, but the rest of the last former one need not be
      long pages = former + PAGE_BYTES - 1 & -PAGE_BYTES;
      engine.zero(base + offset(id) + former, Math.min(pages, bytes) - former);
    }
    return true;
  }

  /** Pages up to there are used again. The engine gives the lowest ones first. */
  private void clearStale(long end) {
    long to = Math.min(end + PAGE_BYTES - 1 & -PAGE_BYTES, staleEnd);
    if (to > staleBegin) {
      memory.asSlice(staleBegin, to - staleBegin).fill((byte) 0);
    }
    staleBegin = to == staleEnd ? Long.MAX_VALUE : to;
  }

  private static int units(long bytes) {
    return (int) (bytes + BlockSizes.UNIT_BYTES - 1) / BlockSizes.UNIT_BYTES;
  }

  @Override
  public void free(int id) {
    int unit = id >>> BlockSizes.UNIT_SHIFT;
    byte kind = spans.kinds[unit];
    switch (kind) {
      case Spans.RUN -> spans.giveBack(unit, spans.runUnits(unit));
      case Spans.PAGES -> spans.giveBackPages(unit);
      default -> classes[Spans.sizeClass(kind)].give(id);
    }
  }

  @Override
  public long freeTrash(SidePage page) {
    long bytes = 0;
    int firstUnit = page.firstId >>> BlockSizes.UNIT_SHIFT;
    for (int w = 0; w < SidePage.WORDS; ) {
      byte kind = spans.kinds[firstUnit + w];
      if (Spans.isOfBlocks(kind)) {
        BlockClass blocks = classes[Spans.sizeClass(kind)];
        bytes += blocks.giveTrash(firstUnit + w, page);
        w += blocks.spanUnits;
      } else {
        // such an object begins with its unit
        if ((page.bits[SidePage.TRASH + w] & 1) != 0) {
          int id = page.firstId + (w << BlockSizes.UNIT_SHIFT);
          bytes += usedBytes(kind, firstUnit + w);
          free(id);
        }
        w++;
      }
    }
    return bytes;
  }

  /** Lowers the limit instead of clearing headers: pages are cleared when they are used again. */
  @Override
  public void forgetAll() {
    for (BlockClass blocks : classes) {
      blocks.forgetAll();
    }
    // The null reference is in the first page. What is free there has no headers.
    memory.asSlice(0, (long) spans.usedInFirstPage() * BlockSizes.UNIT_BYTES).fill((byte) 0);
    spans.forgetAll();
    staleEnd = (long) spans.end() << SidePage.SHIFT + SHIFT;
    staleBegin = staleEnd > PAGE_BYTES ? PAGE_BYTES : Long.MAX_VALUE;
  }

  @Override
  public void setKeeping(boolean keeping) {
    spans.keeping = keeping;
    if (!keeping) {
      for (BlockClass blocks : classes) {
        blocks.giveUpEmptied();
      }
    }
  }

  private long usedBytes(byte kind, int unit) {
    return kind == Spans.RUN
        ? (long) spans.runUnits(unit) * BlockSizes.UNIT_BYTES
        : engine.usableSize(base + offset(unit << BlockSizes.UNIT_SHIFT));
  }

  @Override
  public MemorySegment segment(long offset, long bytes, Arena arena) {
    return engine.segment(base + offset, bytes, arena);
  }

  @Override
  public long blockBytes(long bytes, long alignment) {
    BlockClass blocks = blocks(bytes, alignment);
    if (blocks != null) {
      return blocks.bytes;
    }
    return bytes <= PAGE_BYTES && alignment <= UNIT_ALIGNMENT
        ? (long) units(bytes) * BlockSizes.UNIT_BYTES
        : bytes + PAGE_BYTES - 1 & -PAGE_BYTES;
  }

  @Override
  public long committedBytes() {
    return engine.committedBytes();
  }

  @Override
  public long metadataBytes() {
    long bytes = engine.metadataBytes() + spans.bytes();
    for (BlockClass blocks : classes) {
      bytes += blocks.metadataBytes();
    }
    return bytes;
  }

  /** What the memory is used for. The side bits are exact. */
  public SpaceMap map() {
    return new SpaceMap(engine.report().runs(), spans, sides());
  }

  @Override
  public String name() {
    return "paged space of " + (size >> 20) + " MiB";
  }

  @Override
  public void close() {
    memory = MemorySegment.NULL;
    engine.close();
  }

  /** Without native access threads use the segment, whose end the JVM checks itself. */
  @Override
  public Runnable retire() {
    return Words.ALL == null ? super.retire() : engine.retire();
  }
}
