package org.ouroboros.allocator.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * The event classes of allocators. For {@link AllocatorEvents} alone.
 *
 * <p>An event that is made and not enabled does not leave its method, so the JIT makes none.
 */
final class Events {

  private Events() {}

  /** Memory was put behind pages. */
  @Name("org.ouroboros.Commit")
  @Label("Commit")
  @Category({"Ouroboros", "Allocator"})
  @Description("Memory was put behind pages of a reservation")
  @StackTrace(false)
  static final class Commit extends Event {
    @Label("Bytes")
    @DataAmount
    long bytes;

    @Label("Committed Afterwards")
    @DataAmount
    long committed;
  }

  /** Memory of free pages was given back. */
  @Name("org.ouroboros.Purge")
  @Label("Purge")
  @Category({"Ouroboros", "Allocator"})
  @Description("Memory of free pages was given back to the operating system")
  @StackTrace(false)
  static final class Purge extends Event {
    @Label("Bytes")
    @DataAmount
    long bytes;

    @Label("Committed Afterwards")
    @DataAmount
    long committed;
  }

  /** An allocation that stands for others. */
  @Name("org.ouroboros.AllocationSample")
  @Label("Allocation Sample")
  @Category({"Ouroboros", "Allocator"})
  @Description("A block that a sampling decorator has picked")
  @Enabled(false)
  static final class AllocationSample extends Event {
    @Label("Domain")
    @Nullable String domain;

    @Label("Size")
    @DataAmount
    long size;

    @Label("Weight")
    @Description("Bytes of all allocations that the sample stands for")
    @DataAmount
    long weight;
  }

  /** A request that a budget has refused. */
  @Name("org.ouroboros.BudgetExceeded")
  @Label("Budget Exceeded")
  @Category({"Ouroboros", "Allocator"})
  static final class BudgetExceeded extends Event {
    @Label("Budget")
    @Nullable String budget;

    @Label("Refused By")
    @Nullable String ancestor;

    @Label("Requested")
    @DataAmount
    long requested;

    @Label("Limit")
    @DataAmount
    long limit;

    @Label("Allocated")
    @DataAmount
    long allocated;
  }

  /** What was left behind. */
  @Name("org.ouroboros.Leak")
  @Label("Leak")
  @Category({"Ouroboros", "Allocator"})
  @Description("Blocks or objects of one origin that were left behind")
  @StackTrace(false)
  static final class Leak extends Event {
    @Label("Source")
    @Nullable String source;

    @Label("Count")
    long count;

    @Label("Bytes")
    @DataAmount
    long bytes;

    @Label("Where")
    @Nullable String where;
  }

  private static @Nullable Object begin(Event event) {
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  static @Nullable Object beginCommit() {
    return begin(new Commit());
  }

  static void endCommit(Object begun, long bytes, long committed) {
    Commit event = (Commit) begun;
    event.bytes = bytes;
    event.committed = committed;
    event.commit();
  }

  static @Nullable Object beginPurge() {
    return begin(new Purge());
  }

  static void endPurge(Object begun, long bytes, long committed) {
    Purge event = (Purge) begun;
    event.bytes = bytes;
    event.committed = committed;
    event.commit();
  }

  static boolean isSampling() {
    return new AllocationSample().isEnabled();
  }

  static void sample(String domain, long size, long weight) {
    AllocationSample event = new AllocationSample();
    if (event.isEnabled()) {
      event.domain = domain;
      event.size = size;
      event.weight = weight;
      event.commit();
    }
  }

  static void budgetExceeded(
      String budget, String ancestor, long requested, long limit, long allocated) {
    BudgetExceeded event = new BudgetExceeded();
    if (event.isEnabled()) {
      event.budget = budget;
      event.ancestor = ancestor;
      event.requested = requested;
      event.limit = limit;
      event.allocated = allocated;
      event.commit();
    }
  }

  static boolean areLeaksRecorded() {
    return new Leak().isEnabled();
  }

  static void leak(String source, long count, long bytes, String where) {
    Leak event = new Leak();
    if (event.isEnabled()) {
      event.source = source;
      event.count = count;
      event.bytes = bytes;
      event.where = where;
      event.commit();
    }
  }
}
