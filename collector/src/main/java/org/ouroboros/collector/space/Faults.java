package org.ouroboros.collector.space;

import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;

/**
 * Makes requests for memory fail on purpose. Everything in the heap that may need memory of any
 * kind passes through here first.
 *
 * <p>Thread rule: as the heap.
 */
public final class Faults {

  private long untilFirst;
  private long left;
  private Runnable changed = () -> {};

  /** What is to be told when requests begin to fail, or no longer do. */
  public void onChange(Runnable listener) {
    changed = listener;
  }

  /** Whether requests are to be counted. */
  public boolean isArmed() {
    return left > 0;
  }

  /** Makes {@code count} requests fail, beginning with the {@code first} from now; 0: none. */
  public void fail(long first, long count) {
    if (first < 0 || count < 0) {
      throw new IllegalArgumentException("first " + first + " and count " + count + " of failures");
    }
    this.untilFirst = first;
    this.left = first == 0 ? 0 : count;
    changed.run();
  }

  /**
   * Counts a request.
   *
   * @throws AllocationFailedException if it is one that is to fail
   */
  public void request(String what, long bytes) {
    if (left > 0) {
      count(what, bytes);
    }
  }

  private void count(String what, long bytes) {
    if (untilFirst > 1) {
      untilFirst--;
    } else {
      left--;
      changed.run();
      throw new AllocationFailedException("heap", bytes, "failing on request: " + what, null);
    }
  }

  /** The Java heap was full. */
  public static AllocationFailedException javaHeap(String what, @Nullable Throwable cause) {
    return new AllocationFailedException("heap", 0, "the Java heap has no room for " + what, cause);
  }
}
