package org.ouroboros.allocator.debug;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.debug.BlockReport.State;
import org.ouroboros.allocator.foreign.NativeAccess;

/**
 * What the faces of a {@link DebugAllocator} for the three domains share: all blocks.
 *
 * <p>A call either succeeds or throws and has changed nothing, but that a damaged block of the
 * quarantine is told of once and then given back.
 *
 * <p>Thread rule: as the allocator underneath; of one that is confined the thread is checked here
 * too, before anything is touched.
 */
final class DebugCore {

  /** All memory, where that may be had: a block is then reached without a segment of its own. */
  private static final @Nullable MemorySegment ALL = all();

  /** What is asked of the allocator underneath is less. */
  private static final long TOO_LARGE = BlockTable.MAX_SIZE / 2;

  final Allocator inner;
  final String name;
  final DebugOptions options;
  private final BlockLayout layout;
  private final Stacks stacks;
  private final Stripe[] stripes;
  private final int stripeShift;

  /** Larger blocks are not kept back: they would push out all others. */
  private final long largestKept;

  /** Null if any thread may come. */
  private final @Nullable Thread owner;

  private final AtomicLong serials = new AtomicLong();
  private final AtomicLong calls = new AtomicLong();

  /** Bytes in the quarantines of all stripes; not kept where there is one stripe. */
  private final AtomicLong quarantined = new AtomicLong();

  /** The stripe whose turn it is to give back; only its lower bits count. */
  private final AtomicInteger nextToTrim = new AtomicInteger();

  /** Plain: a thread that closes while others allocate has to tell them itself. */
  private boolean closed;

  DebugCore(Allocator inner, String name, DebugOptions options) {
    this.inner = inner;
    this.name = name;
    this.options = options;
    this.layout = new BlockLayout(options.guardBytes());
    this.stacks = new Stacks(options.stackDepth());
    boolean shared = inner.capabilities().threadSafe();
    this.owner = shared ? null : Thread.currentThread();
    int processors = Runtime.getRuntime().availableProcessors();
    int bits = shared ? Math.clamp(33 - Integer.numberOfLeadingZeros(processors), 1, 6) : 0;
    this.stripes = new Stripe[1 << bits];
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = new Stripe(shared);
    }
    this.stripeShift = Long.SIZE - bits;
    this.largestKept = options.quarantineBytes() / 4;
  }

  @SuppressWarnings("restricted")
  private static @Nullable MemorySegment all() {
    return NativeAccess.isEnabled() ? MemorySegment.NULL.reinterpret(Long.MAX_VALUE) : null;
  }

  private Stripe stripe(long hash) {
    return stripes.length == 1 ? stripes[0] : stripes[(int) (hash >>> stripeShift)];
  }

  /** A segment that holds an inner block. */
  private MemorySegment memory(long begin, long bytes) {
    return ALL != null ? ALL : inner.segment(begin, bytes);
  }

  // ----------------------------------------------------------------- allocating

  /**
   * Allocates a block.
   *
   * @param zeroed whether its content must be zero
   * @param kept how many bytes of its content the caller is going to write at once
   */
  long allocate(long size, long alignment, boolean zeroed, long kept, Domain domain) {
    enter();
    if (size < 0) {
      throw new IllegalArgumentException(name + ": negative size " + size);
    }
    long front = layout.front(alignment);
    if (size >= TOO_LARGE || front >= TOO_LARGE) {
      throw new AllocationFailedException(name, size, "there is not that much address space", null);
    }
    int stack = stacks.capture();
    long total = layout.total(front, size);
    long begin = allocateInner(size, total, alignment, zeroed);
    long address = begin + front;
    MemorySegment memory = memory(begin, total);
    long at = address - memory.address();
    layout.write(memory, at, size, domain);
    if (!zeroed) {
      Pattern.NEW.fill(memory, at + kept, size - kept);
    }
    long serial = nextSerial();
    long hash = BlockTable.hash(address);
    Stripe stripe = stripe(hash);
    stripe.lock();
    try {
      stripe.table.put(address, hash, size, front, domain, serial, stack);
    } finally {
      stripe.unlock();
    }
    return address;
  }

  private long nextSerial() {
    if (!options.serials()) {
      return 0;
    }
    if (owner == null) {
      return serials.incrementAndGet();
    }
    serials.setPlain(serials.getPlain() + 1);
    return serials.getPlain();
  }

  private long allocateInner(long size, long total, long alignment, boolean zeroed) {
    try {
      return tryAllocate(total, alignment, zeroed);
    } catch (AllocationFailedException e) {
      if (releaseQuarantine() == 0) {
        throw failed(size, total, e);
      }
    }
    try {
      return tryAllocate(total, alignment, zeroed);
    } catch (AllocationFailedException e) {
      throw failed(size, total, e);
    }
  }

  private long tryAllocate(long total, long alignment, boolean zeroed) {
    return alignment > Allocator.MIN_ALIGNMENT
        ? inner.alignedAlloc(alignment, total)
        : zeroed ? inner.calloc(1, total) : inner.malloc(total);
  }

  private AllocationFailedException failed(long size, long total, AllocationFailedException e) {
    return new AllocationFailedException(
        name, size, total - size + " bytes more were asked for guards: " + e.getMessage(), e);
  }

  /** Gives the quarantine back. Damage that shows is told by throwing. */
  private long releaseQuarantine() {
    long released = 0;
    DamagedBlockException found = null;
    for (Stripe stripe : stripes) {
      stripe.lock();
      try {
        released += stripe.quarantine.bytes();
        while (!stripe.quarantine.isEmpty()) {
          DamagedBlockException damage = releaseOldest(stripe);
          found = found == null ? damage : found;
        }
      } finally {
        stripe.unlock();
      }
    }
    if (found != null) {
      throw found;
    }
    return released;
  }

  // -------------------------------------------------------------------- freeing

  void free(long address, Domain domain) {
    enter();
    if (address == 0) {
      return;
    }
    trimQuarantine();
    int stack = stacks.capture();
    long hash = BlockTable.hash(address);
    Stripe stripe = stripe(hash);
    stripe.lock();
    try {
      int entry = findLive(stripe, address, hash, domain);
      if (entry >= 0) {
        free(stripe, entry, stack);
        return;
      }
    } finally {
      stripe.unlock();
    }
    throw invalid(address);
  }

  private void free(Stripe stripe, int entry, int stack) {
    BlockTable table = stripe.table;
    checkIntact(table, entry);
    long address = table.address(entry);
    long size = table.size(entry);
    long front = table.front(entry);
    long total = layout.total(front, size);
    MemorySegment memory = memory(address - front, total);
    layout.kill(memory, address - memory.address(), size);
    if (total <= largestKept) {
      table.quarantine(entry, stack);
      stripe.quarantine.add(address, total);
      countQuarantined(total);
    } else {
      table.free(entry, stack);
      inner.free(address - front);
    }
  }

  private void countQuarantined(long bytes) {
    if (owner == null) {
      quarantined.addAndGet(bytes);
    }
  }

  /**
   * Gives back what is too much in quarantine, of all stripes in turn: the stripe of the caller's
   * block alone would get the same memory back again and again, and the others would keep theirs
   * for ever.
   */
  private void trimQuarantine() {
    for (int tries = 0; tries < 2 * stripes.length; tries++) {
      long bytes = owner == null ? quarantined.get() : stripes[0].quarantine.bytes();
      if (bytes <= options.quarantineBytes()) {
        return;
      }
      Stripe stripe = stripes[nextToTrim.getAndIncrement() & stripes.length - 1];
      stripe.lock();
      try {
        DamagedBlockException found = stripe.quarantine.isEmpty() ? null : releaseOldest(stripe);
        if (found != null) {
          throw found;
        }
      } finally {
        stripe.unlock();
      }
    }
  }

  /** Gives back the oldest block in quarantine; its damage, if that was not told before. */
  private @Nullable DamagedBlockException releaseOldest(Stripe stripe) {
    BlockTable table = stripe.table;
    long address = stripe.quarantine.oldest();
    int entry = table.find(address, BlockTable.hash(address));
    long front = table.front(entry);
    long total = layout.total(front, table.size(entry));
    DamagedBlockException damage = damage(table, entry);
    boolean told = damage == null || !table.tell(entry);
    stripe.quarantine.removeOldest(total);
    countQuarantined(-total);
    table.release(entry);
    inner.free(address - front);
    return told ? null : damage;
  }

  // ------------------------------------------------------------------- resizing

  long realloc(long address, long size, Domain domain) {
    if (address == 0) {
      return allocate(size, Allocator.MIN_ALIGNMENT, false, 0, domain);
    }
    enter();
    if (size < 0) {
      throw new IllegalArgumentException(name + ": negative size " + size);
    }
    long old = shrinkInPlace(address, size, domain);
    if (old < 0) {
      return address;
    }
    // A block that grows always moves, so that whoever kept the old address is found out.
    long kept = Math.min(old, size);
    long moved = allocate(size, Allocator.MIN_ALIGNMENT, false, kept, domain);
    MemorySegment from = memory(address, old);
    MemorySegment to = memory(moved, size);
    MemorySegment.copy(from, address - from.address(), to, moved - to.address(), kept);
    try {
      free(address, domain);
    } catch (RuntimeException e) {
      free(moved, domain);
      throw e;
    }
    return moved;
  }

  /** The size that the block has, or -1 if it was resized. */
  private long shrinkInPlace(long address, long size, Domain domain) {
    long hash = BlockTable.hash(address);
    Stripe stripe = stripe(hash);
    stripe.lock();
    try {
      int entry = findLive(stripe, address, hash, domain);
      if (entry >= 0) {
        BlockTable table = stripe.table;
        checkIntact(table, entry);
        long old = table.size(entry);
        // One that shrinks by much moves too, or it would hold on to what it does not need.
        if (size > old || size < old / 2) {
          return old;
        }
        long front = table.front(entry);
        MemorySegment memory = memory(address - front, layout.total(front, old));
        layout.shrink(memory, address - memory.address(), old, size);
        table.resize(entry, size);
        return -1;
      }
    } finally {
      stripe.unlock();
    }
    throw invalid(address);
  }

  // ------------------------------------------------------------------ measuring

  long usableSize(long address, Domain domain) {
    enter();
    long hash = BlockTable.hash(address);
    Stripe stripe = stripe(hash);
    stripe.lock();
    try {
      int entry = findLive(stripe, address, hash, domain);
      if (entry >= 0) {
        return stripe.table.size(entry);
      }
    } finally {
      stripe.unlock();
    }
    throw invalid(address);
  }

  MemorySegment segment(long address, long size) {
    checkOpen();
    if (owner == null || Thread.currentThread() == owner) {
      checkRange(address, size);
    }
    return inner.segment(address, size);
  }

  /** Refuses a range that goes beyond its block, and a block that was freed. */
  private void checkRange(long address, long size) {
    long hash = BlockTable.hash(address);
    Stripe stripe = stripe(hash);
    stripe.lock();
    try {
      int entry = stripe.table.find(address, hash);
      if (entry < 0) {
        return;
      }
      if (stripe.table.isLive(entry)) {
        if (size > stripe.table.size(entry)) {
          throw new IndexOutOfBoundsException(
              name + ": a segment of " + size + " bytes over " + report(stripe.table, entry));
        }
        return;
      }
      // The memory may be another block's by now, and this address in the middle of it.
      if (stripe.table.state(entry) == State.FREED) {
        return;
      }
    } finally {
      stripe.unlock();
    }
    throw invalid(address);
  }

  /** The entry of a block that the domain may free, -1 if there is none. */
  private static int findLive(Stripe stripe, long address, long hash, Domain domain) {
    BlockTable table = stripe.table;
    int entry = table.find(address, hash);
    return entry >= 0 && table.isLive(entry) && table.domain(entry) == domain ? entry : -1;
  }

  // ------------------------------------------------------------------- checking

  private void enter() {
    checkOpen();
    if (owner != null && Thread.currentThread() != owner) {
      throw new WrongThreadException(
          name + ": it is confined to " + owner + ", as the allocator underneath is");
    }
    if (options.checkEvery() != 0 && calls.incrementAndGet() % options.checkEvery() == 0) {
      DamagedBlockException found = verify(true);
      if (found != null) {
        throw found;
      }
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException(name + " is closed");
    }
  }

  private void checkIntact(BlockTable table, int entry) {
    long address = table.address(entry);
    long size = table.size(entry);
    long front = table.front(entry);
    MemorySegment memory = memory(address - front, layout.total(front, size));
    if (!layout.isIntact(memory, address - memory.address(), size, table.domain(entry))) {
      table.tell(entry);
      throw describe(table, entry, memory);
    }
  }

  /** The damage of a block that is live or in quarantine; null if it has none. */
  private @Nullable DamagedBlockException damage(BlockTable table, int entry) {
    long address = table.address(entry);
    long size = table.size(entry);
    long front = table.front(entry);
    MemorySegment memory = memory(address - front, layout.total(front, size));
    long at = address - memory.address();
    boolean good =
        table.isLive(entry)
            ? layout.isIntact(memory, at, size, table.domain(entry))
            : layout.isDead(memory, at, size);
    return good ? null : describe(table, entry, memory);
  }

  private DamagedBlockException describe(BlockTable table, int entry, MemorySegment memory) {
    long at = table.address(entry) - memory.address();
    return Damage.describe(name, layout, report(table, entry), memory, at);
  }

  void verifyAll() {
    enter();
    DamagedBlockException found = verify(false);
    if (found != null) {
      throw found;
    }
  }

  /** The first damage; a few others are attached to it as suppressed. */
  private @Nullable DamagedBlockException verify(boolean onlyNew) {
    final int most = 10;
    DamagedBlockException found = null;
    for (Stripe stripe : stripes) {
      stripe.lock();
      try {
        BlockTable table = stripe.table;
        for (int entry = 0; entry < table.end(); entry = BlockTable.next(entry)) {
          if (table.address(entry) == 0 || table.state(entry) == State.FREED) {
            continue;
          }
          DamagedBlockException damage = damage(table, entry);
          if (damage == null || !table.tell(entry) && onlyNew) {
            continue;
          }
          if (found == null) {
            found = damage;
          } else if (found.getSuppressed().length < most) {
            found.addSuppressed(damage);
          }
        }
      } finally {
        stripe.unlock();
      }
    }
    return found;
  }

  // ------------------------------------------------------------------ reporting

  private BlockReport report(BlockTable table, int entry) {
    return new BlockReport(
        table.address(entry),
        table.size(entry),
        table.domain(entry),
        table.serial(entry),
        table.state(entry),
        stacks.get(table.allocStack(entry)),
        stacks.get(table.freeStack(entry)));
  }

  /** What is wrong with an address that {@link #findLive} did not find. */
  private InvalidBlockException invalid(long address) {
    BlockReport block = blockAt(address);
    InvalidFreeException.Kind kind;
    if (block == null) {
      kind = InvalidFreeException.Kind.FOREIGN;
    } else if (block.state() != State.LIVE) {
      kind = InvalidFreeException.Kind.NOT_LIVE;
    } else {
      kind =
          block.address() == address
              ? InvalidFreeException.Kind.WRONG_DOMAIN
              : InvalidFreeException.Kind.UNALIGNED;
    }
    return new InvalidBlockException(name, address, kind, block);
  }

  /**
   * What is known of an address: of the block that begins there, else of the one that it lies in.
   * Looks at all blocks.
   */
  @Nullable BlockReport blockAt(long address) {
    BlockReport inside = null;
    for (Stripe stripe : stripes) {
      stripe.lock();
      try {
        BlockTable table = stripe.table;
        for (int entry = 0; entry < table.end(); entry = BlockTable.next(entry)) {
          long begin = table.address(entry);
          if (begin == 0) {
            continue;
          }
          if (begin == address) {
            return report(table, entry);
          }
          boolean held = table.state(entry) != State.FREED;
          if (held
              && address >= begin - table.front(entry)
              && address < begin + table.size(entry) + layout.guard()) {
            inside = report(table, entry);
          }
        }
      } finally {
        stripe.unlock();
      }
    }
    return inside;
  }

  AllocatorStats stats() {
    AllocatorStats of = inner.stats();
    long live = 0;
    long bytes = 0;
    long tables = 0;
    for (Stripe stripe : stripes) {
      stripe.lock();
      try {
        live += stripe.table.live();
        bytes += stripe.table.liveBytes();
        tables += stripe.table.bytes();
      } finally {
        stripe.unlock();
      }
    }
    long metadata = Math.max(0, of.metadataBytes()) + tables;
    return new AllocatorStats(
        name,
        live,
        bytes,
        of.reservedBytes(),
        of.committedBytes(),
        of.peakCommittedBytes(),
        of.purgedBytes(),
        metadata,
        of.sizeClasses());
  }

  /** Checks all blocks, closes, and throws what it found and nobody was told of. */
  void close() {
    if (closed) {
      return;
    }
    enter();
    DamagedBlockException found = null;
    if (isInnerOpen()) {
      found = verify(true);
      releaseQuarantine();
    }
    closed = true;
    inner.close();
    if (found != null) {
      throw found;
    }
  }

  /** Somebody may have closed it already: its memory must not be touched then. */
  private boolean isInnerOpen() {
    try {
      inner.free(inner.malloc(1));
      return true;
    } catch (IllegalStateException e) {
      return false;
    } catch (AllocationFailedException e) {
      return true;
    }
  }
}
