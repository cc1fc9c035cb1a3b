package org.ouroboros.allocator.debug;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Domain;

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

  /** What is asked of the allocator underneath is less. */
  private static final long TOO_LARGE = BlockInfo.MAX_SIZE / 2;

  final Allocator inner;
  final String name;
  final DebugOptions options;
  final Inspector inspector;
  private final BlockLayout layout;
  private final Stacks stacks;
  private final Stripes stripes;
  private final KeptBlocks kept;
  private final Resizer resizer;

  /** Null if any thread may come. */
  private final @Nullable Thread owner;

  private final AtomicLong serials = new AtomicLong();
  private final AtomicLong calls = new AtomicLong();

  /** Plain: a thread that closes while others allocate has to tell them itself. */
  private boolean closed;

  DebugCore(Allocator inner, String name, DebugOptions options) {
    this.inner = inner;
    this.name = name;
    this.options = options;
    this.layout = new BlockLayout(options);
    this.stacks = new Stacks(options.stackDepth());
    boolean shared = inner.capabilities().threadSafe();
    this.owner = shared ? null : Thread.currentThread();
    this.stripes = new Stripes(options, stacks, shared);
    this.inspector = new Inspector(inner, name, layout, stripes, stacks);
    this.kept = new KeptBlocks(inner, stripes, inspector, options);
    this.resizer = new Resizer(this, layout, stripes);
  }

  // ----------------------------------------------------------------- allocating

  /**
   * Allocates a block.
   *
   * @param zeroed whether its content must be zero
   * @param content how many bytes of its content the caller is going to write at once
   */
  // Longer than what HotSpot inlines, 325 bytecodes, and so is free: a caller would soon have used
  // up what C2 inlines in one method, and be left with accesses to memory that are calls.
  long allocate(long size, long alignment, boolean zeroed, long content, Domain domain) {
    if (closed || options.checkEvery() != 0 || owner != null && Thread.currentThread() != owner) {
      enter();
    }
    if (size < 0) {
      throw new IllegalArgumentException(name + ": negative size " + size);
    }
    long front = layout.front(alignment);
    if (size >= TOO_LARGE || front >= TOO_LARGE) {
      throw new AllocationFailedException(name, size, "there is not that much address space", null);
    }
    Stacks.Unresolved stack = stacks.note();
    long total = layout.total(front, size);
    long begin;
    try {
      if (alignment > Allocator.MIN_ALIGNMENT) {
        begin = inner.alignedAlloc(alignment, total);
      } else if (zeroed) {
        begin = inner.calloc(1, total);
      } else {
        begin = inner.malloc(total);
      }
    } catch (AllocationFailedException e) {
      begin = allocateAgain(size, total, alignment, zeroed, e);
    }
    long address = begin + front;
    MemorySegment memory = Memory.of(inner, begin, total);
    layout.create(memory, address - memory.address(), size, zeroed ? size : content, domain);
    long serial = 0;
    if (options.serials()) {
      if (owner == null) {
        serial = serials.incrementAndGet();
      } else {
        serial = serials.getPlain() + 1;
        serials.setPlain(serial);
      }
    }
    Stripe stripe = stripes.of(address);
    stripe.lock();
    try {
      stripe.table.put(address, size, front, domain, serial, stacks.number(stack));
    } finally {
      stripe.unlock();
    }
    return address;
  }

  /** Gives the quarantine back, and tries once more. */
  private long allocateAgain(
      long size, long total, long alignment, boolean zeroed, AllocationFailedException failure) {
    if (kept.releaseAll() == 0) {
      throw failed(size, total, failure);
    }
    try {
      return alignment > Allocator.MIN_ALIGNMENT
          ? inner.alignedAlloc(alignment, total)
          : zeroed ? inner.calloc(1, total) : inner.malloc(total);
    } catch (AllocationFailedException e) {
      throw failed(size, total, e);
    }
  }

  private AllocationFailedException failed(long size, long total, AllocationFailedException e) {
    return new AllocationFailedException(
        name, size, total - size + " bytes more were asked for guards: " + e.getMessage(), e);
  }

  // -------------------------------------------------------------------- freeing

  void free(long address, Domain domain) {
    if (closed || options.checkEvery() != 0 || owner != null && Thread.currentThread() != owner) {
      enter();
    }
    if (address == 0) {
      return;
    }
    kept.trim();
    Stacks.Unresolved stack = stacks.note();
    Stripe stripe = stripes.of(address);
    stripe.lock();
    try {
      BlockTable table = stripe.table;
      long[] chunk = table.chunk(address);
      long info = table.info(chunk, address);
      if (BlockInfo.isLive(info, domain)) {
        long size = BlockInfo.size(info);
        long front = BlockInfo.front(info);
        long total = layout.total(front, size);
        MemorySegment memory = Memory.of(inner, address - front, total);
        long at = address - memory.address();
        if (!layout.isIntact(memory, at, size, BlockInfo.domain(info))) {
          throw inspector.damage(table, address);
        }
        layout.kill(memory, at, size);
        if (kept.keeps(total)) {
          long quarantined = BlockInfo.quarantined(info);
          table.leave(chunk, address, quarantined, stacks.number(stack));
          kept.add(stripe, address, quarantined, total);
        } else {
          table.leave(chunk, address, BlockInfo.freed(info), stacks.number(stack));
          inner.free(address - front);
        }
        return;
      }
    } finally {
      stripe.unlock();
    }
    throw inspector.invalid(address);
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
    return resizer.realloc(address, size, domain);
  }

  // ------------------------------------------------------------------ measuring

  long usableSize(long address, Domain domain) {
    enter();
    Stripe stripe = stripes.of(address);
    stripe.lock();
    try {
      long info = stripe.table.info(address);
      if (BlockInfo.isLive(info, domain)) {
        return BlockInfo.size(info);
      }
    } finally {
      stripe.unlock();
    }
    throw inspector.invalid(address);
  }

  MemorySegment segment(long address, long size) {
    checkOpen();
    if (owner == null || Thread.currentThread() == owner) {
      checkRange(address, size);
    }
    return inner.segment(address, size);
  }

  /** Refuses a range that goes beyond its block, and a block that is in quarantine. */
  private void checkRange(long address, long size) {
    Stripe stripe = stripes.of(address);
    stripe.lock();
    try {
      long info = stripe.table.info(address);
      // The memory of a freed one may be another block's by now, and this address in the middle.
      if (!BlockInfo.isHeld(info) || BlockInfo.isLive(info) && size <= BlockInfo.size(info)) {
        return;
      }
      if (BlockInfo.isLive(info)) {
        BlockReport block = inspector.report(stripe.table, address, info);
        throw new IndexOutOfBoundsException(
            name + ": a segment of " + size + " bytes over " + block);
      }
    } finally {
      stripe.unlock();
    }
    throw inspector.invalid(address);
  }

  // ------------------------------------------------------------------- checking

  private void enter() {
    checkOpen();
    if (owner != null && Thread.currentThread() != owner) {
      throw new WrongThreadException(
          name + ": it is confined to " + owner + ", as the allocator underneath is");
    }
    if (options.checkEvery() != 0 && calls.incrementAndGet() % options.checkEvery() == 0) {
      DamagedBlockException found = inspector.verify(true);
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

  void verifyAll() {
    enter();
    DamagedBlockException found = inspector.verify(false);
    if (found != null) {
      throw found;
    }
  }

  /** Checks all blocks, closes, and throws what it found and nobody was told of. */
  void close() {
    if (closed) {
      return;
    }
    enter();
    DamagedBlockException found = null;
    if (isInnerOpen()) {
      found = inspector.verify(true);
      kept.releaseAll();
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
