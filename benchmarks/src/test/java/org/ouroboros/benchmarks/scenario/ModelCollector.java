package org.ouroboros.benchmarks.scenario;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Collections of the {@link ScenarioModel}, after CPython 3.11's {@code gc_collect_main}. */
final class ModelCollector {

  private final ModelMemory memory;

  ModelCollector(ModelMemory memory) {
    this.memory = memory;
  }

  long collect(int generation) {
    int old = Math.min(generation + 1, 2);
    List<ModelNode> candidates =
        all().filter(n -> n.generation >= 0 && n.generation <= generation).toList();
    Set<ModelNode> reached = reachable(candidates);
    reached.forEach(node -> node.generation = old);
    List<ModelNode> trash = candidates.stream().filter(n -> !reached.contains(n)).toList();
    long found = clearWeakReferences(trash, old);
    runFinalizers(trash);
    List<ModelNode> left = trash.stream().filter(node -> node.alive).toList();
    Set<ModelNode> risen = reachable(left);
    risen.forEach(node -> node.generation = old);
    List<ModelNode> condemned = left.stream().filter(node -> !risen.contains(node)).toList();
    takeApart(condemned, old);
    return found + condemned.size();
  }

  /** Moves all tracked nodes of one generation, or of any if it is negative, to another. */
  void move(int from, int to) {
    all()
        .filter(node -> node.generation != ModelNode.UNTRACKED)
        .filter(node -> from < 0 || node.generation == from)
        .forEach(node -> node.generation = to);
  }

  private Stream<ModelNode> all() {
    return Stream.concat(memory.objects.values().stream(), memory.weaks.values().stream());
  }

  /** Which of some nodes are held from outside them, or reached from such ones among them. */
  private static Set<ModelNode> reachable(Collection<ModelNode> nodes) {
    Set<ModelNode> inside = identitySet();
    inside.addAll(nodes);
    nodes.forEach(node -> node.outside = node.count);
    for (ModelNode node : nodes) {
      for (ModelNode held : node.slots) {
        if (held != null && inside.contains(held)) {
          held.outside--;
        }
      }
    }
    Set<ModelNode> reached = identitySet();
    Deque<ModelNode> stack = new ArrayDeque<>();
    nodes.stream().filter(node -> node.outside > 0).forEach(stack::push);
    reached.addAll(stack);
    while (!stack.isEmpty()) {
      for (ModelNode held : stack.pop().slots) {
        if (held != null && inside.contains(held) && reached.add(held)) {
          stack.push(held);
        }
      }
    }
    return reached;
  }

  /** Returns how many weak references died of their callback's end. */
  private long clearWeakReferences(List<ModelNode> trash, int old) {
    Set<ModelNode> inside = identitySet();
    inside.addAll(trash);
    List<ModelNode> toCall = new ArrayList<>();
    for (ModelNode node : trash) {
      if (node.weak) {
        node.forgetTarget();
      } else {
        for (ModelNode weak : node.clearWeakReferences()) {
          if (weak.callback && !inside.contains(weak)) {
            weak.count++;
            toCall.add(weak);
          }
        }
      }
    }
    toCall.forEach(weak -> memory.seen.sawCallback(weak.id));
    long died = 0;
    for (ModelNode weak : toCall) {
      memory.release(weak);
      if (weak.alive) {
        weak.generation = old;
      } else {
        died++;
      }
    }
    return died;
  }

  private void runFinalizers(List<ModelNode> trash) {
    for (ModelNode node : trash) {
      if (node.alive && node.hasFinalizer() && !node.finalized) {
        node.count++;
        memory.finalizeOnce(node);
        memory.release(node);
      }
    }
  }

  private void takeApart(List<ModelNode> condemned, int old) {
    for (ModelNode node : condemned) {
      if (node.alive) {
        node.count++;
        memory.clearSlots(node);
        memory.release(node);
        if (node.alive) {
          node.generation = old;
        }
      }
    }
  }

  private static Set<ModelNode> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
