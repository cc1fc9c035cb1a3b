package org.ouroboros.collector;

import org.agrona.concurrent.Agent;

/**
 * Has the incremental full collections of a shared heap done by a thread of its own, beside those
 * that use the heap: marking takes no time of theirs then.
 *
 * <pre>{@code
 * Heap heap = Heap.ofShared(HeapOptions.DEFAULT.withIncremental(true));
 * AgentRunner helper =
 *     new AgentRunner(
 *         new BackoffIdleStrategy(), Throwable::printStackTrace, null, new CollectorAgent(heap));
 * AgentRunner.startOnThread(helper);
 * }</pre>
 *
 * <p>An agent can share its thread with others, by a {@code CompositeAgent}, or be invoked by the
 * program's own loop. Finalizers and callbacks run on its thread. Several agents of a heap take
 * turns. Without any the allocating threads do the work, in short stops. Stop the agent before the
 * heap is closed; one that comes later finds nothing to do.
 *
 * <p>Thread rule: as agents are, one thread at a time; the heap is a shared one, or confined to
 * that thread.
 */
@SuppressWarnings("exports") // whoever uses it has Agrona
public final class CollectorAgent implements Agent {

  /** Of a round of duty. */
  private static final long DUTY_NANOS = 500_000;

  private final Heap heap;

  /**
   * Makes an agent.
   *
   * @param heap a shared heap, or one that is confined to the agent's thread
   */
  public CollectorAgent(Heap heap) {
    this.heap = heap;
  }

  @Override
  public int doWork() {
    return !heap.isClosed() && heap.collector().assist(DUTY_NANOS) ? 1 : 0;
  }

  @Override
  public String roleName() {
    return heap.options().name() + " collector";
  }
}
