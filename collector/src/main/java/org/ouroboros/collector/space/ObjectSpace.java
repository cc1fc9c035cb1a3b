package org.ouroboros.collector.space;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorException;

/**
 * Gives objects their ids and their memory.
 *
 * <p>Thread rule: as the heap.
 */
public abstract sealed class ObjectSpace permits PagedSpace, AllocatorSpace {

  /** What objects are read and written in, at {@link #offset}. Replaced when the space grows. */
  protected MemorySegment memory = MemorySegment.NULL;

  private final SideTables sides;
  private final Faults faults;

  ObjectSpace(boolean versioned, boolean paged, Faults faults) {
    this.sides = new SideTables(versioned, paged);
    this.faults = faults;
  }

  public final MemorySegment memory() {
    return memory;
  }

  public final SideTables sides() {
    return sides;
  }

  /**
   * Where an object begins in {@link #memory}.
   *
   * @return a place with a header of 0 if no object has the id
   */
  public abstract long offset(int id);

  /** What {@link Words} takes places of a paged space relative to; it never changes. */
  public abstract long base();

  /** No object has an id from here up. May become less only by {@link #forgetAll}. */
  public abstract long limit();

  /** Whether an object had an id once that is not below the limit now. */
  public boolean isForgotten(long id) {
    return false;
  }

  /**
   * Whether every id below the limit can be read and written at {@code 16 * id}, be there an object
   * or not.
   */
  public abstract boolean isPaged();

  /**
   * Makes room for an object.
   *
   * @return its id; its memory is zero, and there is a side page for it
   * @throws AllocatorException if there is no memory; nothing has changed then
   */
  public final int allocate(long bytes, long alignment) {
    faults.request("an object", bytes);
    int id = take(bytes, alignment);
    try {
      if (sides.find(Integer.toUnsignedLong(id)) == null) {
        faults.request("a side table", SidePage.IDS);
        sides.reserve(id);
      }
    } catch (AllocatorException | OutOfMemoryError e) {
      free(id);
      throw e instanceof AllocatorException failure ? failure : Faults.javaHeap("a side table", e);
    }
    return id;
  }

  /**
   * Where objects of a size come from, if it is one of those that are cut from spans.
   *
   * @return null if there is no such class
   */
  public @Nullable BlockClass blocks(long bytes, long alignment) {
    return null;
  }

  /**
   * Gets more blocks of a class, without anything being freed for that.
   *
   * @param alone whether no other thread uses the space now; else the memory must not be replaced
   *     by what threads would see
   * @return whether there are more
   */
  public boolean provide(BlockClass blocks, boolean alone) {
    return false;
  }

  /** Makes room for an object that reads as zero. */
  abstract int take(long bytes, long alignment);

  /**
   * Makes the memory of an object longer where it is, if that is possible.
   *
   * @param former what it was asked for with
   * @param bytes what it is to have, not less
   * @param zeroed whether what is added must read as zero; it may not where it needs not
   * @return whether it was; nothing has changed if not
   */
  public boolean extend(int id, long former, long bytes, boolean zeroed) {
    return false;
  }

  /** Takes the memory of an object back. Needs no memory and does not fail. */
  public abstract void free(int id);

  /**
   * Takes the memory back of the objects of a page that have their TRASH bit. Needs no memory and
   * does not fail.
   *
   * @return what they took in all, in bytes
   */
  public abstract long freeTrash(SidePage page);

  /**
   * Takes the memory of all objects back at once, whatever their headers and their side bits are.
   * No id that was given out is below the limit then, but for those of memory that is given out
   * again. Only in paged spaces. Needs no memory and does not fail.
   */
  public void forgetAll() {
    throw new UnsupportedOperationException(name());
  }

  /**
   * Whether places that were freed are used for nothing but blocks of the same size for now, and
   * their memory stays: so what was the place of a header stays one, for threads that may still
   * look at it. When that ends, what has become free meanwhile goes back.
   */
  public void setKeeping(boolean keeping) {
    // there is nothing to be kept
  }

  /**
   * A segment over a part of an object that ends with an arena.
   *
   * @param offset where it begins in {@link #memory}
   */
  public abstract MemorySegment segment(long offset, long bytes, Arena arena);

  /** What an object of that size takes in all. */
  public abstract long blockBytes(long bytes, long alignment);

  /** Memory that is in use or kept for use; -1 if the space does not know. */
  public abstract long committedBytes();

  /** What the space takes on the Java heap, without the side tables. */
  public abstract long metadataBytes();

  /** How messages call it. */
  public abstract String name();

  /**
   * Where objects have their blocks from.
   *
   * @return null in paged spaces
   */
  public @Nullable Allocator allocator() {
    return null;
  }

  /** Gives all memory back. */
  public abstract void close();

  /**
   * Gives all memory back, while other threads may still read and write it; nothing else is called
   * afterwards.
   *
   * @return what gives the addresses back; to be run when no thread can use them any more
   */
  public Runnable retire() {
    close();
    return () -> {};
  }
}
