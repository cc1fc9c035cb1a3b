package org.ouroboros.allocator.debug;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of allocations and frees, named by numbers.
 *
 * <p>Some thousands are kept as the JVM notes them for an exception, which takes a microsecond, and
 * are made into names only when a report asks for them; most blocks are forgotten before. When
 * there are too many of those, which take most of a kilobyte each, a stack is walked and kept once,
 * as names: many blocks share a few. The former have negative numbers, and end with {@link
 * #release}; the latter stay for good.
 *
 * <p>Thread rule: every method may be called from any thread.
 */
final class Stacks {

  /** What stands for no stack. */
  static final int NONE = 0;

  /** More different stacks than any program has that does not make up code. */
  private static final int MAX_STACKS = 1 << 20;

  /** Stacks without names: a dozen megabytes of them. */
  private static final int MAX_UNRESOLVED = 1 << 14;

  private static final int MIN_UNRESOLVED = 64;

  /** Whose frames tell nothing about the caller. */
  private static final Set<String> OWN =
      Set.of(
          Stacks.class.getName(),
          DebugAllocator.class.getName(),
          DebugCore.class.getName(),
          Resizer.class.getName(),
          "org.ouroboros.allocator.guard.GuardAllocator",
          "org.ouroboros.allocator.guard.GuardSampler",
          "org.ouroboros.allocator.guard.GuardedPool",
          "org.ouroboros.allocator.page.ConfinedFace",
          "org.ouroboros.allocator.page.Face",
          "org.ouroboros.allocator.page.LocalHeap",
          "org.ouroboros.allocator.page.SharedFace");

  /** What {@link #note} gives when a walk is due. */
  private final Unresolved notNoted = new Unresolved(false);

  private final int depth;

  /** Guarded by this, as all below. */
  private final Map<List<StackTraceElement>, Integer> numbers = new HashMap<>();

  private final List<List<StackTraceElement>> stacks = new ArrayList<>(List.of(List.of()));

  /** By number: the stack -1 - i is at i. */
  private @Nullable Unresolved[] unresolved = new Unresolved[MIN_UNRESOLVED];

  /** The indices that were released, a stack. */
  private int[] released = new int[MIN_UNRESOLVED];

  private int releasedCount;

  /** The first index that was never used. */
  private int fresh;

  Stacks(int depth) {
    this.depth = depth;
  }

  /** A stack as the JVM has it. Never thrown. */
  static final class Unresolved extends Throwable {

    private static final long serialVersionUID = 1;

    private Unresolved(boolean noted) {
      super(null, null, false, noted);
    }
  }

  /**
   * Notes the caller's stack, to be given to {@link #number} by the same method, or to be dropped;
   * null if stacks are not kept.
   */
  @Nullable Unresolved note() {
    return depth == 0 ? null : isFull() ? notNoted : new Unresolved(true);
  }

  /** May be told wrong where several threads come: then a stack is walked, or noted in vain. */
  private boolean isFull() {
    return fresh == MAX_UNRESOLVED && releasedCount == 0;
  }

  /** The number of a noted stack; {@link #NONE} for null. */
  int number(@Nullable Unresolved stack) {
    if (stack == null) {
      return NONE;
    }
    return stack == notNoted ? walk() : keepOrWalk(stack);
  }

  private int keepOrWalk(Unresolved stack) {
    synchronized (this) {
      if (releasedCount > 0) {
        return keep(released[--releasedCount], stack);
      }
      if (fresh < MAX_UNRESOLVED) {
        if (fresh == unresolved.length) {
          unresolved = Arrays.copyOf(unresolved, 2 * fresh);
          released = Arrays.copyOf(released, 2 * fresh);
        }
        return keep(fresh++, stack);
      }
    }
    return walk();
  }

  private int keep(int index, Unresolved stack) {
    unresolved[index] = stack;
    return -1 - index;
  }

  /** Ends the use of a number. */
  void release(int number) {
    if (number < 0) {
      synchronized (this) {
        unresolved[-1 - number] = null;
        released[releasedCount++] = -1 - number;
      }
    }
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
    if (number >= 0) {
      return stacks.get(number);
    }
    Unresolved stack = unresolved[-1 - number];
    if (stack == null) {
      return List.of();
    }
    return Arrays.stream(stack.getStackTrace())
        .filter(frame -> !isReflection(frame.getClassName()))
        .dropWhile(frame -> OWN.contains(frame.getClassName()))
        .limit(depth)
        .toList();
  }

  /** What a walk leaves out too. */
  private static boolean isReflection(String name) {
    return name.equals("java.lang.reflect.Method")
        || name.equals("java.lang.reflect.Constructor")
        || name.startsWith("jdk.internal.reflect.");
  }
}
