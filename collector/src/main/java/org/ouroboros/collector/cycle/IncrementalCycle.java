package org.ouroboros.collector.cycle;

import java.util.Locale;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.space.CycleMarks;
import org.ouroboros.collector.space.SideTables;

/**
 * A full collection in small steps, between which the program goes on:
 *
 * <pre>
 *   IDLE -> CLEAR -> MARK -> SURVEY -> SEVER -> RECLAIM -> IDLE
 *                              |
 *                              +-> DISPOSE -> IDLE
 * </pre>
 *
 * <p>First the marks of the collection before are cleared, which are in proportion to the heap.
 * {@link IncrementalMarking} marks what can be reached. What is not marked by then is condemned:
 * from this instant it is dead to weak references, enumeration, and borrowed references, and no
 * young collection looks at it. {@link CondemnedReclamation} frees it. Where something of it has a
 * finalizer, weak references, or is to be told of, a {@link CollectionPass} disposes of all of it
 * in one step instead, in CPython's order.
 *
 * <p>Until it ends, objects are made, references stored and roots made the slow way, which tells
 * {@link CycleMarks}, and no object is kept warm. Reading, and taking references away, is as fast
 * as ever. So the barrier costs nothing while no such collection is under way.
 *
 * <p>Pending deaths are roots that are not looked at, see {@code Death}: what they refer to is
 * counted and may not be marked. So marking goes on while there are any, but does not end. What is
 * pending later than that refers to nothing that is condemned, since it was reachable then.
 *
 * <p>Marking can be given up at any time, what follows it cannot. Garbage that comes about when it
 * is marked already is found by the next collection.
 *
 * <p>Thread rule: as the heap. Steps are not taken while the heap calls user code or takes objects
 * apart.
 */
final class IncrementalCycle {

  private enum Phase {
    IDLE,
    CLEAR,
    MARK,
    SURVEY,
    SEVER,
    RECLAIM,
    DISPOSE
  }

  private final ConfinedHeap heap;
  private final SideTables sides;
  private final CycleMarks marks;
  private final IncrementalMarking marking;
  private final CondemnedReclamation reclamation;
  private final CollectionPass pass;
  private Phase phase = Phase.IDLE;

  /** Whether all was marked by the last step; what deaths are pending of may need more. */
  private boolean marked;

  private long candidates;
  private CollectionPass.Result result = new CollectionPass.Result(0, 0, 0);

  IncrementalCycle(ConfinedHeap heap, CollectionPass pass) {
    this.heap = heap;
    this.sides = heap.store().sides;
    this.marks = sides.cycleMarks;
    this.marking = new IncrementalMarking(heap);
    this.reclamation = new CondemnedReclamation(heap);
    this.pass = pass;
  }

  boolean isActive() {
    return phase != Phase.IDLE;
  }

  /** Whether it cannot go on before no deaths are pending. */
  boolean isWaiting() {
    return phase == Phase.MARK && marked && heap.death().isPending();
  }

  /** What it is at, for people. */
  String phase() {
    return phase.name().toLowerCase(Locale.ROOT);
  }

  /** Whether it can still be given up. */
  boolean isMarking() {
    return phase == Phase.MARK || phase == Phase.CLEAR;
  }

  /**
   * Begins, if none is under way.
   *
   * @param candidates how many objects are tracked
   * @return false if there is no memory for the marks
   */
  boolean begin(long candidates) {
    try {
      heap.store().faults.request("the marks of an incremental collection", 2L * 512 * sides.end());
      marks.prepare(sides.end());
    } catch (OutOfMemoryError | AllocationFailedException e) {
      return false;
    }
    this.candidates = candidates;
    phase = Phase.CLEAR;
    return true;
  }

  private void beginMarking() {
    try {
      marks.begin(sides.end());
    } catch (OutOfMemoryError e) { // the heap has grown meanwhile
      giveUp();
      return;
    }
    marking.begin();
    marked = false;
    heap.store().setExact(true);
    heap.updateLimit();
    phase = Phase.MARK;
  }

  /**
   * Does a step of some tens of microseconds.
   *
   * @return whether the collection has ended
   */
  boolean advance() {
    switch (phase) {
      case CLEAR -> {
        if (marks.clearSome()) {
          beginMarking();
        }
      }
      case MARK -> {
        marked = marking.advance();
        if (marked && !heap.death().isPending()) {
          endMarking();
        }
      }
      case SURVEY -> {
        if (reclamation.survey()) {
          endSurvey();
        }
      }
      case SEVER -> {
        if (reclamation.sever()) {
          reclamation.rewind();
          phase = Phase.RECLAIM;
        }
      }
      case RECLAIM -> {
        if (reclamation.reclaim()) {
          end();
        }
      }
      case DISPOSE -> {
        marks.end();
        phase = Phase.IDLE;
        heap.updateLimit();
        result = pass.disposeUnmarked(marks.marked(), candidates);
        leave();
      }
      default -> {
        // nothing is under way
      }
    }
    return phase == Phase.IDLE;
  }

  private void endMarking() {
    if (marking.hasFailed()) {
      giveUp();
      return;
    }
    marks.condemn();
    heap.updateLimit();
    sides.ageCondemned();
    reclamation.begin(marking.end(), marking.headers(), marking.leavesAreKnown());
    phase = Phase.SURVEY;
  }

  private void endSurvey() {
    if (!reclamation.isAny()) {
      end();
    } else if (reclamation.isSpecial() || pass.isToldEach()) {
      phase = Phase.DISPOSE;
    } else {
      reclamation.rewind();
      phase = Phase.SEVER;
    }
  }

  private void end() {
    int collected = (int) Math.min(reclamation.tracked(), Integer.MAX_VALUE);
    result = new CollectionPass.Result(collected, 0, candidates);
    marks.end();
    phase = Phase.IDLE;
    leave();
  }

  private void leave() {
    heap.store().setExact(heap.cycles().isCollecting());
    heap.updateLimit();
  }

  /** Gives marking up: nothing is found. */
  void giveUp() {
    result = new CollectionPass.Result(0, 0, candidates);
    marks.end();
    phase = Phase.IDLE;
    leave();
  }

  /** What the collection that ended last has found. */
  CollectionPass.Result result() {
    return result;
  }
}
