package org.ouroboros.allocator.guard;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.DomainTagging;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.debug.BlockReport;
import org.ouroboros.allocator.debug.DebugAllocator;
import org.ouroboros.allocator.page.EngineAccess;
import org.ouroboros.allocator.page.Face;

/**
 * A decorator that guards one block in a thousand, at random, around any allocator. Of a guarded
 * block it finds, and tells with the stacks of its allocation and its free:
 *
 * <ul>
 *   <li>writes before and behind it, when it is freed or resized: {@link
 *       org.ouroboros.allocator.debug.DamagedBlockException};
 *   <li>writes to it after it was freed, when it leaves the quarantine, in a free of another
 *       guarded block, which can be repeated: the same exception;
 *   <li>a second free, and frees of addresses inside it: {@link
 *       org.ouroboros.allocator.debug.InvalidBlockException}.
 * </ul>
 *
 * <p>The guards are patterns, not pages without access: what is wrong shows later, but it is an
 * exception, not the end of the JVM, and needs no native access. Reads are not found. Blocks above
 * 1 MiB, or aligned to more than 64 KiB, are never guarded. A block that is resized stays what it
 * is, guarded or not; one of 0 bytes is guarded like others. All other blocks are those of the
 * allocator underneath, and what it detects of them.
 *
 * <p>{@link #close} checks all guarded blocks, closes both allocators, and throws what it found.
 *
 * <p>Thread rule: as the allocator underneath. Cost: around the default allocator, or a view of it,
 * calls of other blocks take no more than without; around others, a count for each allocation,
 * which platform threads have each for itself, but for those whose numbers are equal modulo 1024,
 * and a comparison for each free. A guarded block costs some microseconds, and its guards.
 */
public final class GuardAllocator extends ForwardingAllocator implements DomainTagging {

  /** What names of allocators end with that guard. */
  static final String SUFFIX = "guard";

  private static final int CELLS = 1024;

  /** Longs to a cell: two cache lines, since lines are fetched in pairs. */
  private static final int STRIDE = 16;

  private final Allocator inner;

  /** Of the default allocator: its calls, which count for us; null around others. */
  private final @Nullable Face face;

  private final GuardSampler sampler;
  private final DebugAllocator checked;
  private final long base;
  private final long length;

  /** Around a confined allocator: allocations up to the next guarded one. */
  private long left;

  /** Around a shared one: the same by threads; empty else. */
  private final long @Nullable [] cells;

  private final long every;

  /** Bytes of a guarded block of size 0: where sizes are not exact each has a byte. */
  private final long least;

  private final GuardedPool pool;

  private GuardAllocator(
      Allocator inner,
      GuardedPool pool,
      DebugAllocator checked,
      long every,
      long @Nullable [] cells) {
    super(inner, inner.name() + "_" + SUFFIX);
    this.inner = inner;
    this.face = EngineAccess.face(inner);
    this.pool = pool;
    this.checked = checked;
    this.base = pool.base;
    this.length = pool.length;
    this.every = every;
    this.cells = cells;
    this.least = inner.capabilities().exactUsableSize() ? 0 : 1;
    this.left = next();
    this.sampler = new GuardSampler(checked, every, least);
  }

  /**
   * Guards one block in a thousand.
   *
   * @param inner the allocator that serves the others; closing this one closes it
   * @return a new allocator for {@link Domain#MEM}
   * @throws org.ouroboros.allocator.source.SourceException if there is no address space for the
   *     guarded blocks
   */
  public static GuardAllocator wrap(Allocator inner) {
    return wrap(inner, GuardOptions.DEFAULT);
  }

  /**
   * Guards some blocks.
   *
   * @param inner the allocator that serves the others; closing this one closes it. If it is
   *     confined, the calling thread must be its own
   * @param options how many, and how
   * @return a new allocator for {@link Domain#MEM}
   * @throws org.ouroboros.allocator.source.SourceException if there is no address space for the
   *     guarded blocks
   */
  public static GuardAllocator wrap(Allocator inner, GuardOptions options) {
    boolean shared = inner.capabilities().threadSafe();
    boolean counts = EngineAccess.face(inner) == null;
    GuardedPool pool = GuardedPool.create(shared, options);
    long[] cells = shared && counts ? new long[CELLS * STRIDE] : null;
    GuardAllocator guard = new GuardAllocator(inner, pool, pool.checked, options.every(), cells);
    pool.start(guard.face, guard.sampler);
    for (int i = 0; cells != null && i < cells.length; i += STRIDE) {
      cells[i] = guard.next();
    }
    return guard;
  }

  @Override
  public GuardAllocator forDomain(Domain other) {
    if (other == checked.domain()) {
      return this;
    }
    Allocator face = inner instanceof DomainTagging tagging ? tagging.forDomain(other) : inner;
    return new GuardAllocator(face, pool, pool.checked.forDomain(other), every, cells);
  }

  /** How many allocations up to the next guarded one, that included: 1 or more. */
  private long next() {
    return every == 1 ? 1 : 1 + (long) (ThreadLocalRandom.current().nextExponential() * every);
  }

  /** Counts an allocation; whether it is to be guarded. */
  private boolean isDue() {
    if (cells != null) {
      return isDue(cells);
    }
    long rest = left - 1;
    left = rest;
    return rest <= 0;
  }

  private static boolean isDue(long[] cells) {
    int i = cell();
    long rest = cells[i] - 1;
    cells[i] = rest;
    return rest <= 0;
  }

  private static int cell() {
    return ((int) Thread.currentThread().threadId() & CELLS - 1) * STRIDE;
  }

  /** Tries to serve a guarded block, and begins to count anew. */
  private long guarded(long alignment, long size, boolean zeroed) {
    if (cells == null) {
      left = next();
    } else {
      cells[cell()] = next();
    }
    return GuardedPool.allocate(
        checked, alignment, size < 0 ? size : Math.max(size, least), zeroed);
  }

  /** Whether a block is guarded. */
  private boolean isGuarded(long address) {
    return Long.compareUnsigned(address - base, length) < 0;
  }

  // ----------------------------------------------------------------- allocating

  @Override
  public long malloc(long size) {
    return face != null ? face.malloc(size, sampler) : mallocCounted(size);
  }

  private long mallocCounted(long size) {
    return isDue() ? mallocGuarded(size) : inner.malloc(size);
  }

  private long mallocGuarded(long size) {
    long address = guarded(MIN_ALIGNMENT, size, false);
    return address != 0 ? address : inner.malloc(size);
  }

  @Override
  public long calloc(long count, long size) {
    return face != null ? face.calloc(count, size, sampler) : callocCounted(count, size);
  }

  private long callocCounted(long count, long size) {
    return isDue() ? callocGuarded(count, size) : inner.calloc(count, size);
  }

  private long callocGuarded(long count, long size) {
    boolean small = count >= 0 && size >= 0 && Math.multiplyHigh(count, size) == 0;
    long address = guarded(MIN_ALIGNMENT, small ? count * size : -1, true);
    return address != 0 ? address : inner.calloc(count, size);
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    return face != null
        ? face.alignedAlloc(alignment, size, sampler)
        : alignedCounted(alignment, size);
  }

  private long alignedCounted(long alignment, long size) {
    return isDue() ? alignedGuarded(alignment, size) : inner.alignedAlloc(alignment, size);
  }

  private long alignedGuarded(long alignment, long size) {
    long address = guarded(alignment, size, false);
    return address != 0 ? address : inner.alignedAlloc(alignment, size);
  }

  @Override
  public void free(long address) {
    if (face == null || !face.freeOwn(address)) {
      freeOther(address);
    }
  }

  private void freeOther(long address) {
    if (isGuarded(address)) {
      checked.free(address);
    } else if (face != null) {
      face.freeOther(address);
    } else {
      inner.free(address);
    }
  }

  @Override
  public long realloc(long address, long size) {
    long resized = face == null ? 0 : face.reallocSmall(address, size, null);
    return resized != 0 ? resized : reallocOther(address, size);
  }

  private long reallocOther(long address, long size) {
    return address == 0
        ? malloc(size)
        : isGuarded(address) ? reallocGuarded(address, size) : inner.realloc(address, size);
  }

  private long reallocGuarded(long address, long size) {
    if (size <= GuardedPool.MAX_SIZE) {
      return checked.realloc(address, size < 0 ? size : Math.max(size, least));
    }
    long kept = Math.min(checked.usableSize(address), size);
    long moved = inner.malloc(size);
    try {
      MemorySegment to = inner.segment(moved, kept);
      MemorySegment.copy(checked.segment(address, kept), 0, to, 0, kept);
      checked.free(address);
    } catch (RuntimeException e) {
      inner.free(moved);
      throw e;
    }
    return moved;
  }

  @Override
  public long usableSize(long address) {
    return isGuarded(address) ? checked.usableSize(address) : inner.usableSize(address);
  }

  @Override
  public MemorySegment segment(long address, long size) {
    return isGuarded(address) ? checked.segment(address, size) : inner.segment(address, size);
  }

  // ------------------------------------------------------------------- checking

  /**
   * Checks all guarded blocks now.
   *
   * @throws org.ouroboros.allocator.debug.DamagedBlockException if one is damaged: the first that
   *     was found; up to ten others are attached to it as suppressed
   */
  public void verifyAll() {
    checked.verifyAll();
  }

  /**
   * What is known of an address. Looks at all guarded blocks.
   *
   * @param address any address
   * @return the guarded block that begins there, live or freed lately, or that it lies in; empty if
   *     there is none
   */
  public Optional<BlockReport> blockAt(long address) {
    return isGuarded(address) ? checked.blockAt(address) : Optional.empty();
  }

  // ------------------------------------------------------------------- the rest

  /** Says no: guarded blocks are not the inner allocator's. */
  @Override
  public boolean sharesBlocks() {
    return false;
  }

  /** The figures of both allocators together. */
  @Override
  public AllocatorStats stats() {
    AllocatorStats of = inner.stats();
    AllocatorStats more = checked.stats();
    return new AllocatorStats(
        name(),
        sum(of.liveBlocks(), more.liveBlocks()),
        sum(of.liveBytes(), more.liveBytes()),
        sum(of.reservedBytes(), more.reservedBytes()),
        sum(of.committedBytes(), more.committedBytes()),
        sum(of.peakCommittedBytes(), more.peakCommittedBytes()),
        sum(of.purgedBytes(), more.purgedBytes()),
        sum(of.metadataBytes(), more.metadataBytes()),
        of.sizeClasses());
  }

  private static long sum(long one, long other) {
    return one == AllocatorStats.UNKNOWN || other == AllocatorStats.UNKNOWN ? one : one + other;
  }

  @Override
  public void close() {
    try {
      pool.close();
    } finally {
      inner.close();
    }
  }
}
