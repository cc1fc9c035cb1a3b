package org.ouroboros.collector;

import java.lang.ref.Reference;

/**
 * An owned reference as a Java object that the JVM's collector may find: whoever forgets to close
 * it loses the object later, but does not leak it. So hold a runtime's objects that have no single
 * place where they end, such as those a guest language shares with Java (Jython and IronPython let
 * their host collect all of them). Where there is such a place {@link
 * org.ouroboros.collector.typed.OwnedRef} and {@link LocalScope} cost less and free at once.
 *
 * <p>When the JVM finds a handle unreachable, a {@link java.lang.ref.Cleaner} puts its reference on
 * a list, without locks and without taking memory, and does nothing else: finalizers and callbacks
 * never run on the cleaner's thread. The heap's own thread gives back what is on the list, where
 * objects may die anyway:
 *
 * <ul>
 *   <li>all of it in {@link Heap#drainHostHandles}, before every collection, automatic ones
 *       included, and in {@link Heap#close};
 *   <li>up to 1024 in {@link Heap#hostHandle}, and in an allocation that finds no block at hand.
 * </ul>
 *
 * So a heap that makes handles, or grows, gives them back as well; a thread that sleeps should call
 * {@code drainHostHandles} at times. The JVM collects when its own heap fills, not when this one
 * does: close what you can.
 *
 * <p>A handle is reachable for as long as code will still use it, not until the end of its block.
 * The reference that {@link #get} tells is borrowed from the handle, so keep that reachable until
 * you are done, by a field, a {@code try} block, or {@link Reference#reachabilityFence}:
 *
 * <pre>{@code
 * try {
 *   long node = handle.get();
 *   heap.setRefMoved(node, NEXT, heap.allocate(NODE)); // which may give handles back
 * } finally {
 *   Reference.reachabilityFence(handle);
 * }
 * }</pre>
 *
 * <p>Thread rule: as the heap; a call from another thread throws {@link WrongThreadException} and
 * changes nothing. The handle itself may be kept and dropped anywhere. Cost: three small Java
 * objects, and the JVM's work for a phantom reference.
 */
public interface HostHandle extends AutoCloseable {

  /**
   * The reference.
   *
   * @return borrowed from this handle: valid until it is closed or found unreachable
   * @throws IllegalStateException if the handle or the heap is closed
   */
  long get();

  /**
   * The reference, retained: independent of this handle.
   *
   * @return an owned reference
   * @throws IllegalStateException if the handle or the heap is closed
   * @throws HeapExhaustedException if there is no memory to count it
   */
  long retained();

  /**
   * Whether the reference was given back.
   *
   * @return true after {@link #close}
   */
  boolean isClosed();

  /**
   * Gives the reference back now. If it was the last one, the object dies before this returns. A
   * second call does nothing; nor does one after the heap was closed.
   *
   * @throws InvalidReferenceException if something else gave it back before, and the object is dead
   * @throws IllegalStateException if the heap may only be read here: in a traversal, visitor or
   *     free listener
   */
  @Override
  void close();
}
