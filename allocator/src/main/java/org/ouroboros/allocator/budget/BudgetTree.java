package org.ouroboros.allocator.budget;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.jfr.AllocatorEvents;
import org.ouroboros.allocator.leak.BlockLedger;
import org.ouroboros.allocator.leak.LeakReport;
import org.ouroboros.allocator.leak.LeakWatch;
import org.ouroboros.allocator.leak.LiveBlock;

/**
 * A budget as part of its tree: its account and those above, its children, what is charged, the
 * figures, and its end.
 *
 * <p>Invariant: what the cells of {@link #credits} hold is charged to {@link #account}; the credit
 * of a budget is taken back before any budget above refuses.
 *
 * <p>Thread rule: charging from any thread that may use the allocator; the shape of the tree, and
 * taking credit back, under {@link #lock}; figures from any thread.
 */
abstract sealed class BudgetTree extends ForwardingAllocator implements BlockLedger permits Budget {

  /** How often a listener is asked whether to try once more. */
  public static final int MAX_RETRIES = 3;

  /** The most credit of a cell. */
  private static final int MOST_CREDIT = 64 << 10;

  /** Credit of less is not worth while. */
  private static final int LEAST_CREDIT = 512;

  /** All credit of a budget is at most the limit shifted by this. */
  private static final int CREDIT_SHIFT = 8;

  private static final Budget[] NONE = {};

  final Allocator served;
  final @Nullable Budget parent;
  final BudgetListener listener;
  final LeakPolicy onLeak;
  final @Nullable NotedBlocks noted;
  final Credits credits;
  final Account account;

  /** Of the whole tree: held while its shape changes, and while credit is taken back. */
  final ReentrantLock lock;

  /** Replaced under the lock. */
  volatile Budget[] children = NONE;

  /** What a cell may hold. */
  volatile int mostCredit;

  private volatile boolean closed;

  BudgetTree(BudgetBuilder from, Account account) {
    super(from.allocator, from.path());
    this.served = from.allocator;
    this.parent = from.parent;
    this.account = account;
    this.listener = from.listener;
    this.onLeak = from.onLeak;
    this.noted = from.depth > 0 ? new NotedBlocks(from.depth) : null;
    this.lock = parent != null ? parent.lock : new ReentrantLock();
    boolean shared = served.capabilities().threadSafe();
    this.credits = new Credits(shared ? null : Thread.currentThread());
  }

  abstract Budget self();

  // ------------------------------------------------------------------- charging

  /** Charges bytes up the chain. */
  final void acquire(long bytes, long requested) {
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
  final void giveBack(long bytes) {
    long left = credits.add(credits.cell(), bytes, mostCredit / 2);
    if (left > 0) {
      account.release(left);
    }
  }

  final void countBlock(int cell) {
    if (!credits.count(cell, 1)) {
      awaitOpen();
      countBlock(cell);
    }
  }

  final void uncountBlock() {
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
  final void drain() {
    for (Budget child : children) {
      child.drain();
    }
    account.release(credits.drain());
  }

  private Budget budgetOf(Account wanted) {
    Budget at = self();
    while (at.account != wanted) {
      at = Objects.requireNonNull(at.parent, "an account of another chain");
    }
    return at;
  }

  private AllocationOutcome outcome(Account refusing, long requested, long bytes) {
    List<AllocationOutcome.Level> levels = new ArrayList<>();
    for (Budget at = self(); at != null; at = at.parent) {
      levels.add(
          new AllocationOutcome.Level(
              at.name(), at.account.reservation(), at.account.limit(), at.allocated()));
    }
    return new AllocationOutcome(name(), requested, bytes, budgetOf(refusing).name(), levels);
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
    BudgetBuilder.checkLimit(name(), account.reservation(), bytes);
    lock.lock();
    try {
      account.setLimit(bytes);
      updateCredit(leastLimitAbove());
    } finally {
      lock.unlock();
    }
  }

  final long leastLimitAbove() {
    long least = Long.MAX_VALUE;
    for (Budget at = parent; at != null; at = at.parent) {
      least = Math.min(least, at.account.limit());
    }
    return least;
  }

  final void updateCredit(long limitAbove) {
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
   * The blocks of this budget itself, if it {@linkplain BudgetBuilder#noteStacks notes} them.
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

  // ----------------------------------------------------------------- the tree

  final void adopt(Budget child, String name) {
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

  final void checkOpen() {
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
        listener.leaked(self(), left);
      }
      if (parent != null) {
        parent.listener.childRemoved(parent, self());
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
}
