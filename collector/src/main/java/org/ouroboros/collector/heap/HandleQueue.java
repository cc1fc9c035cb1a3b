package org.ouroboros.collector.heap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * The references of host handles that the JVM has found unreachable, on their way to the heap's
 * thread. One stack for each heap, linked through the cleaner's own actions, so that to put one on
 * it takes no memory and cannot fail.
 *
 * <p>An action refers to this queue and not to the heap, so that a heap that was forgotten together
 * with its handles can be collected.
 *
 * <p>Protocol: a cleaner's thread sets {@code next} and then {@code head}, by compare and set, from
 * what it saw; the heap's thread takes the whole stack by exchanging it for null, so that nothing
 * is ever taken off the middle and no node is pushed twice: there is no ABA. The close exchanges it
 * for {@code closed}, which no push replaces. Everything a handle's users did with it before it
 * became unreachable happens before its action runs, by the rules of {@link java.lang.ref}.
 *
 * <p>Thread rule: {@link Node#run} is for any thread, all others for the heap's.
 */
final class HandleQueue {

  /** Shared by all heaps; its thread is a daemon. */
  private static final class Shared {
    static final Cleaner CLEANER = Cleaner.create();
  }

  /** What a cleaner does when a handle is unreachable. Must not refer to the handle. */
  static final class Node implements Runnable {

    private final HandleQueue queue;

    /** Where the handle was made; null if stacks are not noted. */
    final @Nullable Throwable stack;

    /** The owned reference; 0 once it was given back by the handle. */
    long ref;

    /** What was found before. Written by the one that pushes, before the push. */
    @Nullable Node next;

    Node(HandleQueue queue, long ref, @Nullable Throwable stack) {
      this.queue = queue;
      this.ref = ref;
      this.stack = stack;
    }

    @Override
    public void run() {
      if (ref != 0) {
        queue.push(this);
      }
    }
  }

  private static final VarHandle HEAD;

  static {
    try {
      HEAD = MethodHandles.lookup().findVarHandle(HandleQueue.class, "head", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Node closed = new Node(this, 0, null);

  private volatile @Nullable Node head;

  /** Has a handle's node pushed when the handle is unreachable, or {@code clean} is called. */
  static Cleaner.Cleanable register(Object handle, Node node) {
    return Shared.CLEANER.register(handle, node);
  }

  private void push(Node node) {
    Node before = head;
    while (before != closed) {
      node.next = before;
      Node witness = (Node) HEAD.compareAndExchange(this, before, node);
      if (witness == before) {
        return;
      }
      before = witness;
    }
  }

  /** Whether there is something to take. Cost: a load. */
  boolean isEmpty() {
    Node first = head;
    return first == null || first == closed;
  }

  /** Takes all, oldest first. */
  @Nullable Node takeAll() {
    return isEmpty() ? null : reversed((Node) HEAD.getAndSet(this, null));
  }

  /** Nothing is taken in from now on. */
  void close() {
    head = closed;
  }

  private static @Nullable Node reversed(@Nullable Node newest) {
    Node oldest = null;
    for (Node node = newest; node != null; ) {
      Node next = node.next;
      node.next = oldest;
      oldest = node;
      node = next;
    }
    return oldest;
  }
}
