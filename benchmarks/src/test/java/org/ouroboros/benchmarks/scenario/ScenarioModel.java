package org.ouroboros.benchmarks.scenario;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rules of the format in plain Java objects: a second opinion beside the heap, which shares no
 * code with it. It counts, finalizes and collects after CPython 3.11; what it says of a file is
 * what the heap must say.
 */
final class ScenarioModel implements ScenarioSubject {

  private final ModelMemory memory = new ModelMemory();
  private final ModelCollector collector = new ModelCollector(memory);

  @Override
  public void apply(Op op, Observation seen) {
    memory.seen = seen;
    switch (op) {
      case Op.New made ->
          memory.assign(made.variable(), memory.create(made.object(), made.slots(), made.plan()));
      case Op.SetSlot set -> memory.store(object(set.object()), set.slot(), object(set.to()));
      case Op.SetVariable set -> memory.assign(set.variable(), object(set.to()));
      case Op.MakeWeak weak -> makeWeak(weak);
      case Op.DropWeak drop -> memory.release(memory.weakTable.remove(drop.weak()));
      case Op.Dereference dereference ->
          seen.answerId(ModelMemory.idOf(memory.weakTable.get(dereference.weak()).target));
      case Op.Collect collect -> seen.answer(collector.collect(collect.generation()));
      case Op.Freeze _ -> collector.move(-1, ModelNode.PERMANENT);
      case Op.Unfreeze _ -> collector.move(ModelNode.PERMANENT, 2);
      case Op.Ask ask -> answer(seen, ask.question(), object(ask.object()));
      case Op.CountLive _ -> seen.answer(memory.objects.size());
      case Op.Chain chain -> chain(chain);
      case Op.Tree tree -> tree(tree);
    }
  }

  private ModelNode object(long id) {
    return memory.objects.get(id);
  }

  private void makeWeak(Op.MakeWeak op) {
    ModelNode weak = ModelNode.weak(op.weak(), object(op.object()), op.callback());
    memory.weaks.put(weak.id, weak);
    if (op.holder() == Op.NOTHING) {
      weak.count = 1;
      memory.weakTable.put(weak.id, weak);
    } else {
      memory.store(object(op.holder()), op.slot(), weak);
    }
  }

  private void chain(Op.Chain op) {
    int n = op.length();
    for (int i = 0; i < n; i++) {
      memory.create(op.first() + i, op.slots(), op.plan());
    }
    for (int i = 0; i < n; i++) {
      ModelNode node = object(op.first() + i);
      ModelNode next = object(op.first() + (i + 1) % n);
      if (i + 1 < n || op.closed()) {
        memory.store(node, 0, next);
        if (op.back()) {
          memory.store(next, 1, node);
        }
      }
    }
    memory.assign(op.variable(), object(op.first()));
  }

  private void tree(Op.Tree op) {
    for (int i = 0; i < op.size(); i++) {
      ModelNode child = memory.create(op.first() + i, op.slots(), op.plan());
      if (i > 0) {
        ModelNode parent = object(op.first() + (i - 1) / op.fanout());
        memory.store(parent, (i - 1) % op.fanout(), child);
        if (op.parent()) {
          memory.store(child, op.fanout(), parent);
        }
      }
    }
    memory.assign(op.variable(), object(op.first()));
  }

  private void answer(Observation seen, Question question, ModelNode node) {
    switch (question) {
      case REFCOUNT -> seen.answer(node.count);
      case TRACKED -> seen.answer(node.generation != ModelNode.UNTRACKED);
      case FINALIZED -> seen.answer(node.finalized);
      case GENERATION -> {
        switch (node.generation) {
          case ModelNode.PERMANENT -> seen.answer("permanent");
          case ModelNode.UNTRACKED -> seen.answerNull();
          default -> seen.answer(node.generation);
        }
      }
      case REFERENTS ->
          seen.answer(ids(Arrays.stream(node.slots).filter(held -> held != null && !held.weak)));
      case REFERRERS ->
          seen.answer(
              ids(
                  memory.objects.values().stream()
                      .filter(holder -> holder.generation != ModelNode.PERMANENT)
                      .filter(holder -> Arrays.asList(holder.slots).contains(node))));
    }
  }

  private static long[] ids(Stream<ModelNode> nodes) {
    return nodes.mapToLong(node -> node.id).toArray();
  }

  @Override
  public List<String> verify() {
    return List.of();
  }

  @Override
  public void close() {
    // nothing but Java objects
  }
}
