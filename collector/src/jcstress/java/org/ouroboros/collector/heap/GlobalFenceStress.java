package org.ouroboros.collector.heap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The asymmetric fence by itself: a thread that writes and reads without any fence, as {@link
 * Mutator#enter} does, against one that writes, lets all execute a fence, and reads.
 */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The light side was first.")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The other side was first.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Both see each other.")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "Neither sees the other one.")
@State
public class GlobalFenceStress {

  private static final VarHandle STATE;
  private static final VarHandle FLAG;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(GlobalFenceStress.class, "state", int.class);
      FLAG = lookup.findVarHandle(GlobalFenceStress.class, "flag", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // by its handle
  private int state;

  @SuppressWarnings("unused") // by its handle
  private int flag;

  /** For jcstress. */
  public GlobalFenceStress() {}

  /** The light side. */
  @Actor
  public void goIn(II_Result result) {
    STATE.setOpaque(this, 1);
    result.r1 = (int) FLAG.getAcquire(this);
  }

  /** The dear side. */
  @Actor
  public void stop(II_Result result) {
    FLAG.setOpaque(this, 1);
    GlobalFence.run();
    result.r2 = (int) STATE.getAcquire(this);
  }
}
