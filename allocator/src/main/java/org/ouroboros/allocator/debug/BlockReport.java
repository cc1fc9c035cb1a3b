package org.ouroboros.allocator.debug;

import java.util.List;
import org.ouroboros.allocator.Domain;

/**
 * What is known of a block.
 *
 * @param address where it begins
 * @param size bytes that were asked for
 * @param domain the domain it was allocated in
 * @param serial the how manieth block it is, the first is 1; of one allocator, all domains counted
 *     together; 0 if {@link DebugOptions#serials} is off
 * @param state whether it is live
 * @param allocatedAt the stack of its allocation, innermost frame first; empty if {@link
 *     DebugOptions#stackDepth} is 0
 * @param freedAt the stack of its free; empty for a live block too
 */
public record BlockReport(
    long address,
    long size,
    Domain domain,
    long serial,
    State state,
    List<StackTraceElement> allocatedAt,
    List<StackTraceElement> freedAt) {

  /** Where a block is in its life. */
  public enum State {
    /** Handed out and not freed. */
    LIVE,
    /** Freed, its memory kept back so that writes to it show. */
    QUARANTINED,
    /** Freed; its memory may serve other blocks. */
    FREED
  }

  /** Copies the lists. */
  public BlockReport {
    allocatedAt = List.copyOf(allocatedAt);
    freedAt = List.copyOf(freedAt);
  }

  /** Several lines, without an end of line after the last. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("block 0x").append(Long.toHexString(address));
    text.append(", ").append(size).append(" bytes, domain ").append(domain.id());
    text.append(" (").append(domain).append("), ");
    if (serial != 0) {
      text.append("serial ").append(serial).append(", ");
    }
    text.append(
        switch (state) {
          case LIVE -> "live";
          case QUARANTINED -> "freed, in quarantine";
          case FREED -> "freed";
        });
    append(text, "allocated", allocatedAt);
    append(text, "freed", freedAt);
    if (allocatedAt.isEmpty() && freedAt.isEmpty()) {
      text.append("\n  no stacks: they are kept with -D")
          .append(DebugOptions.STACK_DEPTH)
          .append("=16");
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String what, List<StackTraceElement> stack) {
    if (!stack.isEmpty()) {
      text.append("\n  ").append(what);
      stack.forEach(frame -> text.append("\n    at ").append(frame));
    }
  }
}
