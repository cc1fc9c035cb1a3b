package org.ouroboros.collector;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.SharedHeap;
import org.ouroboros.collector.statistics.HeapStatistics;

/**
 * Objects outside the Java heap that live as long as something refers to them: every object carries
 * its reference count and is freed at once when that drops to zero; what cycles keep alive is found
 * by the {@link #collector() collector}.
 *
 * <h2>References</h2>
 *
 * A reference is a {@code long}: an object id, the heap's tag and, in checked and debug mode, the
 * version of the object's slot. {@link #NULL} is 0. References are not to be taken apart, and mean
 * nothing to another heap: it refuses them.
 *
 * <p>An <i>owned</i> reference is one count of the object's external count: whoever has it must
 * {@link #release} it once, or hand it on ({@link #setRefMoved} and others take it over). What
 * allocates or {@linkplain #retain retains} gives an owned reference. All others are
 * <i>borrowed</i>: they are valid until the next call that can release (any store, release,
 * allocation or collection), unless something else is known to hold the object.
 *
 * <h2>Slots</h2>
 *
 * Objects refer to others through reference slots, which hold a count of their target for as long
 * as they name it. A slot's number is the position of its four bytes in the object's body; {@link
 * ObjectType#slot} tells it, and where a type's references were declared first they are 0, 1, 2 and
 * so on. Elements of reference arrays have methods of their own, which check the index always.
 *
 * <h2>Death</h2>
 *
 * When the last reference goes, the object's finalizer runs (once in its life; it may store the
 * object somewhere, which saves it), its weak references are cleared and their callbacks called,
 * newest first, its slots are released in order, depth first, and its memory is free again. This
 * takes no memory and no stack, however deep the structure is. It cannot fail: what a finalizer or
 * callback throws goes to the {@link #errors() error log}.
 *
 * <p>When much has died in one go and nothing in the heap is owned, held or frozen any more, that
 * is the moment for an automatic full collection: it frees all that is left at once, garbage cycles
 * included, and looks at nothing. It counts as a collection in {@link Collector#stats}. As any
 * automatic one it does not come while {@linkplain Collector#disable automatic collection is off};
 * nor where it could be seen: if a type that objects were made of has a finalizer, opaque
 * references or references outside its slots, if there ever were weak references, with a {@link
 * HeapOptions#freeListener listener}, a {@link CollectionListener} or a {@link DebugFlag}, and in
 * checked and debug mode.
 *
 * <h2>Errors</h2>
 *
 * Misuse throws {@link InvalidReferenceException} as far as the heap's {@link HeapMode} detects it,
 * and never harms more than this heap's objects. A request that cannot be met throws {@link
 * HeapExhaustedException}. In both cases nothing has changed. After {@link #close()} every method
 * but {@code close}, {@link #isClosed}, {@link #closeReport}, {@link #hostHandleReport}, {@link
 * #errors}, {@link #options} and {@code toString} throws {@link IllegalStateException}.
 *
 * <h2>Threads</h2>
 *
 * A <i>confined</i> heap belongs to the thread that made it; all others get {@link
 * WrongThreadException}. The check costs nothing that can be measured.
 *
 * <p>A <i>shared</i> heap may be used by any threads at the same time, virtual ones included. What
 * is different there:
 *
 * <ul>
 *   <li>There are no borrowed references: what a call is given must be owned by the caller, or by
 *       something that the caller knows to live longer than the call. {@link #getRef}, {@link
 *       #getElement}, {@link #weakTarget} and {@link #weakRefs} throw {@link
 *       UnsupportedOperationException}; {@link #loadRef}, {@link #loadElement} and {@link
 *       #upgradeWeak} give owned references, whatever other threads do meanwhile.
 *   <li>A slot that several threads load and store at the same time has some order of these, and
 *       every count is exact. What a thread wrote into an object before it stored a reference to
 *       it, who loads that reference reads.
 *   <li>Fields are read and written plainly, as Java's fields that are not volatile.
 *   <li>Finalizers and callbacks run on the thread that releases or collects, and other threads use
 *       the heap meanwhile. {@link CustomReferences#traverse}, {@link ObjectVisitor visitors}, a
 *       {@link FreeListener} and the {@linkplain HeapOptions#withDebugOutput debug output} are
 *       called while all other threads have to wait, and must not wait for one of them.
 *   <li>While one thread collects, a collection by another one does nothing and returns 0.
 *   <li>{@link #close} is refused while any thread runs user code that the heap called.
 *   <li>The {@linkplain org.ouroboros.collector.collections collections} and incremental collection
 *       are for confined heaps.
 * </ul>
 */
public sealed interface Heap extends AutoCloseable permits ConfinedHeap, SharedHeap {

  /** The reference to nothing. */
  long NULL = 0;

  /**
   * Makes a heap with the default options, for the calling thread.
   *
   * @return a new heap, to be closed by the caller
   * @throws HeapExhaustedException if there is no address space for it
   */
  static Heap ofConfined() {
    return ofConfined(HeapOptions.DEFAULT);
  }

  /**
   * Makes a heap for the calling thread.
   *
   * @param options how it is made
   * @return a new heap, to be closed by the caller
   * @throws HeapExhaustedException if there is no address space for it
   */
  static Heap ofConfined(HeapOptions options) {
    return HeapStatistics.made(new ConfinedHeap(options));
  }

  /**
   * Makes a heap with the default options, for all threads.
   *
   * @return a new heap, to be closed by the caller
   * @throws HeapExhaustedException if there is no address space for it
   */
  static Heap ofShared() {
    return ofShared(HeapOptions.DEFAULT);
  }

  /**
   * Makes a heap for all threads. After its close the address space is kept, without memory, for as
   * long as the heap is reachable.
   *
   * @param options how it is made
   * @return a new heap, to be closed by the caller
   * @throws HeapExhaustedException if there is no address space for it
   */
  static Heap ofShared(HeapOptions options) {
    return HeapStatistics.made(new SharedHeap(options));
  }

  // ----------------------------------------------------------------- allocating

  /**
   * Allocates an object of a type without a tail. Its slots are null and its fields zero. May
   * collect first, if automatic collection is enabled and due.
   *
   * @param type its type
   * @return an owned reference
   * @throws HeapExhaustedException if there is no memory for it, after a full collection
   * @throws IllegalArgumentException if the type has a tail
   */
  long allocate(ObjectType type);

  /**
   * Allocates an object whose type has a tail: an array, or a structure that ends in one.
   *
   * @param type its type
   * @param length elements of the tail, 0 or more
   * @return an owned reference
   * @throws HeapExhaustedException if there is no memory for it, after a full collection
   * @throws IllegalArgumentException if the type has no tail, or two, or the length is negative
   */
  long allocate(ObjectType type, int length);

  /**
   * Allocates an object whose type ends in references followed by bytes ({@link
   * ObjectType.Builder#referencesAndBytes}).
   *
   * @param type its type
   * @param length how many references, 0 or more
   * @param bytes how many bytes, 0 or more
   * @return an owned reference
   * @throws HeapExhaustedException if there is no memory for it, after a full collection
   * @throws IllegalArgumentException if the type has no such tail, or either is negative
   */
  long allocate(ObjectType type, int length, int bytes);

  /**
   * Allocates an object that owns two others: as {@link #allocate(ObjectType)} and {@link
   * #setRefMoved} into its first two references, but in one step, which is cheaper since nothing
   * was there before. May collect first, as any allocation.
   *
   * @param type its type, without a tail, with two references or more
   * @param first the target of {@link ObjectType#slot(int) slot(0)}, owned; or {@link #NULL}
   * @param second the target of {@code slot(1)}, owned; or {@link #NULL}. Both are unchanged if
   *     this throws
   * @return an owned reference
   * @throws HeapExhaustedException if there is no memory for it, after a full collection
   * @throws IllegalArgumentException if the type has a tail, or fewer references
   * @throws InvalidReferenceException if nobody owns a reference to a target, or one alone where
   *     both are the same
   */
  long allocateOwning(ObjectType type, long first, long second);

  /**
   * Makes objects of a type more quickly, if it is kept in a constant.
   *
   * @param type their type, without a tail
   * @return what makes them
   * @throws IllegalArgumentException if the type has a tail, or is that of weak references
   */
  ObjectFactory factory(ObjectType type);

  // ------------------------------------------------------------------- counting

  /**
   * Takes one more reference to an object.
   *
   * @param ref a live object; {@link #NULL} is refused
   */
  void retain(long ref);

  /**
   * Gives an owned reference back. If it was the last one of any kind, the object dies before this
   * returns. {@link #NULL} does nothing.
   *
   * @param ref an owned reference
   * @throws InvalidReferenceException if nobody owns a reference to the object
   */
  void release(long ref);

  /**
   * The reference count: all owned references and all slots that name the object.
   *
   * @param ref a live object
   * @return the count
   */
  long refCount(long ref);

  /**
   * How many owned references there are, those of the library's own lists and of slots of opaque
   * objects included.
   *
   * @param ref a live object
   * @return the external count
   */
  long externalCount(long ref);

  // ---------------------------------------------------------------------- slots

  /**
   * Reads a slot. Not for shared heaps: see {@link #loadRef}.
   *
   * @param ref a live object
   * @param slot one of its reference slots
   * @return a borrowed reference, or {@link #NULL}
   */
  long getRef(long ref, int slot);

  /**
   * Reads a slot, and retains what it names: as {@link #getRef} and {@link #retain}, but in one
   * step, which no other thread can come between.
   *
   * @param ref a live object
   * @param slot one of its reference slots
   * @return an owned reference, or {@link #NULL}
   */
  long loadRef(long ref, int slot);

  /**
   * Stores into a slot: counts the new target, then releases the former one.
   *
   * @param ref a live object
   * @param slot one of its reference slots
   * @param value the new target, borrowed; or {@link #NULL}
   */
  void setRef(long ref, int slot, long value);

  /**
   * Stores an owned reference, which the slot takes over: the count does not change.
   *
   * @param ref a live object
   * @param slot one of its reference slots
   * @param owned the new target, owned; or {@link #NULL}. Unchanged if this throws
   */
  void setRefMoved(long ref, int slot, long owned);

  /**
   * Empties a slot and hands out its reference: the count does not change.
   *
   * @param ref a live object
   * @param slot one of its reference slots
   * @return an owned reference, or {@link #NULL}
   */
  long takeRef(long ref, int slot);

  /**
   * Stores an owned reference and hands out the former one: no count changes.
   *
   * @param ref a live object
   * @param slot one of its reference slots
   * @param owned the new target, owned; or {@link #NULL}
   * @return the former target, owned; or {@link #NULL}
   */
  long exchangeRef(long ref, int slot, long owned);

  /**
   * Moves a reference from one slot to another, which must be empty: no count changes.
   *
   * @param from a live object
   * @param fromSlot one of its reference slots
   * @param to a live object, perhaps the same
   * @param toSlot one of its reference slots
   * @throws IllegalStateException if the target slot is not empty
   */
  void moveRef(long from, int fromSlot, long to, int toSlot);

  // ---------------------------------------------------------------------- tails

  /**
   * The length of an object's tail, in elements.
   *
   * @param ref a live object whose type has a tail
   * @return 0 or more
   */
  int length(long ref);

  /**
   * How many bytes follow the references of an object's tail.
   *
   * @param ref a live object of a type with {@link ObjectType.Builder#referencesAndBytes}
   * @return 0 or more
   */
  int byteLength(long ref);

  /**
   * Reads an element of a reference tail. Not for shared heaps: see {@link #loadElement}.
   *
   * @param ref a live object
   * @param index from 0
   * @return a borrowed reference, or {@link #NULL}
   * @throws IndexOutOfBoundsException if there is no such element
   */
  long getElement(long ref, int index);

  /**
   * Reads an element of a reference tail, and retains what it names: see {@link #loadRef}.
   *
   * @param ref a live object
   * @param index from 0
   * @return an owned reference, or {@link #NULL}
   * @throws IndexOutOfBoundsException if there is no such element
   */
  long loadElement(long ref, int index);

  /**
   * Stores into a reference tail: counts the new target, then releases the former one.
   *
   * @param ref a live object
   * @param index from 0
   * @param value the new target, borrowed; or {@link #NULL}
   * @throws IndexOutOfBoundsException if there is no such element
   */
  void setElement(long ref, int index, long value);

  /**
   * The slot of an element of a reference tail, for the methods that take slots.
   *
   * @param ref a live object
   * @param index from 0
   * @return its slot
   * @throws IndexOutOfBoundsException if there is no such element
   */
  int elementSlot(long ref, int index);

  // --------------------------------------------------------------------- fields

  /**
   * Reads a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @return its value
   */
  byte getByte(long ref, long offset);

  /**
   * Writes a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @param value its new value
   */
  void setByte(long ref, long offset, byte value);

  /**
   * Reads a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @return whether its byte is not 0
   */
  boolean getBoolean(long ref, long offset);

  /**
   * Writes a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @param value its new value
   */
  void setBoolean(long ref, long offset, boolean value);

  /**
   * Reads a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @return its value
   */
  short getShort(long ref, long offset);

  /**
   * Writes a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @param value its new value
   */
  void setShort(long ref, long offset, short value);

  /**
   * Reads a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @return its value
   */
  char getChar(long ref, long offset);

  /**
   * Writes a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @param value its new value
   */
  void setChar(long ref, long offset, char value);

  /**
   * Reads a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @return its value
   */
  int getInt(long ref, long offset);

  /**
   * Writes a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @param value its new value
   */
  void setInt(long ref, long offset, int value);

  /**
   * Reads a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @return its value
   */
  long getLong(long ref, long offset);

  /**
   * Writes a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @param value its new value
   */
  void setLong(long ref, long offset, long value);

  /**
   * Reads a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @return its value
   */
  float getFloat(long ref, long offset);

  /**
   * Writes a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @param value its new value
   */
  void setFloat(long ref, long offset, float value);

  /**
   * Reads a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @return its value
   */
  double getDouble(long ref, long offset);

  /**
   * Writes a field.
   *
   * @param ref a live object
   * @param offset from {@link ObjectType#offset} or {@link ObjectType#tailOffset}
   * @param value its new value
   */
  void setDouble(long ref, long offset, double value);

  /**
   * Copies bytes of an object's fields or tail into a Java array.
   *
   * @param ref a live object
   * @param offset of the first byte, from {@link ObjectType#offset} or {@link
   *     ObjectType#tailOffset}
   * @param to where they are copied to
   * @param at where in there
   * @param count how many bytes, 0 or more
   * @throws IndexOutOfBoundsException if the array has no such part
   */
  void getBytes(long ref, long offset, byte[] to, int at, int count);

  /**
   * Copies bytes of a Java array into an object's fields or tail. References are not to be written
   * so.
   *
   * @param ref a live object
   * @param offset of the first byte, from {@link ObjectType#offset} or {@link
   *     ObjectType#tailOffset}
   * @param from what is copied
   * @param at where in there
   * @param count how many bytes, 0 or more
   * @throws IndexOutOfBoundsException if the array has no such part
   */
  void setBytes(long ref, long offset, byte[] from, int at, int count);

  /**
   * Copies bytes from one object's fields or tail to another's, or within one; the two parts may
   * overlap. References are not to be written so.
   *
   * @param from a live object
   * @param fromOffset of the first byte there
   * @param to a live object, perhaps the same
   * @param toOffset of the first byte there
   * @param count how many bytes, 0 or more
   */
  void copyBytes(long from, long fromOffset, long to, long toOffset, int count);

  /**
   * The object's body as a segment: what follows the header, so that the var handles of the type's
   * layout fit it. Reference slots in it are to be read only. In checked and debug mode, and on an
   * allocator's space, the segment throws once the object is dead; otherwise it must not be used
   * any more then, and can show another object.
   *
   * @param ref a live object
   * @return a segment of exactly the body's size, for this thread
   */
  MemorySegment segment(long ref);

  // --------------------------------------------------------------- local scopes

  /**
   * Opens a scope for local references: what it owns is released when it closes.
   *
   * @return a scope, to be closed before those that were opened earlier
   */
  LocalScope openScope();

  // ------------------------------------------------------------ weak references

  /**
   * Makes a weak reference: an object of its own, which may be stored in slots, and names its
   * target without keeping it alive.
   *
   * @param target a live object that is no weak reference
   * @return an owned reference to the weak reference
   * @throws HeapExhaustedException if there is no memory for it
   */
  default long newWeak(long target) {
    return newWeak(target, null);
  }

  /**
   * Makes a weak reference with a callback.
   *
   * @param target a live object that is no weak reference
   * @param callback called once when the target has died, if the weak reference is still alive and
   *     no garbage itself; null for none
   * @return an owned reference to the weak reference
   * @throws HeapExhaustedException if there is no memory for it
   */
  long newWeak(long target, @Nullable WeakCallback callback);

  /**
   * What a weak reference names. Not for shared heaps: see {@link #upgradeWeak}.
   *
   * @param weak a weak reference
   * @return a borrowed reference to the target, or {@link #NULL} if it is dead
   */
  long weakTarget(long weak);

  /**
   * What a weak reference names, retained: as {@link #weakTarget} and {@link #retain}, but in one
   * step, which no other thread can come between.
   *
   * @param weak a weak reference
   * @return an owned reference to the target, or {@link #NULL} if it is dead
   */
  long upgradeWeak(long weak);

  /**
   * The callback of a weak reference.
   *
   * @param weak a weak reference
   * @return null if it has none, or its target is dead
   */
  @Nullable WeakCallback weakCallback(long weak);

  /**
   * Whether an object is a weak reference.
   *
   * @param ref a live object
   * @return true if {@link #newWeak} made it
   */
  boolean isWeak(long ref);

  /**
   * The weak references to an object that are alive. Not for shared heaps.
   *
   * @param target a live object
   * @return borrowed references, newest first
   */
  long[] weakRefs(long target);

  /**
   * Makes a weak reference that Java code holds as an object.
   *
   * @param target a live object that is no weak reference
   * @param callback called once when the target has died; null for none
   * @return a handle, to be closed by the caller
   * @throws HeapExhaustedException if there is no memory for it
   */
  WeakHandle weakHandle(long target, @Nullable WeakCallback callback);

  // --------------------------------------------------------------- host handles

  /**
   * Takes one more reference to an object, for a Java object that gives it back when it is closed
   * or when the JVM finds it unreachable. Then gives back some of what the JVM has found since, so
   * references that are only borrowed may end here.
   *
   * @param ref a live object; {@link #NULL} is refused
   * @return its handle
   * @throws HeapExhaustedException if there is no memory to count it, or for the handle
   */
  HostHandle hostHandle(long ref);

  /**
   * Gives back what host handles owned that the JVM has found unreachable. Finalizers and callbacks
   * run as in {@link #release}. The JVM finds them when it collects, and tells by a thread of its
   * own, so some time after that.
   *
   * @return how many references were given back; 0 when called by what a drain calls, since that
   *     will go on
   */
  int drainHostHandles();

  /**
   * What has become of the host handles. Allowed after the close, too.
   *
   * @return the figures
   */
  HostHandleReport hostHandleReport();

  // ----------------------------------------------------------- edges by hand

  /**
   * Counts an edge that is kept outside the slots, by an object with {@link CustomReferences},
   * which must report it from then on. It may pass to another such object as it is, as long as one
   * of them reports it.
   *
   * @param target a live object
   */
  void addEdge(long target);

  /**
   * Takes an edge of {@link #addEdge} back. If it was the last reference, the target dies.
   *
   * @param target a live object
   */
  void removeEdge(long target);

  // --------------------------------------------------------------------- asking

  /**
   * The type of an object.
   *
   * @param ref a live object
   * @return its type
   */
  ObjectType typeOf(long ref);

  /**
   * The bytes an object takes, header and body, before rounding.
   *
   * @param ref a live object
   * @return bytes
   */
  long sizeOf(long ref);

  /**
   * Whether a reference names a live object of this heap. In normal mode an object that took a dead
   * one's place answers for it.
   *
   * @param ref any value
   * @return true if it does
   */
  boolean isLive(long ref);

  /**
   * The collector of this heap's cycles.
   *
   * @return the same one always
   */
  Collector collector();

  /**
   * What finalizers and callbacks threw.
   *
   * @return the same log always
   */
  ErrorLog errors();

  /**
   * Tools that look at the heap: why something is alive, whether all counts are right, pictures.
   *
   * @return the same one always
   */
  HeapInspector inspector();

  /**
   * A reading of the heap's counters.
   *
   * @return the figures
   */
  HeapStats stats();

  /**
   * How the heap was made.
   *
   * @return the options
   */
  HeapOptions options();

  /**
   * Whether the heap was closed.
   *
   * @return true after {@link #close}
   */
  boolean isClosed();

  /**
   * Ends the heap: runs the finalizers that have not run, newest objects first, and gives all
   * memory back. What was still alive then is told by {@link #closeReport}. A second call does
   * nothing. While finalizers run, other threads that use a shared heap may be told already that it
   * is being closed, by the same exception.
   *
   * @throws IllegalStateException if called from a finalizer, a callback or during a collection
   */
  @Override
  void close();

  /**
   * What {@link #close} found.
   *
   * @return null before the heap is closed
   */
  @Nullable CloseReport closeReport();
}
