package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.FinalizerKind;
import org.ouroboros.collector.space.AtomicWords;
import org.ouroboros.collector.space.BlockClass;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;
import org.ouroboros.collector.space.Words;

/**
 * Makes and unmakes objects on a space, and reads and writes their headers and slots. Knows nothing
 * of counting or collecting.
 *
 * <p>Invariant: an id has its LIVE bit from {@link #create} until its death; the counts in the
 * header of every place that has no object are 0.
 *
 * <p>But for the objects that are kept <i>warm</i>: the last few of each simple type that died in
 * generation 0, or untracked. Those keep their side bits, which are what the next object of the
 * type needs, so that making it is a matter of its header and fields alone. {@link #settle} ends
 * that: it is called before anything looks at side bits other than those of an object that exists,
 * and nothing is kept warm while a collection runs.
 *
 * <p>Thread rule: as the heap.
 */
public final class ObjectStore {

  public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  public final ObjectSpace space;
  public final SideTables sides;
  public final Faults faults;
  private final ByteGrant grant;
  private final @Nullable Quarantine quarantine;

  /** Of the space. */
  final long base;

  /** What other threads keep ready; null in a confined heap. */
  private @Nullable SharedCaches caches;

  /** Whether small objects of simple types may be made and freed without a look at options. */
  private final boolean quick;

  /** The types that objects were made of, by their id. */
  private @Nullable TypeInfo[] types = new TypeInfo[64];

  /** {@link TypeInfo#edges} of each; 0 where there is none. */
  private long[] edges = new long[types.length];

  private boolean untrackedEdges;

  /** Whether any type has edges outside its slots. */
  private boolean customEdges;

  /** Whether the order in which objects die can be seen, as far as types tell. */
  private boolean ordered;

  /** Objects that were made; places that are kept warm count as if they were made again. */
  private long allocations;

  /**
   * How often an external count became 0 less how often one that was 0 became more: see {@link
   * #roots}.
   */
  private long unrooted;

  /** Objects that exist, and those that are kept warm. */
  private long live;

  /** What new objects may still take; what is kept warm counts as taken. */
  private long bytesLeft;

  /** How many objects of a type may be kept warm now. */
  private int warmRoom = TypeInfo.WARM;

  /** Tracked objects made less freed since the collector last set it to 0. */
  private int netAllocations;

  /** How many of them make the collector look whether a collection is due. */
  private int due = Integer.MAX_VALUE;

  /** Whether every allocation is to be looked at. */
  private boolean watched;

  /** Quick allocations end when there are so many net allocations: {@link #due}, or 0. */
  private int quickDue = Integer.MAX_VALUE;

  /** Generation 0 has no more objects than this. */
  private int births;

  /** With so many it is {@linkplain #isCrowded crowded}. */
  private int mostBirths = Integer.MAX_VALUE;

  private boolean crowded;

  /**
   * Makes a store.
   *
   * @param grant how many bytes all objects together may take
   * @param quarantined how many freed places are kept from being used again at once
   * @param quick whether nobody is told, in any way, when simple objects are made and freed
   */
  ObjectStore(ObjectSpace space, Faults faults, ByteGrant grant, int quarantined, boolean quick) {
    this.space = space;
    this.base = space.base();
    this.quick = quick;
    this.bytesLeft = grant.granted();
    this.sides = space.sides();
    this.faults = faults;
    this.grant = grant;
    this.quarantine = quarantined == 0 ? null : new Quarantine(space, quarantined);
  }

  // ------------------------------------------------------------------------- types

  TypeInfo info(ObjectType type) {
    int id = type.id();
    TypeInfo info = id < types.length ? types[id] : null;
    return info != null ? info : register(type);
  }

  private TypeInfo register(ObjectType type) {
    faults.request("the table of types", 4);
    try {
      if (type.id() >= types.length) {
        int length = Math.max(type.id() + 1, types.length * 2);
        edges = Arrays.copyOf(edges, length);
        types = Arrays.copyOf(types, length);
      }
      BlockClass blocks = quick ? space.blocks(type.fixedBytes(), type.alignment()) : null;
      TypeInfo info = new TypeInfo(type, blocks);
      edges[type.id()] = info.edges;
      customEdges |= info.custom != null;
      untrackedEdges |= info.hasEdges && !type.isTracked();
      ordered |=
          Header.has(info.flags, Header.HAS_FINALIZER | Header.CUSTOM | Header.OPAQUE)
              || type == ObjectType.WEAK_REFERENCE;
      types[type.id()] = info;
      return info;
    } catch (OutOfMemoryError e) {
      throw Faults.javaHeap("the table of types", e);
    }
  }

  /** The type of the object that has a header. */
  public TypeInfo info(long header) {
    TypeInfo info = infoOrNull(header);
    if (info == null) {
      throw new IllegalStateException("header 0x" + Long.toHexString(header) + " has no type");
    }
    return info;
  }

  /** The type of an object; null if there is none of that id, or its place was overwritten. */
  public @Nullable TypeInfo infoOrNull(long header) {
    int type = Header.type(header);
    return type < types.length ? types[type] : null;
  }

  /** {@link TypeInfo#edges} of the types by their ids, 0 where there is none; not to be changed. */
  public long[] edges() {
    return edges;
  }

  /** Whether objects that are not tracked may have references that the collector follows. */
  public boolean hasUntrackedEdges() {
    return untrackedEdges;
  }

  /** Whether objects may have edges outside their slots, which the heap does not see stored. */
  public boolean hasCustomEdges() {
    return customEdges;
  }

  /** Whether no type that objects were made of so far makes anything known of their deaths. */
  public boolean diesUnseen() {
    return !ordered;
  }

  // ----------------------------------------------------------------------- objects

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

  // ------------------------------------------------------------------- quick paths

  /**
   * Makes an object as {@link #create}, if the type is a simple one, a block is at hand, and
   * nothing else is to be done.
   *
   * @return its id; 0 if it is not that simple: nothing has been done then
   */
  int quickCreate(ObjectType type) {
    return quickCreate(type, 0);
  }

  /**
   * The same, with the first two references.
   *
   * @param pair the word that has them; 0 for an object without references
   */
  int quickCreate(ObjectType type, long pair) {
    int number = type.id();
    if (number >= types.length || netAllocations >= quickDue) {
      return 0;
    }
    TypeInfo info = types[number];
    if (info == null || pair != 0 && !info.beginsWithPair) {
      return 0;
    }
    int left = info.warmCount - 1;
    if (left < 0) {
      left = warmUp(info) - 1;
      if (left < 0) {
        return createFromBlock(info, pair);
      }
    }
    info.warmCount = left;
    int id = info.warm[left];
    begin(id, info, pair);
    return id;
  }

  /** Whether nothing is to be done before the next object is made. */
  boolean mayBeQuick() {
    return netAllocations < quickDue;
  }

  /**
   * Takes one of the places that are ready.
   *
   * @param warm those of the type
   * @param left how many are left
   * @param tracked whether objects of the type are, 1 or 0
   * @return the id
   */
  int takeWarm(TypeInfo info, int[] warm, int left, int tracked) {
    info.warmCount = left;
    netAllocations += tracked;
    return warm[left & TypeInfo.WARM - 1];
  }

  /** Gets some places for objects of a type ready; returns how many. */
  private int warmUp(TypeInfo info) {
    return makeReady(info, info.warm);
  }

  /**
   * Makes an object as {@link #quickCreate} while an incremental collection is under way, whose
   * side bits are exact.
   */
  int createInCycle(ObjectType type) {
    int number = type.id();
    TypeInfo info = number < types.length ? types[number] : null;
    return info == null || netAllocations >= due || crowded ? 0 : createFromBlock(info, 0);
  }

  private int createFromBlock(TypeInfo info, long pair) {
    BlockClass blocks = info.quick;
    if (blocks == null || bytesLeft < blocks.bytes) {
      return 0;
    }
    int id = blocks.poll();
    if (id != 0) {
      bytesLeft -= blocks.bytes;
      live++;
      allocations++;
      begin(id, info, pair);
      sides.born(id, info.tracked != 0);
      born(info.tracked);
    }
    return id;
  }

  private void begin(int id, TypeInfo info, long pair) {
    netAllocations += info.tracked;
    long object = Words.address(base, Integer.toUnsignedLong(id) << 4);
    Words.set(space, object, info.initial);
    Words.set(space, object + 8, pair);
    for (int at = 16; at < info.quickBytes; at += 16) {
      Words.set(space, object + at, 0);
      Words.set(space, object + at + 8, 0);
    }
  }

  /**
   * Lets an object of the quick limit die whose counts are 0, if its type is a simple one, nobody
   * has taken an interest in it, and its slots are null.
   *
   * @return false if it is not that simple: nothing has been done then
   */
  boolean quickFree(int id, long header) {
    int number = Header.type(header);
    TypeInfo info = number < types.length ? types[number] : null;
    if (info == null || header != info.dead) {
      return false;
    }
    if (info.refers(space, Words.address(base, Integer.toUnsignedLong(id) << 4))) {
      return false;
    }
    netAllocations = Math.max(0, netAllocations - info.tracked);
    int count = info.warmCount;
    if (count < warmRoom && (info.tracked == 0 || sides.isYoungest(id))) {
      allocations++;
      info.warm[count] = id;
      info.warmCount = count + 1;
    } else {
      freeBlock(id, info);
    }
    return true;
  }

  private void freeBlock(int id, TypeInfo info) {
    sides.died(id);
    Words.set(space, Words.address(base, Integer.toUnsignedLong(id) << 4), 0);
    live--;
    bytesLeft += info.quickBytes;
    BlockClass blocks = info.quick;
    if (blocks != null) {
      blocks.give(id);
    }
  }

  /**
   * The type of an object whose counts are 0, if its type is a simple one and nobody has taken an
   * interest in it; else null.
   */
  @Nullable TypeInfo simple(long header) {
    TypeInfo info = infoOrNull(header);
    return info != null && header == info.dead ? info : null;
  }

  /**
   * Takes back dead objects of a simple type whose ids are in one word; for those that are not just
   * places that were kept ready, the net allocations are counted by the caller.
   *
   * @param word the ids divided by {@value Long#SIZE}
   * @param ids the bits of their remainders
   */
  private void freeBlocks(TypeInfo info, int word, long ids) {
    int count = Long.bitCount(ids);
    live -= count;
    bytesLeft += (long) count * info.quickBytes;
    sides.died(word, ids);
    BlockClass blocks = info.quick;
    if (blocks != null) {
      blocks.give(word, ids);
    }
  }

  /** Ends objects as {@link #freePlain}, whose ids are in one word. */
  void freePlain(TypeInfo info, int word, long ids) {
    netAllocations = Math.max(0, netAllocations - info.tracked * Long.bitCount(ids));
    freeBlocks(info, word, ids);
  }

  /** Makes the side bits exact: no place without an object has any. */
  void settle() {
    if (caches != null) {
      caches.settle();
    }
    for (TypeInfo info : types) {
      if (info != null && info.warmCount > 0) {
        settle(info);
      }
    }
  }

  private void settle(TypeInfo info) {
    int count = info.warmCount;
    info.warmCount = 0;
    freeReady(info, info.warm, count);
  }

  /** Takes places back that were ready for new objects, or whose objects are dead. */
  void freeReady(TypeInfo info, int[] places, int count) {
    allocations -= count;
    freeDead(info, places, count);
  }

  /** Takes the places of dead objects of a simple type back. */
  void freeDead(TypeInfo info, int[] places, int count) {
    int word = 0;
    long ids = 0;
    for (int i = 0; i < count; i++) {
      int id = places[i];
      if (id >>> 6 != word && ids != 0) {
        freeBlocks(info, word, ids);
        ids = 0;
      }
      word = id >>> 6;
      ids |= 1L << id;
    }
    if (ids != 0) {
      freeBlocks(info, word, ids);
    }
  }

  // ------------------------------------------------------------------- shared heaps

  /** From now on other threads keep places ready, too. */
  void share(SharedCaches caches) {
    this.caches = caches;
  }

  /**
   * Gets places ready for new objects of a type, as if they were made.
   *
   * @return how many; 0 if that needs memory, or the type is no simple one
   */
  int makeReady(TypeInfo info, int[] places) {
    BlockClass blocks = info.quick;
    if (blocks == null || warmRoom == 0 || bytesLeft < (long) TypeInfo.WARM * blocks.bytes) {
      return 0;
    }
    int count = blocks.takeSome(places, info.tracked != 0);
    live += count;
    allocations += count;
    bytesLeft -= (long) count * blocks.bytes;
    born(count * info.tracked);
    return count;
  }

  /**
   * Adds what threads have counted for themselves.
   *
   * @param net tracked objects made less freed
   * @param reused places that were kept ready when their objects had died
   * @param unrooted see {@link #roots}
   */
  void add(long net, long reused, long unrooted) {
    netAllocations = Math.clamp(netAllocations + net, 0, Integer.MAX_VALUE);
    allocations += reused;
    this.unrooted += unrooted;
  }

  boolean isShared() {
    return caches != null;
  }

  /** How many net allocations may be made before one has to be looked at. */
  long untilDue() {
    return Math.max(0, (long) quickDue - netAllocations);
  }

  /** From now on, or no longer, the side bits are exact at any time. */
  public void setExact(boolean exact) {
    warmRoom = exact ? 0 : TypeInfo.WARM;
    settle();
    if (!exact) {
      bytesLeft -= grant.lessOf(bytesLeft);
    }
  }

  /** Whether that is so: a collection runs, or the heap is being closed. */
  boolean isExact() {
    return warmRoom == 0;
  }

  private long warmObjects() {
    long count = 0;
    for (TypeInfo info : types) {
      count += info == null ? 0 : info.warmCount;
    }
    return count;
  }

  private long warmBytes() {
    long bytes = caches == null ? 0 : caches.bytes();
    for (TypeInfo info : types) {
      bytes += info == null ? 0 : (long) info.warmCount * info.quickBytes;
    }
    return bytes;
  }

  /** Sets how many net allocations of tracked objects make a collection due. */
  public void setDue(int count) {
    due = count;
    updateDue();
  }

  /** Whether every allocation has to be looked at, be a collection due or not. */
  void setWatched(boolean watched) {
    this.watched = watched;
    updateDue();
  }

  private void updateDue() {
    quickDue = watched || crowded ? 0 : due;
  }

  /**
   * Has generation 0 looked after while what dies keeps the net allocations low: as in CPython they
   * are few if as much dies as is made, whatever generation that is of. Generation 0 may grow
   * without bound then, and so does the time of its next collection.
   *
   * @param count with so many births it is looked at, and with half as many objects it is crowded;
   *     the largest int: never
   */
  public void setCrowd(int count) {
    mostBirths = count;
    crowded = false;
    updateDue();
  }

  /** Whether generation 0 has got that many objects; until the net allocations are reset. */
  public boolean isCrowded() {
    return crowded;
  }

  /** Tracked objects were made, or places for some. */
  private void born(int count) {
    births += count;
    if (births >= mostBirths) {
      countBirths();
    }
  }

  /** Many of those born may be dead: looks again when there may be half as many more. */
  private void countBirths() {
    long young = sides.population(0);
    births = (int) Math.min(young, mostBirths / 2);
    if (young >= mostBirths / 2) {
      crowded = true;
      updateDue();
    }
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

  public long header(int id) {
    return space.memory().get(LONG, space.offset(id));
  }

  public void setHeader(int id, long header) {
    space.memory().set(LONG, space.offset(id), header);
  }

  /**
   * Replaces a header, unless another thread has changed it since it was read.
   *
   * @return whether it did; always, in a confined heap
   */
  boolean replaceHeader(int id, long read, long header) {
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
  long changeHeader(int id, long change, long flags) {
    while (true) {
      long before = header(id);
      long after = before + change | flags;
      if (replaceHeader(id, before, after)) {
        return after;
      }
    }
  }

  /**
   * An object lives on that was about to be freed: what is done at every death will be done again.
   */
  public void renewFlags(int id) {
    TypeInfo info = info(header(id));
    setFlag(id, info.flags & Header.CUSTOM);
    if (info.finalizerKind == FinalizerKind.EVERY_DEATH) {
      clearFlag(id, Header.FINALIZED);
    }
  }

  public void setFlag(int id, long flag) {
    changeHeader(id, 0, flag);
  }

  public void clearFlag(int id, long flag) {
    long before = header(id);
    while (!replaceHeader(id, before, before & ~flag)) {
      before = header(id);
    }
  }

  /** An int of an object. */
  public int get(int id, long offset) {
    return space.memory().get(INT, space.offset(id) + offset);
  }

  public void set(int id, long offset, int value) {
    space.memory().set(INT, space.offset(id) + offset, value);
  }

  /** An object that had none got an external count. */
  void rooted() {
    unrooted--;
  }

  /** The external count of an object became 0. */
  void unrooted() {
    unrooted++;
  }

  /** The external counts of two objects became 0. */
  void unrootedBoth() {
    unrooted += 2;
  }

  /** How many objects have an external count that is not 0. Each begins with one. */
  public long roots() {
    return allocations() - unrooted;
  }

  // ---------------------------------------------------------------------- counters

  public long liveObjects() {
    return live - warmObjects() - (caches == null ? 0 : caches.objects());
  }

  public long liveBytes() {
    return grant.granted() - bytesLeft - warmBytes();
  }

  public long allocations() {
    return allocations - warmObjects() - (caches == null ? 0 : caches.ready());
  }

  public long limitBytes() {
    return grant.limitBytes();
  }

  public int netAllocations() {
    return netAllocations;
  }

  public void resetNetAllocations() {
    netAllocations = 0;
    births = 0;
    crowded = false;
    updateDue();
  }
}
