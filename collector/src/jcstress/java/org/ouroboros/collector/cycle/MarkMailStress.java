package org.ouroboros.collector.cycle;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A ring of two places, with one thread that writes ids and one that reads them, so that places are
 * used again while the other looks at them. What was stored must be read, all of it, once and in
 * order.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "What was stored is read.")
@Outcome(id = "false, .*", expect = Expect.FORBIDDEN, desc = "Read before it was stored, or after.")
@Outcome(id = ".*, false", expect = Expect.FORBIDDEN, desc = "An id was lost.")
@State
public class MarkMailStress {

  private static final int IDS = 8;

  private final MarkMail mail = new MarkMail(2);

  private final int[] next = new int[2];
  private final int[] taken = new int[2];

  /** So many ids were stored, which are the numbers from 1 on. */
  private int stored;

  /** So many were read. */
  private int read;

  private boolean inOrder = true;

  /** The writer, which tells of one id at a time and of two in turns. */
  @Actor
  public void write() {
    for (int i = 0; i < IDS; i++) {
      next[0] = stored + 1;
      next[1] = stored + 2;
      stored += mail.put(next, 0, 1 + (i & 1));
      if ((i & 2) == 0) {
        mail.tell();
      }
    }
    mail.tell();
  }

  /** The reader. */
  @Actor
  public void read() {
    for (int i = 0; i < IDS; i++) {
      take();
    }
  }

  private void take() {
    int count = mail.take(taken);
    for (int i = 0; i < count; i++) {
      inOrder &= taken[i] == ++read;
    }
  }

  /** What is left is read. */
  @Arbiter
  public void readAll(ZZ_Result result) {
    take();
    result.r1 = inOrder;
    result.r2 = read == stored;
  }
}
