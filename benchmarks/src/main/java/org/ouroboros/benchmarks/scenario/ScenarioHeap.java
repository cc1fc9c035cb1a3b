package org.ouroboros.benchmarks.scenario;

import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;

/**
 * A heap as the subject of a scenario. Variables and the weak table own references, all else is in
 * slots; between two ops nothing else is held, so that the heap's counts are the file's.
 *
 * <p>Belongs to the thread that made it, as its heap does.
 */
final class ScenarioHeap implements ScenarioSubject {

  private final HeapRoots roots = new HeapRoots();
  private final PlannedFinalizer finalizer = new PlannedFinalizer(roots, () -> this.seen);
  private final HeapObjects objects = finalizer.objects();
  private final Heap heap;
  private final Collector collector;

  /** Takes what happens at the moment. */
  private Observation seen = new Observation();

  /**
   * Makes a heap.
   *
   * @param options how it is made; its free listener is set here
   */
  ScenarioHeap(HeapOptions options) {
    this(options, Heap::ofConfined);
  }

  /**
   * Makes a heap.
   *
   * @param options how it is made; its free listener is set here
   * @param maker makes it; it must lend references
   */
  ScenarioHeap(HeapOptions options, Function<HeapOptions, Heap> maker) {
    this.heap = maker.apply(options.withFreeListener(this::freed));
    this.collector = heap.collector();
    collector.disable();
  }

  @Override
  public void apply(Op op, Observation observation) {
    seen = observation;
    long failures = heap.errors().total();
    apply(op);
    seen.sawUnraisable(heap.errors().total() - failures);
  }

  private void apply(Op op) {
    switch (op) {
      case Op.New made ->
          roots.assignMoved(
              heap, made.variable(), create(made.object(), made.slots(), made.plan()));
      case Op.SetSlot set -> setSlot(objects.ref(set.object()), set.slot(), objects.ref(set.to()));
      case Op.SetVariable set -> roots.assign(heap, set.variable(), objects.ref(set.to()));
      case Op.MakeWeak weak -> makeWeak(weak);
      case Op.DropWeak drop -> roots.dropWeak(heap, drop.weak());
      case Op.Dereference dereference ->
          seen.answerId(HeapObjects.id(heap, heap.weakTarget(roots.weak(dereference.weak()))));
      case Op.Collect collect -> seen.answer(collector.collect(collect.generation()));
      case Op.Freeze _ -> collector.freeze();
      case Op.Unfreeze _ -> collector.unfreeze();
      case Op.Ask ask -> answer(ask.question(), objects.ref(ask.object()));
      case Op.CountLive _ -> seen.answer(heap.stats().liveObjects() - objects.weakCount());
      case Op.Chain chain -> chain(chain);
      case Op.Tree tree -> tree(tree);
    }
  }

  private long create(long id, int slots, FinalizerPlan plan) {
    return objects.create(heap, id, slots, finalizer.number(plan));
  }

  private void setSlot(long holder, int slot, long value) {
    heap.setRef(holder, HeapObjects.slot(slot), value);
  }

  private void moveToSlot(long holder, int slot, long owned) {
    heap.setRefMoved(holder, HeapObjects.slot(slot), owned);
  }

  private void makeWeak(Op.MakeWeak op) {
    long id = op.weak();
    long target = objects.ref(op.object());
    long weak =
        op.callback() ? heap.newWeak(target, (_, _) -> seen.sawCallback(id)) : heap.newWeak(target);
    objects.addWeak(weak);
    if (op.holder() == Op.NOTHING) {
      roots.addWeak(id, weak);
    } else {
      moveToSlot(objects.ref(op.holder()), op.slot(), weak);
    }
  }

  private void chain(Op.Chain op) {
    long first = create(op.first(), op.slots(), op.plan());
    long last = first;
    for (int i = 1; i < op.length(); i++) {
      long next = create(op.first() + i, op.slots(), op.plan());
      moveToSlot(last, 0, next);
      if (op.back()) {
        setSlot(next, 1, last);
      }
      last = next;
    }
    if (op.closed()) {
      setSlot(last, 0, first);
      if (op.back()) {
        setSlot(first, 1, last);
      }
    }
    roots.assignMoved(heap, op.variable(), first);
  }

  private void tree(Op.Tree op) {
    long root = create(op.first(), op.slots(), op.plan());
    for (int i = 1; i < op.size(); i++) {
      int above = (i - 1) / op.fanout();
      long parent = objects.ref(op.first() + above);
      long child = create(op.first() + i, op.slots(), op.plan());
      moveToSlot(parent, (i - 1) % op.fanout(), child);
      if (op.parent()) {
        setSlot(child, op.fanout(), parent);
      }
    }
    roots.assignMoved(heap, op.variable(), root);
  }

  private void answer(Question question, long ref) {
    switch (question) {
      case REFCOUNT -> seen.answer(heap.refCount(ref));
      case TRACKED -> seen.answer(collector.isTracked(ref));
      case FINALIZED -> seen.answer(collector.isFinalized(ref));
      case GENERATION -> generation(collector.generation(ref));
      case REFERENTS ->
          seen.answer(
              LongStream.of(collector.referents(ref))
                  .filter(held -> !heap.isWeak(held))
                  .map(held -> HeapObjects.id(heap, held))
                  .toArray());
      case REFERRERS ->
          seen.answer(
              LongStream.of(collector.referrers(ref))
                  .map(holder -> HeapObjects.id(heap, holder))
                  .toArray());
    }
  }

  private void generation(int generation) {
    switch (generation) {
      case Collector.PERMANENT -> seen.answer("permanent");
      case Collector.UNTRACKED -> seen.answerNull();
      default -> seen.answer(generation);
    }
  }

  /** The heap's free listener. */
  private void freed(Heap from, long ref) {
    try {
      long id = objects.remove(from, ref);
      if (id != Op.NOTHING) {
        seen.dead.add(id);
      }
    } catch (RuntimeException | AssertionError e) {
      // the heap would only count it
      seen.sawFailure(e);
      throw e;
    }
  }

  /** The heap's, for whom wants to work on a collection between two ops. */
  Collector collector() {
    return collector;
  }

  @Override
  public List<String> verify() {
    return heap.inspector().verify();
  }

  @Override
  public void close() {
    heap.close();
  }
}
