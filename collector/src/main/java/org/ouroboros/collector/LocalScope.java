package org.ouroboros.collector;

/**
 * References that live as long as a block of Java code.
 *
 * <pre>{@code
 * try (LocalScope scope = heap.openScope()) {
 *   long node = scope.own(heap.allocate(NODE));
 *   long next = scope.keep(heap.getRef(node, NEXT));
 *   ...
 * } // both are released here
 * }</pre>
 *
 * <p>Thread rule: as the heap. Cost: no Java object but the scope; a store for each reference.
 */
public interface LocalScope extends AutoCloseable {

  /**
   * Takes an owned reference over, to release it when the scope closes.
   *
   * @param owned an owned reference, or {@link Heap#NULL}, which does nothing
   * @return the same
   * @throws HeapExhaustedException if there is no memory to note it; the caller still owns it then
   * @throws IllegalStateException if this is not the innermost open scope
   */
  long own(long owned);

  /**
   * Retains a borrowed reference until the scope closes.
   *
   * @param borrowed a reference, or {@link Heap#NULL}, which does nothing
   * @return the same
   * @throws HeapExhaustedException if there is no memory to note it
   * @throws IllegalStateException if this is not the innermost open scope
   */
  long keep(long borrowed);

  /**
   * Releases all of the scope's references, the last one first. A second call does nothing.
   *
   * @throws IllegalStateException if a scope that was opened later is still open
   */
  @Override
  void close();
}
