package org.ouroboros.allocator.bdwgc;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Capabilities;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.foreign.BoehmLibrary;

/**
 * libgc, the conservative collector of Boehm, Demers and Weiser. Two kinds of memory:
 *
 * <ul>
 *   <li>What the methods of {@link Allocator} give keeps that contract: it stays until it is freed,
 *       whatever is collected. Its words count as roots. ({@code GC_malloc_uncollectable})
 *   <li>What {@link #newBlock} and {@link #newPointerFree} give is never freed by hand: {@link
 *       #collect} takes it when no {@link BoehmRoot} leads to it any more, from one block that
 *       holds another's address to the next.
 * </ul>
 *
 * {@snippet :
 * try (BoehmAllocator gc = BoehmAllocator.create();
 *     BoehmRoot list = gc.newBlock(16)) {
 *   try (BoehmRoot next = gc.newBlock(16)) {
 *     gc.segment(list.address(), 16).set(JAVA_LONG, 0, next.address());
 *   } // list leads to it now
 *   gc.collect();
 * }
 * }
 *
 * <p>What it does not do, and why:
 *
 * <ul>
 *   <li>It does not look at Java: an address in a local variable or a field keeps nothing alive,
 *       since the JIT puts those where no collector finds them.
 *   <li>It never collects by itself, not even when memory runs out: that would be in a thread that
 *       libgc does not know, and end the process. The heap grows until {@link #collect} is called.
 *   <li>It does not stop the threads of the program: libgc's signals are not for threads of a JVM.
 *       Instead a thread that moves addresses between collectable blocks, or reads one that nothing
 *       else keeps, does so in a {@link #hold}, which collections wait for.
 *   <li>It is conservative: any word that looks like an address counts as one.
 *   <li>No finalizers, no incremental mode (its page faults are the JVM's), no purging.
 *   <li>One libgc serves all of these allocators, and is never unloaded. It is refused if something
 *       else in the process uses it.
 * </ul>
 *
 * <p>A call takes two locks, libgc's and the one that keeps collections away, so this is no
 * allocator for many threads.
 *
 * <p>Freeing what lies outside of libgc's heap throws {@link InvalidFreeException}; other misuse is
 * undefined. Closing gives up the roots; blocks of the first kind that are still live stay valid.
 *
 * <p>Thread rule: any thread, virtual ones too.
 */
public final class BoehmAllocator implements Allocator {

  /** The name by which it is chosen. */
  public static final String NAME = BoehmLibrary.NAME;

  /** Held for reading by who allocates or moves addresses, for writing by who collects. */
  static final ReentrantReadWriteLock LOCK = new ReentrantReadWriteLock();

  /** For addresses that the library gave. */
  @SuppressWarnings("restricted")
  static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final Capabilities CAPABILITIES =
      new Capabilities(true, true, false, false, false);

  /** More than the address space has, and little enough that sums of two do not overflow. */
  private static final long TOO_LARGE = 1L << 47;

  private final RootTable roots = new RootTable();
  private volatile boolean closed;

  private BoehmAllocator() {}

  /**
   * Starts libgc if it is not, and makes an allocator on it.
   *
   * @return a new one, which the caller closes
   * @throws AllocatorUnavailableException if libgc is not installed, something else in the process
   *     uses it, or native access is off; the message says the cure
   */
  public static BoehmAllocator create() {
    BoehmLibrary.start();
    return new BoehmAllocator();
  }

  // ------------------------------------------------------------ collected memory

  /**
   * Allocates zeroed memory that is collected when nothing leads to it.
   *
   * @param size bytes; the block may hold addresses of others, at multiples of 8
   * @return what keeps it alive for now
   * @throws AllocationFailedException if there is no memory for it; {@link #collect} may help
   * @throws IllegalArgumentException if {@code size} is negative
   */
  public BoehmRoot newBlock(long size) {
    return rooted(size, false);
  }

  /**
   * Allocates memory that is collected when nothing leads to it, and in which the collector does
   * not look for addresses. Its content is undefined.
   *
   * @param size bytes
   * @return what keeps it alive for now
   * @throws AllocationFailedException if there is no memory for it; {@link #collect} may help
   * @throws IllegalArgumentException if {@code size} is negative
   */
  public BoehmRoot newPointerFree(long size) {
    return rooted(size, true);
  }

  private BoehmRoot rooted(long size, boolean pointerFree) {
    check(size);
    long asked = Math.max(1, size);
    LOCK.readLock().lock(); // until the root has it, nothing leads to the block
    try {
      synchronized (roots) {
        roots.reserve();
        long block =
            pointerFree
                ? BoehmLibrary.mallocPointerFree(asked)
                : BoehmLibrary.mallocCollectable(asked);
        return new BoehmRoot(roots, roots.add(served(block, size)));
      }
    } finally {
      LOCK.readLock().unlock();
    }
  }

  /**
   * A root for a block that is alive now.
   *
   * @param address of a collectable block that is rooted, reachable from a root, or read inside a
   *     {@link #hold} that is still open; 0 for none yet
   * @return another root
   */
  public BoehmRoot newRoot(long address) {
    LOCK.readLock().lock();
    try {
      synchronized (roots) {
        roots.reserve();
        return new BoehmRoot(roots, roots.add(address));
      }
    } finally {
      LOCK.readLock().unlock();
    }
  }

  /**
   * Keeps collections waiting, of all these allocators. For moving addresses between collectable
   * blocks, and for using one that was read there and that another thread may unlink. May be
   * nested; closed by the thread that called this.
   *
   * @return to be closed soon
   */
  public Hold hold() {
    checkOpen();
    LOCK.readLock().lock();
    return LOCK.readLock()::unlock;
  }

  /** A time without collections. */
  public interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Collects, in libgc's own thread, while this one waits. Waits for {@link #hold holds} to be
   * closed. Costs some milliseconds for each 100 MB that are alive.
   *
   * @return what it found
   * @throws IllegalStateException if this thread is in a hold, or the allocator is closed
   */
  public BoehmCollection collect() {
    checkOpen();
    if (LOCK.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          "this thread keeps collections waiting: close its hold before collecting");
    }
    LOCK.writeLock().lock();
    try {
      long before = BoehmLibrary.heapBytes() - BoehmLibrary.freeBytes();
      long number = BoehmLibrary.collect();
      long heap = BoehmLibrary.heapBytes();
      return new BoehmCollection(number, before, heap - BoehmLibrary.freeBytes(), heap);
    } finally {
      LOCK.writeLock().unlock();
    }
  }

  // ------------------------------------------------------------- the malloc family

  @Override
  public long malloc(long size) {
    check(size);
    return served(uncollectable(Math.max(1, size)), size);
  }

  /** Not while there is a collection, see {@link BoehmLibrary#collect}. */
  private static long uncollectable(long size) {
    LOCK.readLock().lock();
    try {
      return BoehmLibrary.mallocUncollectable(size);
    } finally {
      LOCK.readLock().unlock();
    }
  }

  private static long resized(long base, long size) {
    LOCK.readLock().lock();
    try {
      return BoehmLibrary.realloc(base, size);
    } finally {
      LOCK.readLock().unlock();
    }
  }

  @Override
  public long calloc(long count, long size) {
    if (count < 0 || size < 0) {
      throw negative(Math.min(count, size));
    }
    long bytes = count * size;
    if (Math.multiplyHigh(count, size) != 0 || bytes < 0) {
      throw failed(-1, count + " * " + size + " bytes overflow");
    }
    return malloc(bytes); // zeroed
  }

  @Override
  public long realloc(long address, long size) {
    if (address == 0) {
      return malloc(size);
    }
    check(size);
    long base = base(address);
    if (base == address) {
      return served(resized(base, Math.max(1, size)), size);
    }
    long kept = Math.min(size, BoehmLibrary.size(base) - (address - base));
    long moved = malloc(size);
    MemorySegment.copy(MEMORY, address, MEMORY, moved, kept);
    BoehmLibrary.free(base);
    return moved;
  }

  @Override
  public void free(long address) {
    checkOpen();
    if (address != 0) {
      BoehmLibrary.free(base(address));
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Takes up to {@code alignment} bytes more: {@code GC_memalign} gives collectable memory, of
   * which {@code GC_free} takes back no part, and up to 4 KiB only.
   */
  @Override
  public long alignedAlloc(long alignment, long size) {
    if (Long.bitCount(alignment) != 1 || alignment < 0) {
      throw new IllegalArgumentException("alignment " + alignment + " is not a power of two");
    }
    if (alignment <= MIN_ALIGNMENT) {
      return malloc(size);
    }
    check(size);
    if (alignment >= TOO_LARGE) {
      throw failed(size, "there is no address of alignment " + alignment);
    }
    long asked = Math.max(1, size) + alignment - MIN_ALIGNMENT;
    long base = served(uncollectable(asked), size);
    return (base + alignment - 1) & -alignment;
  }

  @Override
  public long usableSize(long address) {
    checkOpen();
    long base = base(address);
    return BoehmLibrary.size(base) - (address - base);
  }

  @Override
  public MemorySegment segment(long address, long size) {
    checkOpen();
    return MEMORY.asSlice(address, size);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  /** {@inheritDoc} Known is the size of libgc's heap, which all these allocators share. */
  @Override
  public AllocatorStats stats() {
    long none = AllocatorStats.UNKNOWN;
    return new AllocatorStats(
        NAME, none, none, none, BoehmLibrary.heapBytes(), none, none, none, List.of());
  }

  @Override
  public void close() {
    LOCK.readLock().lock(); // as if every root were closed
    try {
      synchronized (roots) {
        closed = true;
        roots.close();
      }
    } finally {
      LOCK.readLock().unlock();
    }
  }

  @Override
  public String toString() {
    return NAME;
  }

  /** Where the block of an address begins: of an aligned one, before it. */
  private static long base(long address) {
    long base = BoehmLibrary.base(address);
    if (base == 0) {
      throw new InvalidFreeException(NAME, address, InvalidFreeException.Kind.FOREIGN);
    }
    return base;
  }

  private void check(long size) {
    checkOpen();
    if (size < 0) {
      throw negative(size);
    }
    if (size >= TOO_LARGE) {
      throw failed(size, "there is not that much address space");
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException(NAME + " is closed");
    }
  }

  private static long served(long block, long size) {
    if (block == 0) {
      throw failed(
          size,
          "libgc returned NULL: the machine is out of memory, or the process is at a limit"
              + " (ulimit -v, GC_MAXIMUM_HEAP_SIZE); collect what nothing leads to");
    }
    return block;
  }

  private static AllocationFailedException failed(long size, String reason) {
    return new AllocationFailedException(NAME, size, reason, null);
  }

  private static IllegalArgumentException negative(long size) {
    return new IllegalArgumentException("size " + size + " is negative");
  }
}
