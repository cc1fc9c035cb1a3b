package org.ouroboros.benchmarks.scenario;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ouroboros.benchmarks.scenario.FinalizerPlan.Action;

/**
 * Counting in the {@link ScenarioModel}, after CPython 3.11's {@code subtype_dealloc} and {@code
 * PyObject_ClearWeakRefs}. It recurses as deep as structures are, so it needs a thread with a large
 * stack.
 */
final class ModelMemory {

  final Map<Long, ModelNode> objects = new LinkedHashMap<>();
  final Map<Long, ModelNode> weaks = new LinkedHashMap<>();
  final Map<String, ModelNode> variables = new HashMap<>();
  final Map<Long, ModelNode> weakTable = new HashMap<>();

  /** Takes what happens at the moment. */
  Observation seen = new Observation();

  ModelNode create(long id, int slots, FinalizerPlan plan) {
    ModelNode made = ModelNode.object(id, slots, plan);
    objects.put(id, made);
    return made;
  }

  void assign(String variable, ModelNode value) {
    ModelNode former = variables.remove(variable);
    if (value != null) {
      value.count++;
      variables.put(variable, value);
    }
    if (former != null) {
      release(former);
    }
  }

  void store(ModelNode holder, int slot, ModelNode value) {
    ModelNode former = holder.slots[slot];
    if (value != null) {
      value.count++;
    }
    holder.slots[slot] = value;
    if (former != null) {
      release(former);
    }
  }

  void release(ModelNode node) {
    if (--node.count > 0) {
      return;
    }
    if (node.weak) {
      node.forgetTarget();
      node.alive = false;
      weaks.remove(node.id);
    } else {
      die(node);
    }
  }

  private void die(ModelNode node) {
    if (node.hasFinalizer() && !node.finalized) {
      if (node.generation != ModelNode.UNTRACKED) {
        node.generation = 0;
      }
      node.count = 1;
      finalizeOnce(node);
      if (--node.count > 0) {
        return;
      }
    }
    for (ModelNode weak : node.clearWeakReferences()) {
      if (weak.callback) {
        seen.sawCallback(weak.id);
      }
    }
    clearSlots(node);
    node.alive = false;
    objects.remove(node.id);
    seen.dead.add(node.id);
  }

  void clearSlots(ModelNode node) {
    for (int i = 0; i < node.slots.length; i++) {
      ModelNode value = node.slots[i];
      if (value != null) {
        node.slots[i] = null;
        release(value);
      }
    }
  }

  /** Runs the finalizer of an object that is held meanwhile. */
  void finalizeOnce(ModelNode node) {
    node.finalized = true;
    seen.sawFinalizer(node.id);
    act(node, node.plan.actions());
  }

  private void act(ModelNode node, List<Action> actions) {
    for (Action action : actions) {
      switch (action) {
        case Action.Log _ -> {
          // seen already
        }
        case Action.Resurrect resurrect -> assign(resurrect.variable(), node);
        case Action.Store store -> {
          if (node.slots.length > 0 && node.slots[0] != null && !node.slots[0].weak) {
            assign(store.variable(), node.slots[0]);
          }
        }
        case Action.Dereference dereference -> {
          ModelNode weak = weakTable.get(dereference.weak());
          if (weak != null) {
            seen.derefs.add(new Deref(node.id, weak.id, idOf(weak.target)));
          }
        }
        case Action.Drop _ -> clearSlots(node);
        case Action.Raise _ -> {
          seen.sawUnraisable(1);
          return;
        }
      }
    }
  }

  static long idOf(ModelNode node) {
    return node == null ? Op.NOTHING : node.id;
  }
}
