package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.collector.space.BlockClass;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SidePage;

/**
 * Makes and unmakes objects on a space, and reads and writes their headers and slots. Knows nothing
 * of counting or collecting.
 *
 * <p>Invariant: an id has its LIVE bit from {@link #create} until its death; the counts in the
 * header of every place that has no object are 0. But for places that are kept warm, which keep
 * their side bits: see {@link WarmObjects}.
 *
 * <p>Its layers are {@link TypeTable}, {@link ObjectHeaders}, {@link ObjectCounters} and {@link
 * WarmObjects}: superclasses and not parts, so that what the quick paths read and count lies in one
 * object.
 *
 * <p>Thread rule: as the heap.
 */
public final class ObjectStore extends WarmObjects {

  public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private final @Nullable Quarantine quarantine;

  /**
   * Makes a store.
   *
   * @param grant how many bytes all objects together may take
   * @param quarantined how many freed places are kept from being used again at once
   * @param quick whether nobody is told, in any way, when simple objects are made and freed
   */
  ObjectStore(ObjectSpace space, Faults faults, ByteGrant grant, int quarantined, boolean quick) {
    super(space, faults, grant, quick);
    this.quarantine = quarantined == 0 ? null : new Quarantine(space, quarantined);
  }

  // ------------------------------------------------------------------------- making

  /**
   * Makes an object with an external count of 1, zero fields and null slots.
   *
   * @throws org.ouroboros.allocator.AllocatorException if there is no memory; nothing has changed
   */
  int create(TypeInfo info, int length, int bytes) {
    long size = info.size(length, bytes);
    long block = space.blockBytes(size, info.alignment);
    if (block > bytesLeft) {
      settle();
    }
    if (block > bytesLeft) {
      bytesLeft += grant.more(block - bytesLeft, size);
    }
    int id = space.allocate(size, info.alignment);
    if (info.finalizer != null) {
      number(id);
    }
    MemorySegment memory = space.memory();
    long object = space.offset(id);
    switch (info.tail) {
      case NONE -> {
        // no length
      }
      case REFERENCES_AND_BYTES -> {
        memory.set(INT, object + TypeInfo.LENGTH, length);
        memory.set(INT, object + TypeInfo.BYTE_LENGTH, bytes);
      }
      default -> memory.set(INT, object + TypeInfo.LENGTH, length);
    }
    memory.set(LONG, object, info.initial);
    sides.born(id, info.tracked != 0);
    if (info.custom != null) {
      sides.cycleMarks.noteAsked(id);
    }
    allocations++;
    live++;
    bytesLeft -= block;
    netAllocations += info.tracked;
    born(info.tracked);
    return id;
  }

  private void number(int id) {
    try {
      faults.request("the order of creation", 4);
      sides.number(id);
    } catch (AllocationFailedException | OutOfMemoryError e) {
      space.free(id);
      throw e instanceof AllocationFailedException failure
          ? failure
          : Faults.javaHeap("the order of creation", e);
    }
  }

  /**
   * Makes an array longer where it is, if its memory can be. New elements that are references are
   * null, others may be anything.
   *
   * @param id of an object with a tail of one kind
   * @param length not less than it has
   * @return whether it was; nothing has changed if not
   */
  boolean tryLengthen(int id, int length) {
    if (!quick || faults.isArmed()) {
      return false;
    }
    long object = space.offset(id);
    TypeInfo info = info(header(id));
    long size = info.size(length, 0);
    long former = info.size(space.memory(), object);
    long more = space.blockBytes(size, info.alignment) - space.blockBytes(former, info.alignment);
    if (more > bytesLeft || !space.extend(id, former, size, info.hasSlots)) {
      return false;
    }
    bytesLeft -= more;
    space.memory().set(INT, object + TypeInfo.LENGTH, length);
    return true;
  }

  // ------------------------------------------------------------------------ freeing

  /** Takes the memory of an object back whose side bits are cleared. Needs no memory. */
  public void free(int id) {
    MemorySegment memory = space.memory();
    long object = space.offset(id);
    long header = memory.get(LONG, object);
    TypeInfo info = info(header);
    BlockClass blocks = info.quick;
    live--;
    bytesLeft +=
        blocks != null
            ? info.quickBytes
            : space.blockBytes(info.size(memory, object), info.alignment);
    if ((header & Header.TRACKED) != 0 && netAllocations > 0) {
      netAllocations--;
    }
    memory.set(LONG, object, 0);
    if (blocks != null) {
      blocks.give(id);
    } else if (quarantine != null) {
      quarantine.add(id);
    } else {
      space.free(id);
    }
  }

  /**
   * Ends an object whose counts are 0 and takes its memory back, where {@link #freesAtOnce}. Needs
   * no memory.
   */
  void freePlain(int id, long header) {
    TypeInfo info = info(header);
    if (info.quick != null) {
      if (netAllocations > 0) {
        netAllocations -= info.tracked;
      }
      freeBlock(id, info);
    } else {
      sides.died(id);
      free(id);
    }
  }

  /**
   * Notes that an object whose counts are 0 is to be freed with others of its page, by {@link
   * #freeLeft}. Only where {@link #freesAtOnce}, and while no collection runs.
   *
   * @param pages how many pages are listed
   * @return how many are listed now
   */
  int leaveToPage(int id, int pages) {
    SidePage page = sides.page(id);
    page.set(SidePage.TRASH, id);
    return page.isListedDying() ? pages : sides.listDying(page, pages);
  }

  /**
   * Frees what was left to the pages.
   *
   * @param pages how many are listed
   * @return 0: none is listed any more
   */
  int freeLeft(int pages) {
    for (int i = 0; i < pages; i++) {
      freeTrash(sides.unlistDying(i));
    }
    return 0;
  }

  /**
   * Whether objects can be freed by {@link #freeTrash}: nothing is noted of single deaths.
   *
   * @return false in checked and debug mode, and where objects have blocks of an allocator
   */
  public boolean freesAtOnce() {
    return quarantine == null && space.isPaged() && !sides.isVersioned();
  }

  /**
   * Takes back all memory of a page's objects that are in the set the collector works on, with
   * their side bits. Their headers are 0. Needs no memory. Only if {@link #freesAtOnce}.
   */
  public void freeTrash(SidePage page) {
    live -= page.count(SidePage.TRASH);
    bytesLeft += space.freeTrash(page);
    netAllocations = Math.max(0, netAllocations - sides.trashDied(page));
  }

  /**
   * The same of condemned objects, which are old: they are no reason to collect young ones late.
   */
  public void freeCondemned(SidePage page) {
    int net = netAllocations;
    freeTrash(page);
    netAllocations = net;
  }

  /** As {@link #free}, of a condemned object. */
  public void freeCondemned(int id) {
    int net = netAllocations;
    free(id);
    netAllocations = net;
  }

  /**
   * Takes back all memory of all objects at once, whatever their headers are. Needs no memory. Only
   * if {@link #freesAtOnce}, and while a collection runs.
   *
   * @param tracked how many of them are tracked
   */
  public void freeAll(long tracked) {
    live = 0;
    bytesLeft = grant.granted();
    netAllocations = (int) Math.max(0, netAllocations - tracked);
    sides.allDied();
    space.forgetAll();
  }

  /** Makes all places usable again that were freed. */
  void endQuarantine() {
    if (quarantine != null) {
      quarantine.end();
    }
  }
}
