package org.ouroboros.benchmarks.pauses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What the program replaces, and that it knows what it dropped. */
class ChurnTest {

  private static final int OBJECTS = 1000;
  private static final int OPERATIONS = 100_000;

  /** Notes when each place was last stored to; frees garbage when told. */
  private static final class Notes extends Rings {

    private final long[] last;
    private final int[] nodes;
    private long operation;
    private long made;
    private long oldStores;
    private long longestYoung;
    private int oldPlaces;

    Notes(int places) {
      super(new CallClock());
      last = new long[places];
      nodes = new int[places];
      oldPlaces = places;
    }

    @Override
    void store(int place, int count) {
      assertThat(count).isBetween(2, 8);
      if (place < oldPlaces) {
        oldStores++;
      } else {
        longestYoung = Math.max(longestYoung, operation - last[place]);
      }
      last[place] = operation;
      nodes[place] = count;
      made += count;
    }

    @Override
    long liveNodes() {
      return made;
    }

    @Override
    int collectAll() {
      long left = Arrays.stream(nodes).sum();
      int found = (int) (made - left);
      made = left;
      return found;
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  @Test
  void shouldReplaceYoungRingsSoonAndFiveInHundredOldOnes() {
    Churn churn = new Churn(Notes::new, OBJECTS, 1);
    Notes notes = (Notes) churn.rings();
    churn.fill();
    notes.oldPlaces = churn.oldPlaces();
    notes.oldStores = 0;
    while (notes.operation < OPERATIONS) {
      notes.operation++;
      churn.operate();
    }
    assertThat(notes.oldStores).isEqualTo(OPERATIONS / 20);
    assertThat(notes.longestYoung).isBetween(5000L, (long) Churn.YOUNG_OPERATIONS);
    for (int place = churn.oldPlaces(); place < notes.last.length; place++) {
      assertThat(notes.operation - notes.last[place]).isLessThan(Churn.YOUNG_OPERATIONS);
    }
  }

  @Test
  void shouldBeginWithThePopulationAskedFor() {
    Churn churn = new Churn(Notes::new, OBJECTS, 1);
    Notes notes = (Notes) churn.rings();
    churn.fill();
    // one that is left over makes a ring of two
    assertThat(Arrays.stream(notes.nodes, 0, churn.oldPlaces()).sum())
        .isBetween(OBJECTS, OBJECTS + 1);
    assertThat(churn.reachable()).isEqualTo(Arrays.stream(notes.nodes).sum());
    assertThat(churn.garbage()).isZero();
  }

  @Test
  void shouldKnowWhatItDropped() {
    Churn churn = new Churn(Notes::new, OBJECTS, 1);
    churn.fill();
    for (int i = 0; i < 1000; i++) {
      churn.operate();
    }
    long garbage = churn.garbage();
    assertThat(garbage).isGreaterThan(1000);
    assertThat(churn.rings().collectAll()).isEqualTo((int) garbage);
    assertThat(churn.garbage()).isZero();
  }
}
