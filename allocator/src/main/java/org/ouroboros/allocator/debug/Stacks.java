package org.ouroboros.allocator.debug;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The stacks of allocations and frees, each kept once and named by a number: many blocks share a
 * few stacks.
 *
 * <p>Thread rule: every method may be called from any thread.
 */
final class Stacks {

  /** What stands for no stack. */
  static final int NONE = 0;

  /** More different stacks than any program has that does not make up code. */
  private static final int MAX_STACKS = 1 << 20;

  /** Whose frames tell nothing about the caller. */
  private static final Set<String> OWN =
      Set.of(
          Stacks.class.getName(),
          DebugAllocator.class.getName(),
          DebugCore.class.getName(),
          Resizer.class.getName(),
          "org.ouroboros.allocator.guard.GuardAllocator",
          "org.ouroboros.allocator.guard.GuardedPool");

  private final int depth;

  /** Guarded by this, as the next. */
  private final Map<List<StackTraceElement>, Integer> numbers = new HashMap<>();

  private final List<List<StackTraceElement>> stacks = new ArrayList<>(List.of(List.of()));

  Stacks(int depth) {
    this.depth = depth;
  }

  /** The number of the caller's stack, {@link #NONE} if stacks are not kept. */
  int capture() {
    return depth == 0 ? NONE : walk();
  }

  private int walk() {
    List<StackTraceElement> stack =
        StackWalker.getInstance()
            .walk(
                frames ->
                    frames
                        .dropWhile(frame -> OWN.contains(frame.getClassName()))
                        .limit(depth)
                        .map(StackWalker.StackFrame::toStackTraceElement)
                        .toList());
    synchronized (this) {
      Integer known = numbers.get(stack);
      if (known != null) {
        return known;
      }
      if (stacks.size() == MAX_STACKS) {
        return NONE;
      }
      stacks.add(stack);
      numbers.put(stack, stacks.size() - 1);
      return stacks.size() - 1;
    }
  }

  synchronized List<StackTraceElement> get(int number) {
    return stacks.get(number);
  }
}
