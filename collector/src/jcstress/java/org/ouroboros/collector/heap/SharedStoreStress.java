package org.ouroboros.collector.heap;

import static org.ouroboros.collector.heap.SharedStressHeap.HEAP;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.ouroboros.collector.Heap;

/**
 * A store against an exchange of the same slot. The results are the counts of the first reference
 * in the slot, of the one that is stored, and of the one that is put in by the exchange, less those
 * that the test owns; and which of them the slot has at the end, and the exchange has got.
 */
@JCStressTest
@Outcome(id = "0, 0, 1, 32", expect = Expect.ACCEPTABLE, desc = "First the store.")
@Outcome(id = "0, 1, 0, 21", expect = Expect.ACCEPTABLE, desc = "First the exchange.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A count was lost, or too much.")
@State
public class SharedStoreStress {

  private final long holder = SharedStressHeap.node(0);
  private final long first = SharedStressHeap.node(1);
  private final long second = SharedStressHeap.node(2);
  private final long third = SharedStressHeap.node(3);
  private long got;

  /** The slot has the first one. */
  public SharedStoreStress() {
    HEAP.setRef(holder, 0, first);
    HEAP.retain(third);
  }

  /** Stores the second one. */
  @Actor
  public void store() {
    HEAP.setRef(holder, 0, second);
  }

  /** Puts the third one in. */
  @Actor
  public void exchange() {
    got = HEAP.exchangeRef(holder, 0, third);
  }

  /** Counts. */
  @Arbiter
  public void end(IIII_Result result) {
    HEAP.release(got);
    long last = HEAP.takeRef(holder, 0);
    result.r4 = 10 * number(last) + number(got);
    HEAP.setRefMoved(holder, 0, last);
    result.r1 = (int) HEAP.refCount(first) - 1;
    result.r2 = (int) HEAP.refCount(second) - 1;
    result.r3 = (int) HEAP.refCount(third) - 1;
    HEAP.release(holder);
    HEAP.release(first);
    HEAP.release(second);
    HEAP.release(third);
  }

  private int number(long ref) {
    if (ref == Heap.NULL) {
      return 0;
    }
    return ref == first ? 1 : ref == second ? 2 : 3;
  }
}
