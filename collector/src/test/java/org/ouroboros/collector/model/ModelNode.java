package org.ouroboros.collector.model;

import org.ouroboros.collector.ObjectType;

/** What a plain Java program knows of an object of the heap. */
final class ModelNode {

  /** What a node's finalizer does. */
  enum Fate {
    NONE,
    LOG,
    RESURRECT,
    SAVE_CHILD,
    DROP,
    ALLOCATE,
    COLLECT,
    THROW
  }

  final long serial;
  final long ref;
  final ObjectType type;
  final ModelNode[] slots;
  final boolean opaque;
  final Fate fate;

  /** Owned references. */
  int owned;

  boolean freed;
  boolean finalized;

  /** Of a weak reference: what it names; null once that is dead. */
  ModelNode target;

  final boolean weak;

  ModelNode(long serial, long ref, ObjectType type, int slots, Fate fate, boolean weak) {
    this.serial = serial;
    this.ref = ref;
    this.type = type;
    this.slots = new ModelNode[slots];
    this.opaque = type.isOpaque();
    this.fate = fate;
    this.weak = weak;
  }

  @Override
  public String toString() {
    return type.name() + " " + serial + (freed ? " (freed)" : "");
  }
}
