package org.ouroboros.benchmarks.scenario;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ouroboros.benchmarks.scenario.FinalizerPlan.Action;
import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.Heap;

/**
 * The finalizer of all objects of a scenario that have one: does what the object's plan says, as
 * any user's finalizer would, through the heap's public methods.
 */
final class PlannedFinalizer implements Finalizer {

  private final HeapObjects objects = new HeapObjects(this);
  private final HeapRoots roots;
  private final Sight sight;

  /** The plans by number; 0 is none. */
  private final List<FinalizerPlan> plans = new ArrayList<>(List.of(FinalizerPlan.NONE));

  private final Map<FinalizerPlan, Integer> numbers = new HashMap<>(Map.of(FinalizerPlan.NONE, 0));

  PlannedFinalizer(HeapRoots roots, Sight sight) {
    this.roots = roots;
    this.sight = sight;
  }

  HeapObjects objects() {
    return objects;
  }

  /** The number of a plan, which objects keep. */
  int number(FinalizerPlan plan) {
    Integer known = numbers.get(plan);
    if (known == null) {
      known = plans.size();
      plans.add(plan);
      numbers.put(plan, known);
    }
    return known;
  }

  @Override
  public void run(Heap heap, long ref) throws Raised {
    try {
      sight.seen().sawFinalizer(HeapObjects.id(heap, ref));
      for (Action action : plans.get(HeapObjects.plan(heap, ref)).actions()) {
        act(heap, ref, action);
      }
    } catch (RuntimeException | AssertionError e) {
      // the heap would only count it, as if the plan had said so
      sight.seen().sawFailure(e);
      throw e;
    }
  }

  private void act(Heap heap, long ref, Action action) throws Raised {
    switch (action) {
      case Action.Log _ -> {
        // seen already
      }
      case Action.Resurrect resurrect -> roots.assign(heap, resurrect.variable(), ref);
      case Action.Store store -> store(heap, ref, store.variable());
      case Action.Dereference dereference -> dereference(heap, ref, dereference.weak());
      case Action.Drop _ -> drop(heap, ref);
      case Action.Raise _ -> throw new Raised();
    }
  }

  private void store(Heap heap, long ref, String variable) {
    long held =
        heap.typeOf(ref).slotCount() == 0 ? Heap.NULL : heap.getRef(ref, HeapObjects.slot(0));
    if (held != Heap.NULL && !heap.isWeak(held)) {
      roots.assign(heap, variable, held);
    }
  }

  private void dereference(Heap heap, long ref, long id) {
    long weak = roots.weak(id);
    if (weak != Heap.NULL) {
      long target = HeapObjects.id(heap, heap.weakTarget(weak));
      sight.seen().derefs.add(new Deref(HeapObjects.id(heap, ref), id, target));
    }
  }

  private static void drop(Heap heap, long ref) {
    int slots = heap.typeOf(ref).slotCount();
    for (int slot = 0; slot < slots; slot++) {
      heap.setRef(ref, HeapObjects.slot(slot), Heap.NULL);
    }
  }

  /** Where observations go at the moment. */
  @FunctionalInterface
  interface Sight {
    Observation seen();
  }

  /** What a finalizer throws if its plan says so. */
  static final class Raised extends Exception {

    private static final long serialVersionUID = 1L;

    Raised() {
      super("raised by the plan", null, false, false);
    }
  }
}
