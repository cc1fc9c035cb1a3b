package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import org.ouroboros.collector.space.Header;

/**
 * Takes objects apart where nobody can see in which order they die: no type of the heap has
 * finalizers, references outside its slots, or opaque ones, there are no weak references, and
 * nobody is told of deaths.
 *
 * <p>So dead objects wait in a stack of a fixed size, and their references are followed some at a
 * time: the headers of what they name are read, counted down and written one after the other
 * without a branch that depends on them, so that the processor waits for many places of memory at
 * once. Neighbouring references to the same object are counted down at once. Slots of dead objects
 * keep what they have.
 *
 * <p>When the stack is full, the object that is being released is put into a list, as {@link Death}
 * does it: see {@link HalfReleased}. So this needs no memory. A large object is also left there
 * while what has died of it is taken apart, whose memory is still near.
 *
 * <p>The first objects are freed one by one. If there are more, the others only get their TRASH
 * bit, and in the end each page frees its own by words, as a collection does.
 *
 * <p>Thread rule: as the heap; never called while it runs.
 */
final class PlainDeath {

  private static final int ROOM = 4096;

  /** So many references are followed at a time. */
  private static final int CHUNK = 256;

  /** Dead objects with no more references than this are released some at a time. */
  private static final int SMALL = 64;

  /** So many dead objects of a large one are enough to see to them first. */
  private static final int ENOUGH = 64;

  /** After so many dead objects the others are freed by their pages. */
  private static final int FEW = 256;

  /** After so many references it is worth asking whether the whole heap can be freed. */
  static final int MUCH = 512;

  private static final long LINE = 64;

  /** From so many references on, all may well be to the same object. */
  private static final int RUN = 32;

  private final ObjectStore store;
  private final Counts counts;
  private final WholeHeapDeath whole;

  private final int[] dead = new int[ROOM];
  private final int[] children = new int[CHUNK];
  private int size;

  /** How many have been freed one by one. */
  private int freed;

  /** How many references were taken back; below 0 if the whole heap is not to be freed. */
  private long work;

  /** How many pages have dead objects that are to be freed in the end. */
  private int pages;

  /** Only so that the reading is not optimised away. */
  @SuppressWarnings("UnusedVariable")
  private long touchedHeaders;

  /**
   * What headers have that are not just to be written: of a shared heap all of which other threads
   * may own a reference, too.
   */
  private final long slow;

  /** Objects that are half released. */
  private final HalfReleased list;

  PlainDeath(ObjectStore store, Counts counts, WholeHeapDeath whole) {
    this.store = store;
    this.counts = counts;
    this.whole = whole;
    this.list = new HalfReleased(store);
    this.slow = Header.OVERFLOWN | (store.isShared() ? Header.EXTERNAL : 0);
  }

  /**
   * Takes an object apart whose counts are 0, and all that dies with it.
   *
   * @param freesAll whether all of the heap may be freed instead
   * @return whether that was done
   */
  boolean kill(int id, boolean freesAll) {
    // in a collection the TRASH bits are not ours
    freed = store.isExact() ? Integer.MIN_VALUE : 0;
    work = freesAll && freed == 0 ? 0 : Long.MIN_VALUE;
    dead[size++] = id;
    while (true) {
      if (work >= MUCH) {
        work = Long.MIN_VALUE;
        if (whole.freesAllInstead()) {
          forget();
          return true;
        }
      }
      if (size == 0) {
        int next = list.top();
        if (next == 0) {
          break;
        }
        release(next, list.pop());
      } else if (ROOM - size >= CHUNK) {
        releaseSome();
      } else {
        release(dead[--size], 0);
      }
    }
    if (pages > 0) {
      pages = store.freeLeft(pages);
    }
    return false;
  }

  /** Everything is gone: nothing is left to be done. */
  private void forget() {
    size = 0;
    list.clear();
    for (int i = 0; i < pages; i++) {
      store.sides.unlistDying(i);
    }
    pages = 0;
  }

  private void free(int id, long header) {
    if (freed < FEW) {
      freed++;
      store.freePlain(id, header);
    } else {
      pages = store.leaveToPage(id, pages);
    }
  }

  /** Releases the newest dead objects, if small, so many that their references fit in a chunk. */
  private void releaseSome() {
    MemorySegment memory = store.space.memory();
    touchNext(memory);
    long[] shapes = store.edges();
    int[] found = children;
    int count = 0;
    while (size > 0) {
      int id = dead[size - 1];
      long object = Integer.toUnsignedLong(id) << 4;
      long header = memory.get(ObjectStore.LONG, object);
      long edges = shapes[Header.type(header)];
      int own = TypeInfo.rowCount(edges);
      if ((edges & TypeInfo.TAILED) != 0) {
        own += memory.get(ObjectStore.INT, object + TypeInfo.LENGTH);
      }
      if ((edges & TypeInfo.ROW) == 0 || own > SMALL) {
        if (count == 0) {
          size--;
          release(id, 0);
          return;
        }
        break;
      }
      if (count + own > CHUNK) {
        break;
      }
      size--;
      long first = object + TypeInfo.rowStart(edges);
      for (int i = 0; i < own; i++) {
        found[count++] = memory.get(ObjectStore.INT, first + 4L * i);
      }
      free(id, header);
    }
    drop(memory, found, count);
  }

  /** Releases an object from a slot on, until all are released or there is no more room. */
  private void release(int id, int from) {
    MemorySegment memory = store.space.memory();
    long object = Integer.toUnsignedLong(id) << 4;
    long header = memory.get(ObjectStore.LONG, object);
    TypeInfo info = store.info(header);
    int count = info.references(memory, object);
    for (int i = from; i < count; ) {
      int chunk = Math.min(Math.min(CHUNK, count - i), ROOM - size);
      if (chunk == 0 || i > from && (size >= ENOUGH || work >= MUCH)) {
        list.push(id, info, object, i);
        return;
      }
      read(memory, object, info, i, chunk);
      drop(memory, children, chunk);
      i += chunk;
    }
    free(id, header);
  }

  private void read(MemorySegment memory, long object, TypeInfo info, int from, int count) {
    if (info.run < 0) {
      for (int i = 0; i < count; i++) {
        children[i] = memory.get(ObjectStore.INT, object + info.slotOffset(from + i));
      }
    } else {
      MemorySegment.copy(
          memory, ObjectStore.INT, object + info.run + 4L * from, children, 0, count);
    }
  }

  /** Takes edges back; there is room for as many dead objects. */
  private void drop(MemorySegment memory, int[] found, int count) {
    work += count;
    if (count >= RUN && isOneObject(found, count)) {
      drop(memory, found[0], count * Header.INTERNAL_ONE);
      return;
    }
    touch(memory, found, count);
    int[] stack = dead;
    int end = size;
    int child = count > 0 ? found[0] : 0;
    long taken = 0;
    for (int i = 1; i <= count; i++) {
      int next = i < count ? found[i] : 0;
      taken += Header.INTERNAL_ONE;
      if (next == child && i < count) {
        continue;
      }
      if (child != 0) {
        long object = Integer.toUnsignedLong(child) << 4;
        long header = memory.get(ObjectStore.LONG, object);
        if ((header & Header.INTERNAL) < taken || (header & slow) != 0) {
          size = end;
          dropSlowly(child, taken);
          end = size;
        } else {
          header -= taken;
          memory.set(ObjectStore.LONG, object, header);
          stack[end] = child;
          // one more if the object is not alive any more
          end += (int) ((header & Header.ALIVE) - 1 >>> Long.SIZE - 1);
        }
      }
      child = next;
      taken = 0;
    }
    size = end;
  }

  /**
   * Reads the headers of objects in a loop so short that the processor runs far ahead in it, and
   * waits for many of them at once.
   */
  private void touch(MemorySegment memory, int[] found, int count) {
    long headers = 0;
    for (int i = 0; i < count; i++) {
      headers |= memory.get(ObjectStore.LONG, Integer.toUnsignedLong(found[i]) << 4);
    }
    touchedHeaders = headers;
  }

  /** The same for what the newest dead objects have behind the line of their header. */
  private void touchNext(MemorySegment memory) {
    long last = memory.byteSize() - Long.BYTES;
    long words = 0;
    for (int i = Math.max(0, size - ENOUGH); i < size; i++) {
      long next = (Integer.toUnsignedLong(dead[i]) << 4) + LINE;
      words |= memory.get(ObjectStore.LONG, Math.min(next, last));
    }
    touchedHeaders = words;
  }

  private void drop(MemorySegment memory, int child, long taken) {
    if (child == 0) {
      return;
    }
    long object = Integer.toUnsignedLong(child) << 4;
    long header = memory.get(ObjectStore.LONG, object);
    if ((header & Header.INTERNAL) < taken || (header & slow) != 0) {
      dropSlowly(child, taken);
      return;
    }
    memory.set(ObjectStore.LONG, object, header - taken);
    if ((header - taken & Header.ALIVE) == 0) {
      dead[size++] = child;
    }
  }

  /** Compiled to a few instructions on vectors. */
  private static boolean isOneObject(int[] found, int count) {
    int first = found[0];
    int others = 0;
    for (int i = 0; i < count; i++) {
      others |= found[i] ^ first;
    }
    return others == 0;
  }

  private void dropSlowly(int child, long taken) {
    for (long rest = taken; rest != 0; rest -= Header.INTERNAL_ONE) {
      if (counts.dropInternal(child)) {
        dead[size++] = child;
        return;
      }
    }
  }
}
