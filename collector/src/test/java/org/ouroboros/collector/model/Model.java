package org.ouroboros.collector.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ouroboros.collector.Heap;

/**
 * The same graph as in the heap, in plain Java objects, and what must be true of both.
 *
 * <p>The model does not foretell what finalizers do: they change it as they change the heap. It
 * foretells who must be dead and who must not.
 */
final class Model {

  /** All nodes that are not freed, by their reference. */
  final Map<Long, ModelNode> live = new LinkedHashMap<>();

  /** Freed since the last check. */
  private final List<ModelNode> freed = new ArrayList<>();

  private final Set<ModelNode> frozen = new HashSet<>();

  void add(ModelNode node) {
    assertThat(live.put(node.ref, node)).as("two live objects with one reference").isNull();
  }

  /** The heap says that it frees an object. */
  void free(long ref) {
    ModelNode node = live.remove(ref);
    if (node == null) {
      fail("freed, but not live: 0x%x", ref);
      return;
    }
    node.freed = true;
    frozen.remove(node);
    freed.add(node);
  }

  void freeze() {
    live.values().stream().filter(node -> node.weak || node.type.isTracked()).forEach(frozen::add);
  }

  void unfreeze() {
    frozen.clear();
  }

  /** All that roots lead to: owned nodes, frozen ones, and what opaque nodes hold. */
  Set<ModelNode> reachable() {
    Set<ModelNode> seen = new HashSet<>();
    ArrayDeque<ModelNode> queue = new ArrayDeque<>();
    for (ModelNode node : live.values()) {
      if (node.owned > 0 || frozen.contains(node)) {
        visit(node, seen, queue);
      }
      if (node.opaque) {
        // The collector does not follow an opaque node, so what it holds is held for good.
        for (ModelNode child : node.slots) {
          visit(child, seen, queue);
        }
      }
    }
    while (!queue.isEmpty()) {
      for (ModelNode child : queue.pop().slots) {
        visit(child, seen, queue);
      }
    }
    return seen;
  }

  private static void visit(ModelNode node, Set<ModelNode> seen, ArrayDeque<ModelNode> queue) {
    if (node != null && seen.add(node)) {
      queue.push(node);
    }
  }

  /** After every step: nothing that can be reached was freed, nothing without a count is left. */
  void checkStep() {
    Set<ModelNode> reachable = reachable();
    for (ModelNode node : reachable) {
      if (node.freed) {
        fail("%s was freed, but can be reached", node);
      }
    }
    freed.clear();
    Map<ModelNode, Integer> counts = new HashMap<>();
    for (ModelNode node : live.values()) {
      counts.merge(node, node.owned, Integer::sum);
      for (ModelNode child : node.slots) {
        if (child != null) {
          counts.merge(child, 1, Integer::sum);
        }
      }
    }
    counts.forEach(
        (node, count) -> {
          if (count == 0) {
            fail("%s has no reference, but was not freed", node);
          }
        });
  }

  /** The counts and the slots of the heap are those of the model. */
  void checkContents(Heap heap) {
    Map<ModelNode, Long> counts = new HashMap<>();
    Set<ModelNode> condemned = condemned(heap);
    for (ModelNode node : live.values()) {
      counts.merge(node, (long) node.owned, Long::sum);
      for (int i = 0; i < node.slots.length; i++) {
        ModelNode child = node.slots[i];
        if (!condemned.contains(node)) {
          assertThat(heap.getRef(node.ref, Shapes.slot(heap, node, i)))
              .as("slot %d of %s", i, node)
              .isEqualTo(child == null ? Heap.NULL : child.ref);
        }
        if (child != null) {
          counts.merge(child, 1L, Long::sum);
        }
      }
      if (node.weak && !condemned.contains(node)) {
        boolean dead = node.target == null || node.target.freed;
        long named = heap.weakTarget(node.ref);
        // A weak reference to garbage that came back is dead too.
        assertThat(named == Heap.NULL || !dead && named == node.target.ref)
            .as("target of %s", node)
            .isTrue();
      }
    }
    counts.keySet().removeAll(condemned);
    counts.forEach(
        (node, count) ->
            assertThat(heap.refCount(node.ref)).as("count of %s", node).isEqualTo(count));
    assertThat(heap.stats().liveObjects()).isEqualTo(live.size());
  }

  /** What is dead to the program, but not freed yet; nothing that can be reached. */
  private Set<ModelNode> condemned(Heap heap) {
    Set<ModelNode> found = new HashSet<>(live.values());
    found.removeIf(node -> heap.isLive(node.ref));
    if (!found.isEmpty()) {
      assertThat(reachable()).doesNotContainAnyElementsOf(found);
    }
    return found;
  }

  /** After full collections that left nothing to do: exactly what can be reached is alive. */
  void checkAfterFullCollection() {
    Set<ModelNode> reachable = reachable();
    for (ModelNode node : live.values()) {
      if (!reachable.contains(node)) {
        fail("%s is garbage, but was not collected", node);
      }
    }
  }
}
