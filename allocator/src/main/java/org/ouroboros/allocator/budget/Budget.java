package org.ouroboros.allocator.budget;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.jfr.AllocatorEvents;
import org.ouroboros.allocator.leak.BlockLedger;
import org.ouroboros.allocator.leak.LeakReport;
import org.ouroboros.allocator.leak.LeakWatch;
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
 * to; freeing it elsewhere is found only by a budget that {@linkplain Builder#noteStacks notes} its
 * blocks, and otherwise makes the figures of both wrong.
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
public final class Budget extends ForwardingAllocator implements BlockLedger {

  /** How often a listener is asked whether to try once more. */
  public static final int MAX_RETRIES = 3;

  /** The most credit of a cell. */
  private static final int MOST_CREDIT = 64 << 10;

  /** Credit of less is not worth while. */
  private static final int LEAST_CREDIT = 512;

  /** All credit of a budget is at most the limit shifted by this. */
  private static final int CREDIT_SHIFT = 8;

  private static final Budget[] NONE = {};

  private final Allocator served;
  private final @Nullable Budget parent;
  private final BudgetListener listener;
  private final boolean watched;
  private final LeakPolicy onLeak;
  private final @Nullable NotedBlocks noted;
  private final BlockCharge charges;
  private final Credits credits;
  final Account account;

  /** Of the whole tree: held while its shape changes, and while credit is taken back. */
  private final ReentrantLock lock;

  /** Replaced under the lock. */
  private volatile Budget[] children = NONE;

  /** What a cell may hold. */
  private volatile int mostCredit;

  private volatile boolean closed;

  private Budget(Builder from, Account account) {
    super(from.allocator, from.path());
    Budget above = from.parent;
    this.served = from.allocator;
    this.parent = above;
    this.account = account;
    this.listener = from.listener;
    this.watched = from.listener != Builder.NOBODY || from.depth > 0;
    this.onLeak = from.onLeak;
    this.noted = from.depth > 0 ? new NotedBlocks(from.depth) : null;
    this.lock = above != null ? above.lock : new ReentrantLock();
    this.charges = above != null ? above.charges : new BlockCharge(from.allocator);
    boolean shared = from.allocator.capabilities().threadSafe();
    this.credits = new Credits(shared ? null : Thread.currentThread());
  }

  /**
   * Starts a tree.
   *
   * @param allocator where all its blocks come from; closing the root closes it. If it is confined,
   *     so are all budgets, to the calling thread
   * @param name of the root
   * @return a builder; by default without a limit
   */
  public static Builder root(Allocator allocator, String name) {
    return new Builder(allocator, null, name);
  }

  /**
   * Starts a child of this budget.
   *
   * @param name of the child; no two open children have the same
   * @return a builder; by default without a reservation and without a limit of its own, and
   *     otherwise as this budget
   */
  public Builder child(String name) {
    return new Builder(served, this, name);
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

  /** Charges bytes up the chain. */
  private void acquire(long bytes, long requested) {
    for (int attempt = 0; ; attempt++) {
      Account refusing = tryAcquire(bytes);
      if (refusing == null) {
        return;
      }
      AllocationOutcome outcome = outcome(refusing, requested, bytes);
      if (attempt == MAX_RETRIES || !listener.onFailure(outcome)) {
        record(outcome);
        throw new BudgetExceededException(outcome);
      }
    }
  }

  private static void record(AllocationOutcome outcome) {
    for (AllocationOutcome.Level level : outcome.levels()) {
      if (level.path().equals(outcome.refusedBy())) {
        AllocatorEvents.budgetExceeded(
            outcome.budget(),
            outcome.refusedBy(),
            outcome.requestedBytes(),
            level.limitBytes(),
            level.allocatedBytes());
      }
    }
  }

  private @Nullable Account tryAcquire(long bytes) {
    int most = mostCredit;
    int extra = most / 2;
    if (bytes <= extra && extra > 0 && account.charge(bytes + extra) == null) {
      account.release(credits.add(credits.cell(), extra, most));
      return null;
    }
    Account refusing = account.charge(bytes);
    if (refusing == null) {
      return null;
    }
    lock.lock();
    try {
      budgetOf(refusing).drain();
    } finally {
      lock.unlock();
    }
    return account.charge(bytes);
  }

  /** Adds bytes to the credit, and gives back up the chain what is too much. */
  private void giveBack(long bytes) {
    long left = credits.add(credits.cell(), bytes, mostCredit / 2);
    if (left > 0) {
      account.release(left);
    }
  }

  private void countBlock(int cell) {
    if (!credits.count(cell, 1)) {
      awaitOpen();
      countBlock(cell);
    }
  }

  private void uncountBlock() {
    if (!credits.count(credits.cell(), -1)) {
      awaitOpen();
      uncountBlock();
    }
  }

  /** Somebody is trying to close the budget, or has closed it. */
  private void awaitOpen() {
    lock.lock();
    try {
      checkOpen();
    } finally {
      lock.unlock();
    }
  }

  /** Takes back the credit of this budget and those below; under the lock. */
  private void drain() {
    for (Budget child : children) {
      child.drain();
    }
    account.release(credits.drain());
  }

  private Budget budgetOf(Account wanted) {
    Budget at = this;
    while (at.account != wanted) {
      at = Objects.requireNonNull(at.parent, "an account of another chain");
    }
    return at;
  }

  private AllocationOutcome outcome(Account refusing, long requested, long bytes) {
    List<AllocationOutcome.Level> levels = new ArrayList<>();
    for (Budget at = this; at != null; at = at.parent) {
      levels.add(
          new AllocationOutcome.Level(
              at.name(), at.account.reservation(), at.account.limit(), at.allocated()));
    }
    return new AllocationOutcome(name(), requested, bytes, budgetOf(refusing).name(), levels);
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

  // -------------------------------------------------------------------- figures

  /**
   * What is allocated in this budget: blocks and charges of its own, and of each child what is
   * allocated there, but at least its reservation.
   *
   * @return bytes; exact while no other thread allocates. Costs a walk over the budgets below
   */
  public long allocated() {
    long unused = credits.sum();
    for (Budget child : children) {
      unused +=
          child.account.share(child.account.charged()) - child.account.share(child.allocated());
    }
    return account.charged() - unused;
  }

  private long ownBytes() {
    long own = allocated();
    for (Budget child : children) {
      own -= child.account.share(child.allocated());
    }
    return own;
  }

  /**
   * The most that was allocated at once, credit included: never less than what was, and more by no
   * more than the credit of the budgets below, see the class.
   *
   * @return bytes
   */
  public long peak() {
    return account.peak();
  }

  /**
   * What is guaranteed to this budget.
   *
   * @return bytes
   */
  public long reservation() {
    return account.reservation();
  }

  /**
   * What this budget may have.
   *
   * @return bytes; {@link Long#MAX_VALUE} if it has no limit of its own
   */
  public long limit() {
    return account.limit();
  }

  /**
   * Changes the limit, from the next allocation on.
   *
   * @param bytes the reservation or more. If more than that is allocated already nothing happens to
   *     it, but nothing more is given
   * @throws IllegalArgumentException if it is less than the reservation, or negative
   */
  public void setLimit(long bytes) {
    checkLimit(name(), account.reservation(), bytes);
    lock.lock();
    try {
      account.setLimit(bytes);
      updateCredit(leastLimitAbove());
    } finally {
      lock.unlock();
    }
  }

  private long leastLimitAbove() {
    long least = Long.MAX_VALUE;
    for (Budget at = parent; at != null; at = at.parent) {
      least = Math.min(least, at.account.limit());
    }
    return least;
  }

  private void updateCredit(long limitAbove) {
    long least = Math.min(limitAbove, account.limit());
    long each = Math.min(MOST_CREDIT, (least >> CREDIT_SHIFT) / credits.cells());
    mostCredit = each < LEAST_CREDIT ? 0 : (int) each;
    for (Budget child : children) {
      child.updateCredit(least);
    }
    account.release(credits.drain());
  }

  /**
   * What could be allocated now before this budget, or one above it, refuses: of this one what is
   * left to its limit, but no more than what is left of its reservation and the parent's headroom.
   *
   * @return bytes; 0 or more
   */
  public long headroom() {
    long allocated = allocated();
    long own = Math.max(0, account.limit() - allocated);
    if (parent == null) {
      return own;
    }
    long reserved = Math.max(0, account.reservation() - allocated);
    long above = parent.headroom();
    return Math.min(own, above > Long.MAX_VALUE - reserved ? above : above + reserved);
  }

  /**
   * This budget and those below, as records; their text is the tree.
   *
   * @return the figures
   */
  public BudgetStats snapshot() {
    List<BudgetStats> below = new ArrayList<>();
    for (Budget child : children) {
      below.add(child.snapshot());
    }
    return new BudgetStats(
        name(),
        account.reservation(),
        account.limit(),
        allocated(),
        account.peak(),
        headroom(),
        ownBytes(),
        credits.blocks(),
        below);
  }

  /**
   * The budget above.
   *
   * @return null for the root
   */
  public @Nullable Budget parent() {
    return parent;
  }

  /**
   * The budgets below that are open.
   *
   * @return the children, in the order in which they were made
   */
  public List<Budget> children() {
    return List.of(children);
  }

  /**
   * The blocks of this budget itself, if it {@linkplain Builder#noteStacks notes} them.
   *
   * @return the blocks; empty if it does not
   */
  @Override
  public List<LiveBlock> liveBlocks() {
    return noted == null ? List.of() : noted.all();
  }

  /**
   * The figures as an allocator's: blocks and bytes are this budget's own, without its children's;
   * the rest is that of the allocator underneath.
   */
  @Override
  public AllocatorStats stats() {
    AllocatorStats of = served.stats();
    return new AllocatorStats(
        name(),
        credits.blocks(),
        ownBytes(),
        of.reservedBytes(),
        of.committedBytes(),
        of.peakCommittedBytes(),
        of.purgedBytes(),
        of.metadataBytes(),
        of.sizeClasses());
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

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the budget " + name() + " is closed");
    }
  }

  /**
   * Closes the budget and gives its reservation back to the parent; the root closes the allocator
   * too. Where something is left the {@link LeakPolicy} decides.
   *
   * @throws BudgetLeakException if blocks, charges or children are left and the policy is {@link
   *     LeakPolicy#THROW}; the budget stays open
   */
  @Override
  public void close() {
    credits.cell(); // of a confined one, checks the thread
    if (onLeak == LeakPolicy.REPORT) {
      for (Budget child : children) {
        child.close();
      }
    }
    LeakReport left;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      left = closeAccount();
      LeakReport atClose = left;
      LeakWatch.closed(this, () -> atClose);
      if (parent != null) {
        parent.account.release(account.reservation());
        parent.children =
            Arrays.stream(parent.children).filter(b -> b != this).toArray(Budget[]::new);
      }
      closed = true;
    } finally {
      lock.unlock();
    }
    try {
      if (!left.isEmpty() || left.bytes() > 0) {
        left.record();
        listener.leaked(this, left);
      }
      if (parent != null) {
        parent.listener.childRemoved(parent, this);
      }
    } finally {
      if (parent == null) {
        served.close();
      }
    }
  }

  /** Closes the cells and gives all back; under the lock. */
  private LeakReport closeAccount() {
    long[] cells = credits.close();
    boolean ended = false;
    try {
      long own = account.charged() - Credits.creditIn(cells);
      List<String> open = new ArrayList<>();
      for (Budget child : children) {
        own -= child.account.share(child.account.charged());
        open.add(child.name());
      }
      LeakReport left =
          LeakReport.of(
              name(), Credits.blocksIn(cells), own, liveBlocks(), LeakReport.Grouping.STACK);
      if (left.count() != 0 || own != 0 || !open.isEmpty()) {
        if (onLeak == LeakPolicy.THROW) {
          throw new BudgetLeakException(left, open);
        }
      }
      account.release(account.charged());
      ended = true;
      return left;
    } finally {
      if (!ended) {
        credits.reopen(cells);
      }
    }
  }

  /** The tree as text, see {@link BudgetStats}. */
  @Override
  public String toString() {
    return closed ? name() + " (closed)" : snapshot().toString();
  }

  static String bytes(long limit) {
    return limit == Long.MAX_VALUE ? "no limit" : limit + " bytes";
  }

  private static void checkLimit(String path, long reservation, long limit) {
    if (reservation < 0 || limit < reservation) {
      throw new IllegalArgumentException(
          path
              + ": a reservation of "
              + reservation
              + " bytes and a limit of "
              + limit
              + ": neither may be negative, and the limit not less than the reservation");
    }
  }

  /** Makes a {@link Budget}. */
  public static final class Builder {

    static final BudgetListener NOBODY = new BudgetListener() {};

    private final Allocator allocator;
    private final @Nullable Budget parent;
    private final String name;
    private long reservation;
    private long limit = Long.MAX_VALUE;
    private BudgetListener listener;
    private LeakPolicy onLeak;
    private int depth;

    private Builder(Allocator allocator, @Nullable Budget parent, String name) {
      if (name.isBlank() || name.indexOf('/') >= 0) {
        throw new IllegalArgumentException(
            "a budget cannot be called '" + name + "': a name is not blank and has no slash");
      }
      this.allocator = allocator;
      this.parent = parent;
      this.name = name;
      this.listener = parent == null ? NOBODY : parent.listener;
      this.onLeak = parent == null ? LeakPolicy.THROW : parent.onLeak;
      this.depth = parent == null || parent.noted == null ? 0 : parent.noted.depth();
    }

    private String path() {
      return parent == null ? name : parent.name() + "/" + name;
    }

    /**
     * Guarantees memory to the budget: it is charged to the parent at once.
     *
     * @param bytes 0, the default, or more; not more than the limit
     * @return this
     */
    public Builder reservation(long bytes) {
      this.reservation = bytes;
      return this;
    }

    /**
     * Sets what the budget may have, its children included.
     *
     * @param bytes 0 or more; by default {@link Long#MAX_VALUE}, which is no limit
     * @return this
     */
    public Builder limit(long bytes) {
      this.limit = bytes;
      return this;
    }

    /**
     * Sets who is told of what happens.
     *
     * @param told by default the parent's
     * @return this
     */
    public Builder listener(BudgetListener told) {
      this.listener = told;
      return this;
    }

    /**
     * Sets what closing does where something is left.
     *
     * @param policy by default the parent's, of a root {@link LeakPolicy#THROW}
     * @return this
     */
    public Builder onLeak(LeakPolicy policy) {
      this.onLeak = policy;
      return this;
    }

    /**
     * Notes each live block with the stack of its allocation: for leak reports, and to find blocks
     * that are freed through the wrong budget. Costs a microsecond or more a call, and some hundred
     * bytes of Java heap a block.
     *
     * @param frames of a stack that are kept; 0 for no notes; by default as the parent
     * @return this
     */
    public Builder noteStacks(int frames) {
      if (frames < 0) {
        throw new IllegalArgumentException("stacks of " + frames + " frames: 0 or more");
      }
      this.depth = frames;
      return this;
    }

    /**
     * Makes the budget.
     *
     * @return a new budget, to be closed by the caller
     * @throws BudgetExceededException if there is no room for the reservation; it names the budget
     *     that refuses
     * @throws IllegalArgumentException if the limit is less than the reservation, one is negative,
     *     or the parent has an open child of that name
     * @throws IllegalStateException if the parent is closed
     */
    public Budget open() {
      checkLimit(path(), reservation, limit);
      Account above = parent == null ? null : parent.account;
      Budget made = new Budget(this, new Account(above, reservation, limit));
      if (parent != null) {
        parent.adopt(made, name);
        parent.listener.childAdded(parent, made);
      } else {
        made.updateCredit(Long.MAX_VALUE);
      }
      return made;
    }
  }

  private void adopt(Budget child, String name) {
    credits.cell(); // of a confined one, checks the thread
    checkAdoptable(name);
    acquireReservation(child);
    boolean adopted = false;
    lock.lock();
    try {
      checkAdoptable(name);
      Budget[] more = Arrays.copyOf(children, children.length + 1);
      more[children.length] = child;
      children = more;
      adopted = true;
      child.updateCredit(child.leastLimitAbove());
    } finally {
      lock.unlock();
      if (!adopted) {
        account.release(child.account.reservation());
      }
    }
  }

  private void acquireReservation(Budget child) {
    long bytes = child.account.reservation();
    if (bytes > 0) {
      acquire(bytes, bytes);
    }
  }

  private void checkAdoptable(String name) {
    checkOpen();
    String path = name() + "/" + name;
    for (Budget child : children) {
      if (child.name().equals(path)) {
        throw new IllegalArgumentException(
            "there is an open budget " + path + " already: choose another name, or close it");
      }
    }
  }
}
