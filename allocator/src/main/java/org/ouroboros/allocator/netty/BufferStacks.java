package org.ouroboros.allocator.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of all threads, found by a table indexed with the thread's id and verified by
 * identity, which takes half of what a {@code ThreadLocal} takes.
 *
 * <p>Platform threads have a stack, event loops among them; that of a dead thread goes to the next
 * thread that comes upon it. Virtual threads have none: their buffers are made anew and left to the
 * garbage collector.
 *
 * <p>Thread rule: any thread. Changes hold this object's monitor.
 */
final class BufferStacks {

  private static final int FIRST_TABLE = 64;
  private static final int MAX_TABLE = 1 << 16;

  /** Racy to read: an entry counts only if its owner is the reader, who has written that. */
  private @Nullable BufferStack[] table = new BufferStack[FIRST_TABLE];

  /** The home of the buffers of threads that have no stack. */
  final BufferStack nobodys = new BufferStack(null);

  /** What threads without a stack did, and those whose stack is given up. */
  private final LongAdder otherBuffers = new LongAdder();

  private final LongAdder otherBytes = new LongAdder();

  /** The calling thread's stack, or null if it has none. */
  @Nullable BufferStack current() {
    Thread thread = Thread.currentThread();
    @Nullable BufferStack[] stacks = table;
    BufferStack stack = stacks[(int) thread.threadId() & stacks.length - 1];
    return stack != null && stack.owner == thread ? stack : find(thread);
  }

  private @Nullable BufferStack find(Thread thread) {
    return thread.isVirtual() ? null : claim(thread);
  }

  private synchronized @Nullable BufferStack claim(Thread thread) {
    while (true) {
      int slot = (int) thread.threadId() & table.length - 1;
      BufferStack there = table[slot];
      if (there == null) {
        BufferStack made = new BufferStack(thread);
        table[slot] = made;
        return made;
      }
      if (there.owner == thread) {
        return there; // the caller had read a table from before
      }
      if (isDead(there)) {
        there.owner = thread; // whose dying ordered all it did before this
        return there;
      }
      if (table.length == MAX_TABLE) {
        return null;
      }
      grow();
    }
  }

  private static boolean isDead(BufferStack stack) {
    Thread owner = stack.owner;
    return owner == null || !owner.isAlive();
  }

  /** Two that had different slots have so in a larger table too. */
  private void grow() {
    @Nullable BufferStack[] grown = new BufferStack[table.length * 2];
    for (BufferStack stack : table) {
      if (stack == null) {
        continue;
      }
      Thread owner = stack.owner;
      if (owner == null || !owner.isAlive()) {
        count(stack.buffers, stack.bytes);
      } else {
        grown[(int) owner.threadId() & grown.length - 1] = stack;
      }
    }
    table = grown;
  }

  // ------------------------------------------------------------------- counting

  /** Counts what a thread without a stack did. */
  void count(long buffers, long bytes) {
    otherBuffers.add(buffers);
    otherBytes.add(bytes);
  }

  synchronized long buffers() {
    return otherBuffers.sum() + all().stream().mapToLong(stack -> stack.buffers).sum();
  }

  synchronized long bytes() {
    return otherBytes.sum() + all().stream().mapToLong(stack -> stack.bytes).sum();
  }

  private List<BufferStack> all() {
    List<BufferStack> stacks = new ArrayList<>();
    for (BufferStack stack : table) {
      if (stack != null) {
        stacks.add(stack);
      }
    }
    return stacks;
  }
}
