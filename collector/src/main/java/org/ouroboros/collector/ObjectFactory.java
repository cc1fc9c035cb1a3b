package org.ouroboros.collector;

import org.ouroboros.collector.heap.QuickFactory;
import org.ouroboros.collector.heap.SharedFactory;

/**
 * Makes and reads objects of one type on one heap, as the heap does, and faster: the facts of both
 * are the factory's own components, so where it is kept in a {@code static final} field the JIT
 * takes them for constants. Elsewhere it still saves looking the type up.
 *
 * <pre>{@code
 * static final Heap HEAP = Heap.ofConfined();
 * static final ObjectFactory NODES = HEAP.factory(NODE);
 * ...
 * long tree = NODES.allocateOwning(NODES.allocate(), NODES.allocate());
 * }</pre>
 *
 * <p>Everything that {@link Heap} says of its methods of the same names is true here: the thread
 * rule, failures, the checks of the modes. A factory needs not be closed; after the close of its
 * heap its methods throw as the heap's do.
 */
public sealed interface ObjectFactory permits QuickFactory, SharedFactory {

  /**
   * As {@link Heap#allocate(ObjectType)}.
   *
   * @return an owned reference
   * @throws HeapExhaustedException if there is no memory for it, after a full collection
   */
  long allocate();

  /**
   * As {@link Heap#allocateOwning}.
   *
   * @param first the target of {@link ObjectType#slot(int) slot(0)}, owned; or {@link Heap#NULL}
   * @param second the target of {@code slot(1)}, owned; or {@link Heap#NULL}. Both are unchanged if
   *     this throws
   * @return an owned reference
   * @throws HeapExhaustedException if there is no memory for it, after a full collection
   * @throws IllegalArgumentException if the type has fewer than two references
   * @throws InvalidReferenceException if nobody owns a reference to a target, or one alone where
   *     both are the same
   */
  long allocateOwning(long first, long second);

  /**
   * As {@link Heap#getRef}; the object may be of any type.
   *
   * @param ref an object
   * @param slot which of its references
   * @return a borrowed reference, or {@link Heap#NULL}
   * @throws InvalidReferenceException as far as the heap's mode finds out
   */
  long getRef(long ref, int slot);
}
