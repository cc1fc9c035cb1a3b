package org.ouroboros.benchmarks.scenario;

import java.util.ArrayList;
import java.util.List;

/** An object or a weak reference of the {@link ScenarioModel}. */
final class ModelNode {

  static final int PERMANENT = 3;
  static final int UNTRACKED = -1;

  final long id;
  final boolean weak;
  final ModelNode[] slots;
  final FinalizerPlan plan;

  /** Of a weak reference: whether it has a callback. */
  final boolean callback;

  long count;
  int generation;
  boolean finalized;
  boolean alive = true;

  /** Of an object: its weak references, newest first. */
  List<ModelNode> weakReferences = new ArrayList<>();

  /** Of a weak reference: what it names, or null. */
  ModelNode target;

  /** What {@link ModelCollector} subtracts from. */
  long outside;

  private ModelNode(long id, boolean weak, int slots, FinalizerPlan plan, boolean callback) {
    this.id = id;
    this.weak = weak;
    this.slots = new ModelNode[slots];
    this.plan = plan;
    this.callback = callback;
    this.generation = weak || slots > 0 ? 0 : UNTRACKED;
  }

  static ModelNode object(long id, int slots, FinalizerPlan plan) {
    return new ModelNode(id, false, slots, plan, false);
  }

  static ModelNode weak(long id, ModelNode target, boolean callback) {
    ModelNode weak = new ModelNode(id, true, 0, FinalizerPlan.NONE, callback);
    weak.target = target;
    target.weakReferences.addFirst(weak);
    return weak;
  }

  boolean hasFinalizer() {
    return !plan.actions().isEmpty();
  }

  /** Takes a weak reference off its target. */
  void forgetTarget() {
    if (target != null) {
      target.weakReferences.remove(this);
      target = null;
    }
  }

  /** Clears the weak references to this object. */
  List<ModelNode> clearWeakReferences() {
    List<ModelNode> cleared = weakReferences;
    weakReferences = new ArrayList<>();
    cleared.forEach(one -> one.target = null);
    return cleared;
  }
}
