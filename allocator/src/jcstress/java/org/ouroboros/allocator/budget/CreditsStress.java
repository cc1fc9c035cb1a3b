package org.ouroboros.allocator.budget;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/**
 * One thread takes from a cell and gives back to it while another takes the credit back, or closes
 * the budget: no byte and no block is lost, or counted twice.
 */
public final class CreditsStress {

  private static final int CELL = 1 << 4;
  private static final long MOST = 1000;

  private CreditsStress() {}

  @JCStressTest
  @Outcome(id = "0, 60, 1", expect = Expect.ACCEPTABLE, desc = "taken from what was there")
  @Outcome(id = "0, 100, 0", expect = Expect.ACCEPTABLE, desc = "refused: nothing was left")
  @State
  public static class TakeAndDrain {
    private final Credits credits = new Credits(null);

    public TakeAndDrain() {
      credits.add(CELL, 100, MOST);
    }

    @Actor
    public void take(JJJ_Result r) {
      r.r3 = credits.take(CELL, 40) ? 1 : 0;
    }

    @Actor
    public void drain(JJJ_Result r) {
      r.r2 = credits.drain();
    }

    /** What is drained, and what is taken, is all that there was. */
    @Arbiter
    public void sum(JJJ_Result r) {
      r.r1 = credits.sum() + credits.blocks() - r.r3;
    }
  }

  @JCStressTest
  @Outcome(id = "100, 0, 1", expect = Expect.ACCEPTABLE, desc = "given, then drained")
  @Outcome(id = "60, 40, 1", expect = Expect.ACCEPTABLE, desc = "drained, then given")
  @State
  public static class GiveAndDrain {
    private final Credits credits = new Credits(null);

    public GiveAndDrain() {
      credits.add(CELL, 100, MOST);
      credits.take(CELL, 40);
    }

    @Actor
    public void give(JJJ_Result r) {
      r.r3 = credits.give(CELL, 40, MOST) ? 1 : 0;
    }

    @Actor
    public void drain(JJJ_Result r) {
      r.r1 = credits.drain();
    }

    @Arbiter
    public void sum(JJJ_Result r) {
      r.r2 = credits.sum() + credits.blocks();
    }
  }

  @JCStressTest
  @Outcome(id = "1, 60, 1", expect = Expect.ACCEPTABLE, desc = "taken, so the close sees a block")
  @Outcome(id = "0, 100, 0", expect = Expect.ACCEPTABLE, desc = "closed before")
  @State
  public static class TakeAndClose {
    private final Credits credits = new Credits(null);

    public TakeAndClose() {
      credits.add(CELL, 100, MOST);
    }

    @Actor
    public void take(JJJ_Result r) {
      r.r1 = credits.take(CELL, 40) ? 1 : 0;
    }

    @Actor
    public void close(JJJ_Result r) {
      long[] were = credits.close();
      r.r2 = Credits.creditIn(were);
      r.r3 = Credits.blocksIn(were);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 40, 0", expect = Expect.ACCEPTABLE, desc = "given, before or after the attempt")
  @Outcome(
      id = "0, 0, 1",
      expect = Expect.ACCEPTABLE,
      desc = "met closed cells: given slowly later")
  @State
  public static class GiveAndReopen {
    private final Credits credits = new Credits(null);

    public GiveAndReopen() {
      credits.add(CELL, 41, MOST);
      credits.take(CELL, 40);
      credits.drain();
    }

    @Actor
    public void give(JJJ_Result r) {
      r.r1 = credits.give(CELL, 40, MOST) ? 1 : 0;
    }

    @Actor
    public void closeInVain() {
      credits.reopen(credits.close());
    }

    @Arbiter
    public void sums(JJJ_Result r) {
      r.r2 = credits.sum();
      r.r3 = credits.blocks();
    }
  }

  @JCStressTest
  @Outcome(
      id = {"100, 0, 0", "0, 100, 0"},
      expect = Expect.ACCEPTABLE,
      desc = "one has the last bytes")
  @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "each refused for the other's sake")
  @State
  public static class ChargeAndCharge {
    private final Account root = new Account(null, 0, 180);
    private final Account left = new Account(root, 50, Long.MAX_VALUE);
    private final Account right = new Account(root, 50, Long.MAX_VALUE);

    public ChargeAndCharge() {
      root.charge(50);
      root.charge(50);
    }

    @Actor
    public void left(JJJ_Result r) {
      left.charge(100);
    }

    @Actor
    public void right(JJJ_Result r) {
      right.charge(100);
    }

    @Arbiter
    public void sums(JJJ_Result r) {
      r.r1 = left.charged();
      r.r2 = right.charged();
      r.r3 = root.charged() - Math.max(50, r.r1) - Math.max(50, r.r2);
    }
  }
}
