package org.ouroboros.allocator.guard;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.debug.DebugAllocator;
import org.ouroboros.allocator.page.Face;
import org.ouroboros.allocator.page.Sampler;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.MmapSource;
import org.ouroboros.allocator.source.Reservation;

/**
 * The guarded blocks: a debugger around an allocator of its own, all of whose memory lies in one
 * range of addresses. So a comparison tells whether a block is guarded.
 *
 * <p>Thread rule: as the guarded allocator.
 */
final class GuardedPool {

  /** A larger block is not guarded. */
  static final long MAX_SIZE = 1 << 20;

  /** Nor one with a larger alignment. */
  static final long MAX_ALIGNMENT = 1 << 16;

  /** Address space, which costs nothing until it is used; when it is full nothing is guarded. */
  private static final long RANGE = 1L << 30;

  final DebugAllocator checked;
  final long base;
  final long length;
  private final OuroborosAllocator memory;
  private Runnable stop = () -> {};

  private GuardedPool(DebugAllocator checked, OuroborosAllocator memory, Reservation range) {
    this.checked = checked;
    this.memory = memory;
    this.base = range.address();
    this.length = range.size();
  }

  static GuardedPool create(boolean threadSafe, GuardOptions options) {
    FirstRange source = new FirstRange();
    OuroborosAllocator memory =
        OuroborosAllocator.builder().source(source).reservation(RANGE).build();
    Allocator face = threadSafe ? memory : memory.confined();
    return new GuardedPool(DebugAllocator.wrap(face, options.checks()), memory, source.range());
  }

  /** A guarded block; 0 if there is no room for it, or it is none to be guarded. */
  static long allocate(DebugAllocator checked, long alignment, long size, boolean zeroed) {
    boolean valid = size >= 0 && alignment > 0 && Long.bitCount(alignment) == 1;
    if (!valid || size > MAX_SIZE || alignment > MAX_ALIGNMENT) {
      return 0;
    }
    try {
      return alignment > Allocator.MIN_ALIGNMENT
          ? checked.alignedAlloc(alignment, size)
          : zeroed ? checked.calloc(1, size) : checked.malloc(size);
    } catch (AllocationFailedException e) {
      return 0;
    }
  }

  /** Lets the default allocator guard at random; does nothing for null. */
  void start(@Nullable Face face, Sampler sampler) {
    if (face != null) {
      face.startSampling(sampler);
      stop = () -> face.stopSampling(sampler);
    }
  }

  /** Checks all blocks, closes, and throws what it found. */
  void close() {
    stop.run();
    try {
      checked.close();
    } finally {
      memory.close();
    }
  }

  /** A source that remembers where its first reservation lies: that of all blocks but huge ones. */
  private static final class FirstRange implements MemorySource {

    private final MemorySource source =
        MmapSource.isSupported() ? MmapSource.create() : MappedFileSource.create();

    private volatile @Nullable Reservation first;

    Reservation range() {
      Reservation range = first;
      if (range == null) {
        throw new IllegalStateException("the allocator has reserved nothing");
      }
      return range;
    }

    @Override
    public String name() {
      return source.name();
    }

    @Override
    public long granularity() {
      return source.granularity();
    }

    @Override
    public boolean purges() {
      return source.purges();
    }

    @Override
    public Reservation reserve(long bytes, long alignment) {
      Reservation made = source.reserve(bytes, alignment);
      if (first == null) {
        first = made;
      }
      return made;
    }
  }
}
