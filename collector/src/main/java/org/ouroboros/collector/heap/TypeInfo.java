package org.ouroboros.collector.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.CustomReferences;
import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.FinalizerKind;
import org.ouroboros.collector.ObjectType.Tail;
import org.ouroboros.collector.space.BlockClass;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;
import org.ouroboros.collector.space.Words;

/**
 * A type as passes over the heap need it: plain fields, references as a sequence.
 *
 * <p>The references of an object are those of its fixed part, then those of its tail. Immutable.
 */
public final class TypeInfo {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  /** Where the length of a tail is. */
  public static final long LENGTH = ObjectType.HEADER_BYTES;

  /** How many places are kept ready for objects of a type. */
  static final int WARM = 64;

  /** A block of an object that has two references and no more. */
  static final int PAIR_BYTES = 16;

  private static final long NO_HEADER = -1;

  /** Larger objects are not zeroed one long after the other. */
  private static final int MAX_QUICK_BYTES = 128;

  /** The same of objects with a tail; a thread keeps some tens of each size ready. */
  static final int MAX_TAIL_BYTES = 512;

  /** Where the length of the bytes after a tail of references is. */
  static final long BYTE_LENGTH = LENGTH + Integer.BYTES;

  public final ObjectType type;

  /** The flags that every new object of the type has. */
  public final long flags;

  /** Whether the objects may have references in slots. */
  public final boolean hasSlots;

  /** Whether the collector follows references of the type, in slots or outside. */
  public final boolean hasEdges;

  public final @Nullable Finalizer finalizer;
  public final FinalizerKind finalizerKind;
  public final @Nullable CustomReferences custom;

  /**
   * How the collector finds the references that it follows, if they are in a row; 0 if they are
   * not, or not all in slots:
   *
   * <pre>
   *   63      32 31       2    1        0
   *   |  first  |  count  | tailed |  1  |
   * </pre>
   *
   * <p>From the offset {@code first} on there are {@code count} slots, and if it is tailed as many
   * more as the object's length says.
   */
  public final long edges;

  /** In {@link #edges}: the references are in a row. */
  public static final int ROW = 1;

  /** In {@link #edges}: the object's length counts too. */
  public static final int TAILED = 2;

  final Tail tail;
  final long fixedBytes;
  final long alignment;
  final int elementBytes;
  private final long tailOffset;

  /** The offsets of the references of the fixed part. */
  private final int[] fixed;

  private final boolean referenceTail;

  /** The header of a new object. */
  final long initial;

  /** 1 if the collector looks at the objects, else 0. */
  final int tracked;

  /**
   * Where objects come from if they can be made and freed without more than the header, the slots
   * and the side bits: small blocks without a tail, a finalizer, or anybody to be told. Null of all
   * other types, and in heaps that do more for each object.
   */
  final @Nullable BlockClass quick;

  /** Bytes of a block of {@link #quick}. */
  final int quickBytes;

  /**
   * The header of an object whose counts are 0 and that is {@link #quick} to free; else no one's.
   */
  final long dead;

  /**
   * Whether threads of a shared heap may make and free the objects as if they were {@link #quick},
   * if they take up to {@value #MAX_TAIL_BYTES} bytes: they have a tail of references or elements.
   */
  final boolean quickTail;

  /** The words that have the first and the last reference of the fixed part. */
  final long firstWord;

  final long lastWord;

  /** The bits of references in them. */
  final long firstMask;

  final long lastMask;

  /** Whether the type is {@link #quick} and its references 0 and 1 are the first in its body. */
  final boolean beginsWithPair;

  /** Whether the type {@link #beginsWithPair} and has no other references. */
  final boolean isPair;

  /** Objects that were freed last, see {@link ObjectStore}. */
  final int[] warm;

  int warmCount;

  /** Where the first reference is, if all of them lie one after the other; -1 if not. */
  public final long run;

  /**
   * Makes the facts.
   *
   * @param blocks where objects come from, the tail left out; null if they are not to be made
   *     quickly
   */
  TypeInfo(ObjectType type, @Nullable BlockClass blocks) {
    this.type = type;
    this.tail = type.tail();
    this.fixedBytes = type.fixedBytes();
    this.alignment = type.alignment();
    this.elementBytes = type.elementBytes();
    this.tailOffset = type.tailOffset(0);
    this.fixed = type.slotOffsets().stream().mapToInt(Long::intValue).toArray();
    this.referenceTail = tail == Tail.REFERENCES || tail == Tail.REFERENCES_AND_BYTES;
    this.finalizer = type.finalizer();
    this.finalizerKind = type.finalizerKind();
    this.custom = type.customReferences();
    this.hasSlots = fixed.length > 0 || referenceTail;
    this.hasEdges = hasSlots && !type.isOpaque() || custom != null;
    this.run = run();
    this.edges = edges();
    this.flags =
        (type.isTracked() ? Header.TRACKED : 0)
            | (type.isOpaque() ? Header.OPAQUE : 0)
            | (finalizer != null ? Header.HAS_FINALIZER : 0)
            | (custom != null ? Header.CUSTOM : 0);
    this.initial = Header.initial(type.id(), flags);
    this.tracked = type.isTracked() ? 1 : 0;
    boolean plain =
        blocks != null
            && run >= 0
            && (flags & ~Header.TRACKED) == 0
            && type != ObjectType.WEAK_REFERENCE;
    boolean small = blocks != null && blocks.bytes <= MAX_QUICK_BYTES;
    this.quick = plain && small && tail == Tail.NONE ? blocks : null;
    this.quickTail = plain && (tail == Tail.REFERENCES || tail == Tail.ELEMENTS);
    this.quickBytes = quick == null ? 0 : quick.bytes;
    this.dead = quick == null ? NO_HEADER : initial - Header.EXTERNAL_ONE;
    this.firstWord = fixed.length == 0 ? LENGTH : fixed[0] & -8;
    this.lastWord = fixed.length == 0 ? LENGTH : fixed[fixed.length - 1] & -8;
    this.firstMask = slotMask(firstWord);
    this.lastMask = slotMask(lastWord);
    this.beginsWithPair =
        quick != null && fixed.length >= 2 && type.slot(0) == 0 && type.slot(1) == 1;
    this.isPair = beginsWithPair && fixed.length == 2;
    this.warm = new int[quick == null ? 0 : WARM];
  }

  private long edges() {
    if (!hasEdges) {
      return ROW;
    }
    return custom != null || run < 0
        ? 0
        : run << 32 | (long) fixed.length << 2 | (referenceTail ? TAILED : 0) | ROW;
  }

  /** How many references are in the row that {@link #edges} tells of, less those of a tail. */
  public static int rowCount(long edges) {
    return (int) edges >>> 2;
  }

  /** The offset of the first of them. */
  public static long rowStart(long edges) {
    return edges >>> 32;
  }

  private long run() {
    long first = fixed.length > 0 ? fixed[0] : tailOffset;
    for (int i = 0; i < fixed.length; i++) {
      if (fixed[i] != first + 4L * i) {
        return -1;
      }
    }
    return !referenceTail || tailOffset == first + 4L * fixed.length ? first : -1;
  }

  /** How many references an object has in slots. */
  public int references(MemorySegment memory, long object) {
    return referenceTail ? fixed.length + memory.get(INT, object + LENGTH) : fixed.length;
  }

  /** The same, by the length of its tail. */
  int references(int length) {
    return referenceTail ? fixed.length + length : fixed.length;
  }

  /** The length of an object's tail; 0 if it has none. */
  public int length(MemorySegment memory, long object) {
    return tail == Tail.NONE ? 0 : memory.get(INT, object + LENGTH);
  }

  /** How many bytes follow an object's tail of references. */
  public int byteLength(MemorySegment memory, long object) {
    return tail == Tail.REFERENCES_AND_BYTES ? memory.get(INT, object + BYTE_LENGTH) : 0;
  }

  /** A word with two references, by their ids. */
  static long pair(long first, long second) {
    return LITTLE_ENDIAN ? second << 32 | first : first << 32 | second;
  }

  /** Whether a reference of a {@link #quickTail} object, by its address, is not null. */
  boolean refersByTail(ObjectSpace space, long object, int length) {
    int any = 0;
    long end = object + run + 4L * references(length);
    for (long at = object + run; at < end; at += Integer.BYTES) {
      any |= Words.getInt(space, at);
    }
    return any != 0;
  }

  /** Whether a reference of an object of a {@link #quick} type, by its address, is not null. */
  boolean refers(ObjectSpace space, long object) {
    if ((Words.get(space, object + firstWord) & firstMask) != 0) {
      return true;
    }
    return lastWord > firstWord && refersFurther(space, object);
  }

  private boolean refersFurther(ObjectSpace space, long object) {
    long any = Words.get(space, object + lastWord) & lastMask;
    for (long at = firstWord + 8; at < lastWord; at += 8) {
      any |= Words.get(space, object + at);
    }
    return any != 0;
  }

  /** The bits of the references in a word of the object. */
  private long slotMask(long word) {
    long mask = 0;
    for (int offset : fixed) {
      if ((offset & -8) == word) {
        boolean low = (offset & 4) == 0 == LITTLE_ENDIAN;
        mask |= low ? 0xFFFF_FFFFL : ~0xFFFF_FFFFL;
      }
    }
    return mask;
  }

  /** How many references are in the fixed part. */
  int fixedReferences() {
    return fixed.length;
  }

  /** Where a reference is in the object. */
  public long slotOffset(int index) {
    if (run >= 0) {
      return run + 4L * index;
    }
    return index < fixed.length ? fixed[index] : tailOffset + 4L * (index - fixed.length);
  }

  /** Whether a reference of an object lies at an offset. */
  boolean isReference(MemorySegment memory, long object, long offset) {
    if (referenceTail && offset >= tailOffset) {
      return offset < tailOffset + 4L * memory.get(INT, object + LENGTH) && (offset & 3) == 0;
    }
    for (int slot : fixed) {
      if (slot == offset) {
        return true;
      }
    }
    return false;
  }

  /** The bytes of an object of this type, header and tail included. */
  public long size(MemorySegment memory, long object) {
    return switch (tail) {
      case NONE -> fixedBytes;
      case REFERENCES, ELEMENTS -> size(memory.get(INT, object + LENGTH), 0);
      case REFERENCES_AND_BYTES ->
          size(memory.get(INT, object + LENGTH), memory.get(INT, object + BYTE_LENGTH));
    };
  }

  /** The bytes of an object with such a tail. */
  long size(int length, int bytes) {
    return tail == Tail.NONE ? fixedBytes : tailOffset + (long) length * elementBytes + bytes;
  }

  @Override
  public String toString() {
    return type.toString();
  }
}
