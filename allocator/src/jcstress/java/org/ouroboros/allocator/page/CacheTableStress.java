package org.ouroboros.allocator.page;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The shared face's table of heaps, which is read without a lock while others write it: a thread
 * finds a heap that it holds, the same each time, and no two threads the same one, unless the first
 * has died: before it measures, jcstress runs one after the other.
 */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "Each has its own.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A thread got another's heap, or a second one.")
@State
public class CacheTableStress {

  private final HeapRegistry heaps = new HeapRegistry(Owner.ENGINE);

  private LocalHeap first;
  private LocalHeap second;
  private Thread firstThread;
  private Thread secondThread;

  /** One thread, twice. */
  @Actor
  public void findFirst(III_Result result) {
    firstThread = Thread.currentThread();
    first = heaps.current();
    result.r1 = held(first);
  }

  /** Another, twice. */
  @Actor
  public void findSecond(III_Result result) {
    secondThread = Thread.currentThread();
    second = heaps.current();
    result.r2 = held(second);
  }

  private int held(LocalHeap heap) {
    return heap != null && heap.holder == Thread.currentThread() && heaps.current() == heap ? 1 : 0;
  }

  /** Compares them, as one of the two or as a third. */
  @Arbiter
  public void compare(III_Result result) {
    result.r3 = first != second || !firstThread.isAlive() || !secondThread.isAlive() ? 1 : 0;
  }
}
