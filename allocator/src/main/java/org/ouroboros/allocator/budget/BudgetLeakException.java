package org.ouroboros.allocator.budget;

import java.util.List;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.allocator.leak.LeakReport;

/**
 * A budget that cannot be closed, because blocks, charges or children are left. It is as it was,
 * and can be used: free what the {@link #report} lists and close it again.
 */
public final class BudgetLeakException extends AllocatorException {

  private static final long serialVersionUID = 1L;

  private final transient LeakReport report;
  private final transient List<String> openChildren;

  BudgetLeakException(LeakReport report, List<String> openChildren) {
    super(
        report.owner()
            + ": the budget cannot be closed, and stays open: "
            + (openChildren.isEmpty()
                ? ""
                : "close " + String.join(", ", openChildren) + " first; ")
            + (report.bytes() == 0 && report.count() == 0
                ? "it has no blocks of its own"
                : "free what is live in it\n" + report),
        null);
    this.report = report;
    this.openChildren = List.copyOf(openChildren);
  }

  /**
   * The blocks of the budget itself, without those of its children.
   *
   * @return the report; where they come from is known only if the budget {@linkplain
   *     BudgetBuilder#noteStacks notes} it
   */
  public LeakReport report() {
    return report;
  }

  /**
   * The children that are open.
   *
   * @return their paths
   */
  public List<String> openChildren() {
    return openChildren;
  }
}
