package org.ouroboros.collector.space;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A thread that is inside and shades two objects, and makes one, against the one that marks, which
 * marks one by itself: all of one word. Who marks finds each that was shaded, be it now or at its
 * last look, when nobody is inside.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Both are found.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A mark was lost, or a page that has one.")
@State
public class ShadeStress {

  private static final int PAGE = 1;
  private static final int ONE = SidePage.IDS + 5;
  private static final int OTHER = SidePage.IDS + 6;
  private static final int BORN = SidePage.IDS + 7;
  private static final int SWEPT = SidePage.IDS + 8;

  private final CycleMarks marks = new CycleMarks();
  private boolean oneFound;
  private boolean otherFound;

  /** Marking is under way. */
  public ShadeStress() {
    marks.share();
    marks.begin(PAGE + 1);
  }

  /** Shades one, makes an object, and shades the other one. */
  @Actor
  public void shade() {
    marks.shadeInside(ONE);
    marks.bornInside(BORN);
    marks.shadeInside(OTHER);
  }

  /** Marks something by itself in the same word, and looks for what was shaded. */
  @Actor
  public void mark() {
    marks.mark(SWEPT >>> 6, 1L << SWEPT);
    marks.setScanned(SWEPT);
    look();
    look();
  }

  private void look() {
    if (marks.takeShaded() == PAGE) {
      oneFound |= find(ONE);
      otherFound |= find(OTHER);
    }
  }

  private boolean find(int id) {
    boolean gray = marks.isMarked(id) && !marks.isScanned(id);
    if (gray) {
      marks.setScanned(id);
    }
    return gray;
  }

  /** The last look. */
  @Arbiter
  public void end(ZZ_Result result) {
    look();
    boolean black = marks.isMarked(BORN) && marks.isScanned(BORN) && marks.isMarked(SWEPT);
    result.r1 = oneFound && black && marks.isScanned(SWEPT);
    result.r2 = otherFound && marks.takeShaded() < 0;
  }
}
