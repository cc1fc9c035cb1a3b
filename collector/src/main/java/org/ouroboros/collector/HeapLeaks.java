package org.ouroboros.collector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.leak.LeakReport;
import org.ouroboros.allocator.leak.LeakReport.Group;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.SharedHeap;

/**
 * What is live in a heap that should not be, as a {@link LeakReport}: objects by their types, and
 * in debug mode by type and by where the references were taken that nobody has released.
 */
public final class HeapLeaks {

  /** Whose frames tell nothing about the caller. */
  private static final List<String> OWN =
      List.of("org.ouroboros.collector.heap.", "org.ouroboros.collector.typed.");

  private HeapLeaks() {}

  /**
   * What is live now. Garbage that was not collected yet is live too; so collect before.
   *
   * @param heap an open heap of the calling thread
   * @return the report, of all objects; costs a look at each
   */
  public static LeakReport of(Heap heap) {
    Map<String, long[]> types = new TreeMap<>();
    heap.inspector()
        .visitAll(
            ref -> {
              long[] sum = types.computeIfAbsent(heap.typeOf(ref).name(), t -> new long[2]);
              sum[0]++;
              sum[1] += heap.sizeOf(ref);
              return true;
            });
    List<Group> groups = new ArrayList<>();
    long count = 0;
    long bytes = 0;
    for (Map.Entry<String, long[]> type : types.entrySet()) {
      long[] sum = type.getValue();
      groups.add(new Group(type.getKey(), List.of(), sum[0], sum[1]));
      count += sum[0];
      bytes += sum[1];
    }
    List<Group> held =
        byStack(
            switch (heap) {
              case ConfinedHeap confined -> confined.owners();
              case SharedHeap shared -> shared.inStoppedWorld(ConfinedHeap::owners);
            });
    return new LeakReport(
        heap.options().name(), "object", count, bytes, held.isEmpty() ? sorted(groups) : held);
  }

  /**
   * What was left in a heap when it was closed, and was held: objects that Java code owned
   * references to. What they held in turn, and garbage, is not counted.
   *
   * @param heap its name
   * @param report what was left
   * @return the report: by type and stack in debug mode; else by type, of all that was live
   */
  public static LeakReport of(String heap, CloseReport report) {
    List<Group> groups = byStack(report.owners());
    if (groups.isEmpty() && report.externallyHeld() > 0) {
      report
          .objectsByType()
          .forEach(
              (type, count) ->
                  groups.add(new Group(type, List.of(), count, AllocatorStats.UNKNOWN)));
    }
    return new LeakReport(
        heap,
        "object",
        report.externallyHeld(),
        report.externallyHeld() == 0 ? 0 : report.liveBytes(),
        sorted(groups));
  }

  private static List<Group> byStack(List<CloseReport.Owner> owners) {
    Map<String, Map<List<StackTraceElement>, Long>> counts = new LinkedHashMap<>();
    for (CloseReport.Owner owner : owners) {
      Throwable stack = owner.stack();
      List<StackTraceElement> frames = stack == null ? List.of() : callers(stack);
      counts
          .computeIfAbsent(owner.type(), type -> new LinkedHashMap<>())
          .merge(frames, 1L, Long::sum);
    }
    List<Group> groups = new ArrayList<>();
    counts.forEach(
        (type, stacks) ->
            stacks.forEach(
                (frames, count) ->
                    groups.add(new Group(type, frames, count, AllocatorStats.UNKNOWN))));
    return sorted(groups);
  }

  private static List<StackTraceElement> callers(Throwable stack) {
    return Arrays.stream(stack.getStackTrace())
        .dropWhile(frame -> OWN.stream().anyMatch(frame.getClassName()::startsWith))
        .toList();
  }

  private static List<Group> sorted(List<Group> groups) {
    List<Group> sorted = new ArrayList<>(groups);
    sorted.sort(Comparator.comparingLong(Group::count).reversed());
    return sorted;
  }
}
