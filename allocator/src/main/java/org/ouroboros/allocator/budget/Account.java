package org.ouroboros.allocator.budget;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The bytes charged to a budget, and through it to those above.
 *
 * <p>An account takes from its parent what it has charged beyond its reservation; the reservation
 * itself is charged to the parent once, when the account is opened. So of any account {@code
 * charged} is, whenever nothing is under way, what is charged to it directly and the sum of {@code
 * max(charged, reservation)} of its children.
 *
 * <p>Protocol, without locks: the parent is charged first, for what the child is going to have
 * beyond its reservation, and only then the child's counter is changed, by a compare-and-set from
 * the value that amount was reckoned from. If the counter has changed meanwhile, what the parent
 * granted is kept for the next attempt and only the difference is charged or released. Giving back
 * goes the other way round. Hence at every instant a parent is charged at least what its children
 * have of it, no counter is ever above its limit (but where the limit was lowered), and a charge
 * that is refused leaves all counters as they were. For a moment a charge that is going to be
 * refused may hold bytes of the accounts above; so of two that race for the last bytes both may be
 * refused.
 *
 * <p>Thread rule: every method may be called from any thread.
 */
final class Account {

  private static final VarHandle CHARGED;
  private static final VarHandle PEAK;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CHARGED = lookup.findVarHandle(Account.class, "charged", long.class);
      PEAK = lookup.findVarHandle(Account.class, "peak", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable Account parent;
  private final long reservation;
  private volatile long limit;
  private volatile long charged;
  private volatile long peak;

  Account(@Nullable Account parent, long reservation, long limit) {
    this.parent = parent;
    this.reservation = reservation;
    this.limit = limit;
  }

  /**
   * Charges bytes up the chain, all of them or none.
   *
   * @param bytes 0 or more
   * @return the account whose limit refuses them; null if they are charged
   */
  @Nullable Account charge(long bytes) {
    Account above = parent;
    long granted = 0;
    while (true) {
      long before = charged;
      long after = before + bytes;
      if (after > limit || after < 0) {
        giveBack(above, granted);
        return this;
      }
      long beyond = share(after) - share(before);
      if (above != null && beyond > granted) {
        Account refusing = above.charge(beyond - granted);
        if (refusing != null) {
          giveBack(above, granted);
          return refusing;
        }
        granted = beyond;
      }
      if (CHARGED.compareAndSet(this, before, after)) {
        giveBack(above, granted - beyond);
        raisePeak(after);
        return null;
      }
    }
  }

  /** Charges bytes up the chain that are in use already, whatever the limits are. */
  void force(long bytes) {
    while (true) {
      long before = charged;
      long after = Math.addExact(before, bytes);
      if (CHARGED.compareAndSet(this, before, after)) {
        raisePeak(after);
        long beyond = share(after) - share(before);
        if (parent != null && beyond > 0) {
          parent.force(beyond);
        }
        return;
      }
    }
  }

  /** Gives back bytes that were charged. */
  void release(long bytes) {
    while (true) {
      long before = charged;
      long after = before - bytes;
      if (after < 0) {
        throw new IllegalStateException(
            bytes + " bytes are given back to a budget that has only " + before + " charged");
      }
      if (CHARGED.compareAndSet(this, before, after)) {
        giveBack(parent, share(before) - share(after));
        return;
      }
    }
  }

  private static void giveBack(@Nullable Account above, long bytes) {
    if (above != null && bytes > 0) {
      above.release(bytes);
    }
  }

  private void raisePeak(long reached) {
    long before = peak;
    while (before < reached && !PEAK.compareAndSet(this, before, reached)) {
      before = peak;
    }
  }

  /** What the parent bears if that many bytes are charged here. */
  long share(long bytes) {
    return Math.max(bytes, reservation);
  }

  long charged() {
    return charged;
  }

  /** The most that was ever charged at once. */
  long peak() {
    return peak;
  }

  long reservation() {
    return reservation;
  }

  long limit() {
    return limit;
  }

  void setLimit(long bytes) {
    limit = bytes;
  }
}
