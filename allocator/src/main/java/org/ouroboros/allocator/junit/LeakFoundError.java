package org.ouroboros.allocator.junit;

import java.util.List;
import java.util.stream.Collectors;
import org.ouroboros.allocator.leak.LeakReport;

/** A test that leaves blocks or objects behind. */
public final class LeakFoundError extends AssertionError {

  private static final long serialVersionUID = 1L;

  private final transient List<LeakReport> reports;

  LeakFoundError(String test, List<LeakReport> reports) {
    super(
        test
            + " leaves memory behind; free it, or name its owner in @LeakCheck(ignore = ...)\n"
            + reports.stream().map(LeakReport::toString).collect(Collectors.joining("\n")));
    this.reports = List.copyOf(reports);
  }

  /**
   * What is left.
   *
   * @return a report for each allocator or heap
   */
  public List<LeakReport> reports() {
    return reports;
  }
}
