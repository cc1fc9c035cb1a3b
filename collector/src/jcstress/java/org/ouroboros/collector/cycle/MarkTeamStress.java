package org.ouroboros.collector.cycle;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * The end of marking: two threads that send each other ids, as {@link MarkWorker} does. An id leads
 * to one that is smaller by 1, which the other thread has; 0 leads to nothing. Whoever sees that
 * nothing is pending must find no mail then, and all ids were dealt with.
 */
@JCStressTest
@Outcome(id = "true, 4", expect = Expect.ACCEPTABLE, desc = "The end is seen when it is reached.")
@Outcome(id = "false, .*", expect = Expect.FORBIDDEN, desc = "An end was seen, and there was mail.")
@Outcome(expect = Expect.FORBIDDEN, desc = "An id was lost, or dealt with twice.")
@State
public class MarkTeamStress {

  private static final int FIRST = 3;

  /** A thread that has nothing to do looks so often; then the arbiter finishes its work. */
  private static final int LOOKS = 100;

  private final MarkTeam team = new MarkTeam(2);
  private final Party one = new Party(team, new MarkMail(4), new MarkMail(4));
  private final Party other = new Party(team, one.out, one.in);

  /** All are busy before it begins. */
  public MarkTeamStress() {
    team.begin(new Thread[1]);
  }

  /** The thread that has the first id. */
  @Actor
  public void first() {
    one.deal(FIRST);
    one.work(LOOKS);
  }

  /** The thread that has none at first. */
  @Actor
  public void second() {
    other.work(LOOKS);
  }

  /** What is left is finished, and there is nothing left if one has seen the end. */
  @Arbiter
  public void finish(ZI_Result result) {
    boolean early = one.sawEnd || other.sawEnd;
    int before = one.dealt + other.dealt;
    for (int i = 0; i <= 2 * FIRST; i++) {
      one.work(2);
      other.work(2);
    }
    int dealt = one.dealt + other.dealt;
    result.r1 = one.sawEnd && other.sawEnd && (!early || before == dealt);
    result.r2 = dealt;
  }

  /** What one of them does. */
  private static final class Party {

    private final MarkTeam team;
    private final MarkMail in;
    private final MarkMail out;
    private final int[] next = new int[1];
    private final int[] taken = new int[4];
    private boolean busy = true;
    private boolean sawEnd;
    private int dealt;

    Party(MarkTeam team, MarkMail in, MarkMail out) {
      this.team = team;
      this.in = in;
      this.out = out;
    }

    void deal(int id) {
      dealt++;
      next[0] = id - 1;
      if (id > 0 && out.put(next, 0, 1) == 1) {
        team.add(out.untold());
        out.tell();
      }
    }

    void work(int looks) {
      for (int i = 0; i < looks && !sawEnd; i++) {
        if (in.available() > 0) {
          if (!busy) {
            team.add(1);
            busy = true;
          }
          int count = in.take(taken);
          for (int n = 0; n < count; n++) {
            deal(taken[n]);
          }
          team.add(-count);
        } else if (busy) {
          busy = false;
          team.add(-1);
        } else {
          sawEnd = team.isDone();
        }
      }
    }
  }
}
