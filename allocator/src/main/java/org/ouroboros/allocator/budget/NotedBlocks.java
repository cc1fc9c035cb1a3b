package org.ouroboros.allocator.budget;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.leak.LiveBlock;

/**
 * The live blocks of a budget one by one, with their stacks, where that was asked for.
 *
 * <p>Thread rule: every method may be called from any thread.
 */
final class NotedBlocks {

  /** Whose frames tell nothing about the caller. */
  private static final Set<String> OWN =
      Set.of(
          NotedBlocks.class.getName(),
          Budget.class.getName(),
          Allocator.class.getName(),
          ForwardingAllocator.class.getName());

  private final int depth;
  private final ConcurrentMap<Long, LiveBlock> blocks = new ConcurrentHashMap<>();

  NotedBlocks(int depth) {
    this.depth = depth;
  }

  int depth() {
    return depth;
  }

  void add(long address, long bytes) {
    List<StackTraceElement> stack =
        StackWalker.getInstance()
            .walk(
                frames ->
                    frames
                        .dropWhile(frame -> OWN.contains(frame.getClassName()))
                        .limit(depth)
                        .map(StackWalker.StackFrame::toStackTraceElement)
                        .toList());
    add(new LiveBlock(address, bytes, stack));
  }

  void add(LiveBlock block) {
    blocks.put(block.address(), block);
  }

  /** Forgets a block; returns null if it was not known. */
  @Nullable LiveBlock remove(long address) {
    return blocks.remove(address);
  }

  List<LiveBlock> all() {
    return List.copyOf(blocks.values());
  }
}
