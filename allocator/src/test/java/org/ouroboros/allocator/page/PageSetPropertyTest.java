package org.ouroboros.allocator.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Page sets against {@link BitSet}. */
class PageSetPropertyTest {

  private static final int PAGES = 300;

  /**
   * Adds or removes a run.
   *
   * @param add which of the two
   * @param from its first page
   * @param count how many pages
   */
  record Change(boolean add, int from, int count) {
    int end() {
      return Math.min(PAGES, from + count);
    }
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    return Combinators.combine(
            Arbitraries.of(true, true, false),
            Arbitraries.integers().between(0, PAGES - 1),
            Arbitraries.integers().between(1, 80))
        .as(Change::new)
        .list()
        .ofMaxSize(60);
  }

  private PageSet set = new PageSet();
  private BitSet model = new BitSet();

  /** Begins anew: all tries share this object. */
  private void apply(List<Change> changes) {
    set = new PageSet();
    model = new BitSet();
    set.grow(PAGES);
    for (Change change : changes) {
      for (int page = change.from; page < change.end(); page++) {
        if (change.add) {
          set.add(page);
        } else {
          set.remove(page);
        }
      }
      model.set(change.from, change.end(), change.add);
      // The search moves its lower bound up; later additions must move it down again.
      assertThat(set.firstRun(1, 1, 0, PAGES)).isEqualTo(model.nextSetBit(0));
    }
  }

  private void same(PageSet actual, BitSet expected) {
    assertThat(actual.size()).isEqualTo(expected.cardinality());
    for (int page = 0; page < PAGES; page++) {
      assertThat(actual.contains(page)).as("page %d", page).isEqualTo(expected.get(page));
      assertThat(actual.next(page)).as("next of %d", page).isEqualTo(expected.nextSetBit(page));
    }
    assertThat(actual.contains(100_000)).isFalse();
  }

  @Property(tries = 200)
  void shouldAgreeWithABitSetWhenChangedAtRandom(@ForAll("changes") List<Change> changes) {
    apply(changes);
    same(set, model);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void shouldFindTheLowestRunWhenAskedForOne(
      @ForAll("changes") List<Change> changes,
      @ForAll @IntRange(min = 1, max = 90) int pages,
      @ForAll @IntRange(max = 6) int stepShift,
      @ForAll @IntRange(max = 1000) int offset,
      @ForAll @IntRange(min = 1, max = PAGES) int end) {
    apply(changes.stream().filter(change -> change.from + change.count <= end).toList());
    int step = 1 << stepShift;
    int expected = -1;
    for (int from = 0; from + pages <= end && expected < 0; from++) {
      if ((offset + from) % step == 0 && model.nextClearBit(from) >= from + pages) {
        expected = from;
      }
    }

    assertThat(set.firstRun(pages, step, offset, end)).isEqualTo(expected);
  }

  @Property(tries = 200)
  void shouldFindTheTailWhenAskedForAnyEnd(@ForAll("changes") List<Change> changes) {
    apply(changes);
    for (int end = 0; end <= PAGES; end++) {
      assertThat(set.startOfTail(end)).isEqualTo(model.previousClearBit(end - 1) + 1);
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void shouldHoldBothWhenAllOfAnotherAreTaken(
      @ForAll("changes") List<Change> changes, @ForAll("changes") List<Change> others) {
    apply(changes);
    PageSet other = new PageSet();
    other.grow(PAGES);
    BitSet both = (BitSet) model.clone();
    for (Change change : others) {
      // A page is dirty in one way only: the sets have none in common.
      for (int page = change.from; page < change.end(); page++) {
        if (!model.get(page)) {
          other.add(page);
          both.set(page);
        }
      }
    }

    set.takeAll(other);

    same(set, both);
    same(other, new BitSet());
    other.add(7);
    assertThat(other.next(0)).isEqualTo(7);
  }
}
