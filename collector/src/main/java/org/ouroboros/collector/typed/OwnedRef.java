package org.ouroboros.collector.typed;

import org.ouroboros.collector.Heap;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.InvalidReferenceException.Kind;

/**
 * An owned reference as a Java object that gives it back when it is closed: for references that
 * live in fields of Java objects, or that a {@code try} block owns.
 *
 * <pre>{@code
 * try (OwnedRef node = OwnedRef.of(heap, heap.allocate(NODE))) {
 *   COUNT.set(heap, node.ref(), 1);
 *   NEXT.set(heap, list, node.ref()); // the list counts it for itself
 * } // and ours is given back here
 * }</pre>
 *
 * <p>Where many references live and die together a {@link org.ouroboros.collector.LocalScope} takes
 * no Java object for each.
 *
 * <p>Thread rule: as the heap. A call from another thread throws {@link WrongThreadException}, and
 * the reference stays owned. Closing twice does nothing; nor does closing after the heap was
 * closed.
 */
public final class OwnedRef implements AutoCloseable {

  private final Heap heap;
  private long ref;

  private OwnedRef(Heap heap, long ref) {
    this.heap = heap;
    this.ref = ref;
  }

  /**
   * Takes an owned reference over.
   *
   * @param heap its heap
   * @param owned an owned reference, which the caller must not release any more; {@link Heap#NULL}
   *     is refused
   * @return its owner
   * @throws InvalidReferenceException if it is none
   */
  public static OwnedRef of(Heap heap, long owned) {
    if (heap.externalCount(owned) == 0) {
      throw new InvalidReferenceException(
          heap.options().name(),
          owned,
          Kind.NOT_OWNED,
          "nobody owns a reference to the object: take one with retain");
    }
    return new OwnedRef(heap, owned);
  }

  /**
   * Takes one more reference to an object.
   *
   * @param heap its heap
   * @param borrowed a live object; {@link Heap#NULL} is refused
   * @return the owner of a new reference; the caller's is untouched
   * @throws org.ouroboros.collector.HeapExhaustedException if there is no memory to count it
   */
  public static OwnedRef retain(Heap heap, long borrowed) {
    heap.retain(borrowed);
    return new OwnedRef(heap, borrowed);
  }

  /**
   * The reference.
   *
   * @return borrowed from this owner: valid until it is closed
   * @throws IllegalStateException if it is closed
   */
  public long ref() {
    if (ref == Heap.NULL) {
      throw new IllegalStateException("the owner is closed, or its reference was moved out");
    }
    return ref;
  }

  /**
   * Hands the reference out, as for {@link Heap#setRefMoved}. Closing does nothing from now on.
   *
   * @return an owned reference
   * @throws IllegalStateException if it is closed
   * @throws InvalidReferenceException if the object is dead
   */
  public long move() {
    long owned = checked();
    ref = Heap.NULL;
    return owned;
  }

  /** The reference, if this is the right thread and the object is alive. */
  private long checked() {
    long owned = ref();
    if (!heap.isLive(owned)) {
      throw new InvalidReferenceException(
          heap.options().name(),
          owned,
          Kind.DEAD,
          "names an object that is dead: something else gave back what this owns");
    }
    return owned;
  }

  /**
   * Whether the reference was given back or moved out.
   *
   * @return true if so
   */
  public boolean isClosed() {
    return ref == Heap.NULL;
  }

  /**
   * Gives the reference back.
   *
   * @throws InvalidReferenceException if something else did so before, and the object is dead
   */
  @Override
  public void close() {
    if (ref != Heap.NULL && !heap.isClosed()) {
      long owned = checked();
      ref = Heap.NULL; // first: what dies by this may call user code, which may close this again
      heap.release(owned);
    }
  }

  @Override
  public String toString() {
    return ref == Heap.NULL ? "no reference" : "owned reference 0x" + Long.toHexString(ref);
  }
}
