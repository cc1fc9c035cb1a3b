package org.ouroboros.allocator.trace;

import java.util.List;

/**
 * What an allocator had live, by the place where it was allocated.
 *
 * @param allocator its name
 * @param size bytes that were asked for
 * @param count blocks
 * @param places the places, the largest first
 */
public record LeakReport(String allocator, long size, long count, List<Statistic> places) {

  private static final int MOST = 20;

  /** Copies the list. */
  public LeakReport {
    places = List.copyOf(places);
  }

  static LeakReport of(String allocator, Snapshot snapshot, GroupBy groupBy) {
    List<Statistic> places = snapshot.statistics(groupBy);
    return new LeakReport(
        allocator,
        places.stream().mapToLong(Statistic::size).sum(),
        places.stream().mapToLong(Statistic::count).sum(),
        places);
  }

  /** Several lines: the sum, and the 20 largest places with their frames. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(allocator);
    text.append(": ").append(count).append(count == 1 ? " block" : " blocks").append(" live, ");
    text.append(Statistic.bytes(size)).append('\n');
    for (Statistic place : places.subList(0, Math.min(MOST, places.size()))) {
      text.append(Statistic.bytes(place.size())).append(" in ").append(place.count());
      text.append(place.count() == 1 ? " block\n" : " blocks\n");
      place.traceback().format().forEach(line -> text.append(line).append('\n'));
    }
    if (places.size() > MOST) {
      text.append("and ").append(places.size() - MOST).append(" places more\n");
    }
    return text.toString();
  }
}
