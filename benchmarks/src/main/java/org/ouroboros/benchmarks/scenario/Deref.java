package org.ouroboros.benchmarks.scenario;

import java.util.Comparator;

/**
 * A finalizer dereferenced a weak reference.
 *
 * @param object whose finalizer did it
 * @param weak the weak reference
 * @param target the object it named, or {@link Op#NOTHING}
 */
record Deref(long object, long weak, long target) {

  /** Any order, to compare without one. */
  static final Comparator<Deref> ORDER =
      Comparator.comparingLong(Deref::object)
          .thenComparingLong(Deref::weak)
          .thenComparingLong(Deref::target);

  @Override
  public String toString() {
    return "[" + object + ", " + weak + ", " + (target == Op.NOTHING ? "null" : target) + "]";
  }
}
