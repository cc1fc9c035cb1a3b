package org.ouroboros.collector.heap;

import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.ObjectType.FinalizerKind;
import org.ouroboros.collector.space.AtomicWords;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SideTables;
import org.ouroboros.collector.space.Words;

/**
 * Reads and writes the headers of objects, and ints in them, by their ids.
 *
 * <p>Where threads share the heap, others may retain an object at any moment. So flags and counts
 * of an object that others can reach are changed by replacing the header that was read. {@link
 * #setHeader} is for objects that nobody can reach any more.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class ObjectHeaders extends TypeTable permits ObjectCounters {

  public final SideTables sides;

  /** Of the space. */
  final long base;

  /** What other threads keep ready; null in a confined heap. */
  @Nullable SharedCaches caches;

  ObjectHeaders(ObjectSpace space, Faults faults, boolean quick) {
    super(space, faults, quick);
    this.base = space.base();
    this.sides = space.sides();
  }

  /** From now on other threads keep places ready, too. */
  final void share(SharedCaches caches) {
    this.caches = caches;
  }

  /** Whether threads keep places ready, and are inside operations when the world is not stopped. */
  public final boolean isShared() {
    return caches != null;
  }

  public final long header(int id) {
    return space.memory().get(ObjectStore.LONG, space.offset(id));
  }

  public final void setHeader(int id, long header) {
    space.memory().set(ObjectStore.LONG, space.offset(id), header);
  }

  /**
   * Replaces a header, unless another thread has changed it since it was read.
   *
   * @return whether it did; always, in a confined heap
   */
  final boolean replaceHeader(int id, long read, long header) {
    if (caches == null) {
      setHeader(id, header);
      return true;
    }
    return AtomicWords.compareAndSet(space, Words.address(base, space.offset(id)), read, header);
  }

  /**
   * Adds to a header, and sets flags in it.
   *
   * @return what it is now
   */
  final long changeHeader(int id, long change, long flags) {
    while (true) {
      long before = header(id);
      long after = before + change | flags;
      if (replaceHeader(id, before, after)) {
        return after;
      }
    }
  }

  public final void setFlag(int id, long flag) {
    changeHeader(id, 0, flag);
  }

  public final void clearFlag(int id, long flag) {
    long before = header(id);
    while (!replaceHeader(id, before, before & ~flag)) {
      before = header(id);
    }
  }

  /**
   * An object lives on that was about to be freed: what is done at every death will be done again.
   */
  public final void renewFlags(int id) {
    TypeInfo info = info(header(id));
    setFlag(id, info.flags & Header.CUSTOM);
    if (info.finalizerKind == FinalizerKind.EVERY_DEATH) {
      clearFlag(id, Header.FINALIZED);
    }
  }

  /** An int of an object. */
  public final int get(int id, long offset) {
    return space.memory().get(ObjectStore.INT, space.offset(id) + offset);
  }

  public final void set(int id, long offset, int value) {
    space.memory().set(ObjectStore.INT, space.offset(id) + offset, value);
  }
}
