package org.ouroboros.allocator.budget;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.leak.LiveBlock;

/**
 * A share of an allocator's memory, with a limit: an allocator that charges what it hands out to
 * itself and to the budgets above it, and refuses what would exceed the limit of any of them.
 *
 * <p>The tree is Arrow's: a root over any allocator, and named children, each with a
 * <i>reservation</i>, which is charged to the parent when the child is made and so guaranteed, and
 * a <i>limit</i>. What a child has beyond its reservation is charged to its parent, and so on up to
 * the root. All budgets of a tree hand out blocks of the one allocator.
 *
 * <p>A block is charged with its {@linkplain Allocator#usableSize usable size}, what it really
 * takes: a block of 100 bytes of the default allocator with 112. A block must be freed, resized and
 * measured through the budget that it was allocated from, or was {@linkplain #transfer transferred}
 * to; freeing it elsewhere is found only by a budget that {@linkplain BudgetBuilder#noteStacks
 * notes} its blocks, and otherwise makes the figures of both wrong.
 *
 * <p>Limits are exact: no budget is ever charged more than its limit, by however many threads; and
 * a request that is refused leaves all as it was. (One case is the allocator's doing: a resized
 * block that turns out more than twice as large as was asked for.) Of requests that race for the
 * last bytes all may be refused.
 *
 * <p>Thread rule: as the allocator underneath; {@link #stats}, {@link #snapshot} and the other
 * figures from any thread. No other thread may be using a budget that is being closed.
 *
 * <p>Cost: beside the allocator's, one compare-and-set for an allocation and one for a free,
 * whatever the depth: each thread takes credit of up to 64 KiB from the chain at a time (less where
 * a limit is low: all credit together is less than a 256th of the least limit). Credit counts as
 * charged, but is not part of {@link #allocated}, and is taken back before anything is refused.
 * Larger blocks are charged up the chain one by one. A budget takes some 300 bytes of Java heap,
 * and 128 for each processor, up to 16.
 */
public final class Budget extends BudgetTree {

  private final boolean watched;
  private final BlockCharge charges;

  Budget(BudgetBuilder from, Account account) {
    super(from, account);
    this.watched = from.listener != BudgetBuilder.NOBODY || from.depth > 0;
    this.charges = parent != null ? parent.charges : new BlockCharge(from.allocator);
  }

  /**
   * Starts a tree.
   *
   * @param allocator where all its blocks come from; closing the root closes it. If it is confined,
   *     so are all budgets, to the calling thread
   * @param name of the root
   * @return a builder; by default without a limit
   */
  public static BudgetBuilder root(Allocator allocator, String name) {
    return new BudgetBuilder(allocator, null, name);
  }

  /**
   * Starts a child of this budget.
   *
   * @param name of the child; no two open children have the same
   * @return a builder; by default without a reservation and without a limit of its own, and
   *     otherwise as this budget
   */
  public BudgetBuilder child(String name) {
    return new BudgetBuilder(served, this, name);
  }

  // ----------------------------------------------------------------- allocating

  @Override
  public long malloc(long size) {
    if (watched || size < 0) {
      return allocate(Kind.MALLOC, MIN_ALIGNMENT, size);
    }
    long bytes = charges.expected(size);
    if (!credits.take(credits.cell(), bytes)) {
      return allocate(Kind.MALLOC, MIN_ALIGNMENT, size);
    }
    return complete(Kind.MALLOC, MIN_ALIGNMENT, size, bytes);
  }

  @Override
  public long calloc(long count, long size) {
    if (count < 0 || size < 0) {
      throw new IllegalArgumentException(
          name() + ": negative count or size: " + count + " * " + size);
    }
    if (Math.multiplyHigh(count, size) != 0 || count * size < 0) {
      throw new AllocationFailedException(
          name(), -1, "calloc of " + count + " * " + size + " overflows", null);
    }
    return allocate(Kind.CALLOC, MIN_ALIGNMENT, count * size);
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    if (Long.bitCount(alignment) != 1 || alignment < 0) {
      throw new IllegalArgumentException(
          name() + ": alignment " + alignment + " is not a power of two");
    }
    return allocate(Kind.ALIGNED, alignment, size);
  }

  private enum Kind {
    MALLOC,
    CALLOC,
    ALIGNED
  }

  /** All that is not quick. */
  private long allocate(Kind kind, long alignment, long size) {
    if (size < 0) {
      throw new IllegalArgumentException(name() + ": negative size " + size);
    }
    if (watched) {
      checkOpen();
      listener.beforeAllocation(this, size);
    }
    long bytes = charges.expected(size);
    int cell = credits.cell();
    if (!credits.take(cell, bytes)) {
      countBlock(cell);
      boolean charged = false;
      try {
        acquire(bytes, size);
        charged = true;
      } finally {
        if (!charged) {
          uncountBlock();
        }
      }
    }
    long address = complete(kind, alignment, size, bytes);
    if (watched) {
      tellAllocated(address);
    }
    return address;
  }

  /** Takes a block that is counted, and charged with the bytes that were expected. */
  private long complete(Kind kind, long alignment, long size, long bytes) {
    long address = 0;
    try {
      address =
          switch (kind) {
            case MALLOC -> served.malloc(size);
            case CALLOC -> served.calloc(1, size);
            case ALIGNED -> served.alignedAlloc(alignment, size);
          };
    } catch (AllocationFailedException e) {
      throw refused(size, e);
    } finally {
      if (address == 0) {
        discharge(bytes);
      }
    }
    return kind != Kind.ALIGNED && charges.isCertain(size)
        ? address
        : adjusted(address, size, bytes);
  }

  private AllocationFailedException refused(long size, AllocationFailedException e) {
    return new AllocationFailedException(
        name(), size, "the allocator underneath refused: " + e.getMessage(), e);
  }

  /**
   * Charges what the block has beyond what was expected; if that is refused, the block is freed.
   */
  private long adjusted(long address, long size, long expected) {
    long usable = charges.of(address);
    if (usable < expected) {
      giveBack(expected - usable);
    } else if (usable > expected) {
      boolean charged = false;
      try {
        acquire(usable - expected, size);
        charged = true;
      } finally {
        if (!charged) {
          served.free(address);
          discharge(expected);
        }
      }
    }
    return address;
  }

  private void tellAllocated(long address) {
    long bytes = charges.of(address);
    if (noted != null) {
      noted.add(address, bytes);
    }
    boolean told = false;
    try {
      listener.afterAllocation(this, address, bytes);
      told = true;
    } finally {
      if (!told) {
        if (noted != null) {
          noted.remove(address);
        }
        served.free(address);
        discharge(bytes);
      }
    }
  }

  // -------------------------------------------------------------------- freeing

  @Override
  public void free(long address) {
    int cell = credits.cell();
    if (watched || address == 0 || credits.isClosed(cell)) {
      freeSlowly(address);
      return;
    }
    long bytes = charges.toFree(address);
    served.free(address);
    if (!credits.give(cell, bytes, mostCredit)) {
      dischargeSlowly(bytes);
    }
  }

  private void freeSlowly(long address) {
    checkOpen();
    if (address == 0) {
      return;
    }
    long bytes = charges.of(address);
    LiveBlock block = forget(address);
    boolean freed = false;
    try {
      served.free(address);
      freed = true;
    } finally {
      if (!freed && noted != null && block != null) {
        noted.add(block);
      }
    }
    discharge(bytes);
    listener.afterRelease(this, bytes);
  }

  /** Takes a block out of the noted ones; null if they are not noted. */
  private @Nullable LiveBlock forget(long address) {
    if (noted == null) {
      return null;
    }
    LiveBlock block = noted.remove(address);
    if (block == null) {
      throw new InvalidFreeException(name(), address, InvalidFreeException.Kind.FOREIGN);
    }
    return block;
  }

  /** A block less, and its bytes. */
  private void discharge(long bytes) {
    if (!credits.give(credits.cell(), bytes, mostCredit)) {
      dischargeSlowly(bytes);
    }
  }

  private void dischargeSlowly(long bytes) {
    giveBack(bytes);
    uncountBlock();
  }

  // ------------------------------------------------------------------- resizing

  @Override
  public long realloc(long address, long size) {
    if (address == 0) {
      return malloc(size);
    }
    if (size < 0) {
      throw new IllegalArgumentException(name() + ": negative size " + size);
    }
    checkOpen();
    long before = charges.of(address);
    LiveBlock block = forget(address);
    try {
      if (watched && size > before) {
        listener.beforeAllocation(this, size);
      }
      long resized = resize(address, before, size);
      block = null;
      if (watched) {
        long bytes = charges.of(resized);
        if (noted != null) {
          noted.add(resized, bytes);
        }
        listener.afterAllocation(this, resized, bytes);
      }
      return resized;
    } finally {
      if (block != null && noted != null) {
        noted.add(block);
      }
    }
  }

  private long resize(long address, long before, long size) {
    long most = charges.mostAfterRealloc(before, size);
    long more = Math.max(0, most - before);
    try {
      acquire(more, size);
    } catch (BudgetExceededException e) {
      if (charges.isCertainAfterRealloc(size)) {
        throw e;
      }
      return move(address, before, size);
    }
    long resized = 0;
    try {
      resized = served.realloc(address, size);
    } catch (AllocationFailedException e) {
      throw refused(size, e);
    } finally {
      if (resized == 0) {
        giveBack(more);
      }
    }
    long surplus = before + more - charges.of(resized);
    if (surplus >= 0) {
      giveBack(surplus);
    } else {
      account.force(-surplus); // too late to refuse
    }
    return resized;
  }

  /** Resizes where it is not known how much more that takes, and there is little left. */
  private long move(long address, long before, long size) {
    int cell = credits.cell();
    countBlock(cell);
    boolean done = false;
    try {
      acquire(size, size);
      done = true;
    } finally {
      if (!done) {
        uncountBlock();
      }
    }
    long moved = complete(Kind.MALLOC, MIN_ALIGNMENT, size, size);
    long kept = Math.min(before, size);
    MemorySegment.copy(served.segment(address, kept), 0, served.segment(moved, kept), 0, kept);
    served.free(address);
    discharge(before);
    return moved;
  }

  // ------------------------------------------------------------------- charging

  /**
   * Charges memory to this budget that is none of its blocks, such as a mapped file: up the chain,
   * as a block's. To be given back with {@link #release}; while it is not, the budget cannot be
   * closed.
   *
   * @param bytes 0 or more
   * @throws BudgetExceededException if this budget, or one above it, refuses; nothing has changed
   */
  public void charge(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(name() + ": negative charge " + bytes);
    }
    checkOpen();
    acquire(bytes, bytes);
  }

  /**
   * Gives back what was charged with {@link #charge}.
   *
   * @param bytes 0 or more
   * @throws IllegalStateException if that is more than is charged; nothing has changed
   */
  public void release(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(name() + ": negative release " + bytes);
    }
    checkOpen();
    account.release(bytes);
  }

  // ------------------------------------------------------------------- transfer

  /**
   * Hands a live block over to another budget of the tree: charged there and not here from now on,
   * and to be freed there. The block stays where it is. For a moment it is charged to both, so the
   * budgets above both need room for it twice.
   *
   * @param address a live block of this budget
   * @param target who is to have it
   * @throws BudgetExceededException if the other budget, or one above it, has no room; nothing has
   *     changed
   * @throws IllegalArgumentException if the other is not a budget of the same tree
   */
  public void transfer(long address, Budget target) {
    if (target.lock != lock) {
      throw new IllegalArgumentException(
          name() + " and " + target.name() + " are not budgets of one tree");
    }
    checkOpen();
    target.checkOpen();
    long bytes = charges.of(address);
    LiveBlock block = forget(address);
    boolean done = false;
    try {
      target.listener.beforeAllocation(target, bytes);
      target.countBlock(target.credits.cell());
      try {
        target.acquire(bytes, bytes);
        done = true;
      } finally {
        if (!done) {
          target.uncountBlock();
        }
      }
    } finally {
      if (!done && noted != null && block != null) {
        noted.add(block);
      }
    }
    if (target.noted != null) {
      if (block != null) {
        target.noted.add(block);
      } else {
        target.noted.add(address, bytes);
      }
    }
    discharge(bytes);
    listener.afterRelease(this, bytes);
    target.listener.afterAllocation(target, address, bytes);
  }

  // ------------------------------------------------------------------- the rest

  @Override
  public long usableSize(long address) {
    checkOpen();
    return served.usableSize(address);
  }

  @Override
  public MemorySegment segment(long address, long size) {
    checkOpen();
    return served.segment(address, size);
  }

  /**
   * Whether blocks of the allocator underneath may be freed through this.
   *
   * @return false: they are not charged
   */
  @Override
  public boolean sharesBlocks() {
    return false;
  }

  @Override
  Budget self() {
    return this;
  }

  static String bytes(long limit) {
    return limit == Long.MAX_VALUE ? "no limit" : limit + " bytes";
  }
}
