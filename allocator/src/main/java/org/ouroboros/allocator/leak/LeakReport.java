package org.ouroboros.allocator.leak;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.jfr.AllocatorEvents;

/**
 * What is live of an allocator, or of a heap of the sister module, grouped by where it comes from:
 * taken when nothing should be, a list of leaks. Any allocator tells how many blocks there are, if
 * it counts; which ones, and where they come from, is known to a {@link BlockLedger}: a {@link
 * org.ouroboros.allocator.debug.DebugAllocator} with {@linkplain
 * org.ouroboros.allocator.debug.DebugOptions#stackDepth stacks}, or a {@link
 * org.ouroboros.allocator.budget.Budget} {@linkplain
 * org.ouroboros.allocator.budget.BudgetBuilder#noteStacks that notes them}.
 *
 * @param owner the name of the allocator or heap
 * @param unit what is counted: {@code block} or {@code object}
 * @param count how many are live; {@link AllocatorStats#UNKNOWN} if they are not counted
 * @param bytes what they take; {@code UNKNOWN} likewise
 * @param groups those of them that are known one by one, by their origin, most bytes first
 */
public record LeakReport(String owner, String unit, long count, long bytes, List<Group> groups) {

  /** What blocks have in common that are told of together. */
  public enum Grouping {
    /** The whole stack of the allocation. */
    STACK,
    /** The method that called the allocator. */
    METHOD
  }

  /** How many groups the text tells of. */
  private static final int MOST_IN_TEXT = 20;

  /** The packages and classes whose frames tell nothing about the caller. */
  private static final List<String> OWN =
      List.of(
          "org.ouroboros.allocator.debug.",
          "org.ouroboros.allocator.record.",
          "org.ouroboros.allocator.Allocator",
          "org.ouroboros.allocator.ForwardingAllocator");

  /** Copies the list. */
  public LeakReport {
    groups = List.copyOf(groups);
  }

  /**
   * What has one origin.
   *
   * @param kind the type of objects; empty for blocks
   * @param origin the stack of their allocation, innermost frame first, or the one frame of the
   *     method; empty where that is not known
   * @param count how many
   * @param bytes what they take; {@link AllocatorStats#UNKNOWN} if that is not known
   */
  public record Group(String kind, List<StackTraceElement> origin, long count, long bytes) {

    /** Copies the list. */
    public Group {
      origin = List.copyOf(origin);
    }
  }

  /**
   * Tells the JVM's Flight Recorder of it, if anything is live: an event {@code org.ouroboros.Leak}
   * for each group, or one for all where nothing is known one by one. Budgets and debug allocators
   * that are closed, heaps that are, and {@code @LeakCheck} do so themselves.
   */
  public void record() {
    if (count == 0 || !AllocatorEvents.areLeaksRecorded()) {
      return;
    }
    if (groups.isEmpty()) {
      AllocatorEvents.leak(owner, count, bytes, "");
    }
    for (Group group : groups) {
      String origin =
          group.origin().stream().map(String::valueOf).collect(Collectors.joining("\n"));
      String where =
          group.kind().isEmpty() || origin.isEmpty()
              ? group.kind() + origin
              : group.kind() + "\n" + origin;
      AllocatorEvents.leak(owner, group.count(), group.bytes(), where);
    }
  }

  /**
   * What is live now, by stacks.
   *
   * @param allocator whose blocks are meant; of decorators around a ledger, the ledger is asked
   * @return the report; it costs a walk over all blocks of a ledger
   */
  public static LeakReport of(Allocator allocator) {
    return of(allocator, Grouping.STACK);
  }

  /**
   * What is live now.
   *
   * @param allocator whose blocks are meant; of decorators around a ledger, the ledger is asked
   * @param grouping what is told of together
   * @return the report
   */
  public static LeakReport of(Allocator allocator, Grouping grouping) {
    BlockLedger ledger = ledger(allocator);
    AllocatorStats stats = allocator.stats();
    return of(
        allocator.name(),
        stats.liveBlocks(),
        stats.liveBytes(),
        ledger == null ? List.of() : ledger.liveBlocks(),
        grouping);
  }

  /**
   * The report of blocks that are known already.
   *
   * @param owner the allocator's name
   * @param blocks how many there are, known one by one or not
   * @param bytes what they take
   * @param known those of them that are known one by one
   * @param grouping what is told of together
   * @return the report
   */
  public static LeakReport of(
      String owner, long blocks, long bytes, List<LiveBlock> known, Grouping grouping) {
    Map<List<StackTraceElement>, long[]> sums = new LinkedHashMap<>();
    for (LiveBlock block : known) {
      List<StackTraceElement> origin =
          grouping == Grouping.STACK ? block.stack() : method(block.stack());
      long[] sum = sums.computeIfAbsent(origin, o -> new long[2]);
      sum[0]++;
      sum[1] += block.bytes();
    }
    List<Group> groups = new ArrayList<>();
    sums.forEach((origin, sum) -> groups.add(new Group("", origin, sum[0], sum[1])));
    groups.sort(Comparator.comparingLong(Group::bytes).thenComparingLong(Group::count).reversed());
    return new LeakReport(owner, "block", blocks, bytes, groups);
  }

  private static @Nullable BlockLedger ledger(Allocator allocator) {
    Allocator at = allocator;
    while (true) {
      if (at instanceof BlockLedger found) {
        return found;
      }
      if (!(at instanceof ForwardingAllocator decorator)) {
        return null;
      }
      at = decorator.inner();
    }
  }

  /** The innermost frame that is not of this library. */
  private static List<StackTraceElement> method(List<StackTraceElement> stack) {
    for (StackTraceElement frame : stack) {
      if (OWN.stream().noneMatch(frame.getClassName()::startsWith)) {
        return List.of(new StackTraceElement(frame.getClassName(), frame.getMethodName(), "", -1));
      }
    }
    return stack.isEmpty() ? stack : List.of(stack.getFirst());
  }

  /**
   * Whether nothing is live, as far as is known.
   *
   * @return true if there are none, or the allocator does not count
   */
  public boolean isEmpty() {
    return count <= 0 && groups.isEmpty();
  }

  /** Several lines, the largest groups first, without an end of line after the last. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(owner).append(": ");
    if (count == AllocatorStats.UNKNOWN && groups.isEmpty()) {
      return text.append("it does not count its ").append(unit).append('s').toString();
    }
    append(text, unit, count, bytes).append(" live");
    int told = 0;
    for (Group group : groups) {
      if (told++ == MOST_IN_TEXT) {
        text.append("\n  and ").append(groups.size() - MOST_IN_TEXT).append(" more origins");
        break;
      }
      String what = group.kind.isEmpty() ? unit : unit + " of type " + group.kind;
      append(text.append("\n  "), what, group.count, group.bytes);
      group.origin.forEach(frame -> text.append("\n    at ").append(frame));
    }
    if (groups.stream().allMatch(group -> group.origin.isEmpty())) {
      text.append("\n  where they come from was not noted");
    }
    return text.toString();
  }

  private static StringBuilder append(StringBuilder text, String what, long count, long bytes) {
    text.append(count).append(' ');
    int end = what.indexOf(' ') < 0 ? what.length() : what.indexOf(' ');
    text.append(what, 0, end).append(count == 1 ? "" : "s").append(what, end, what.length());
    return bytes < 0 ? text : text.append(" (").append(bytes).append(" bytes)");
  }
}
