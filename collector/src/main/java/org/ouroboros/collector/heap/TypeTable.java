package org.ouroboros.collector.heap;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.space.BlockClass;
import org.ouroboros.collector.space.Faults;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.ObjectSpace;

/**
 * The types that objects of a heap were made of, by their ids, and what they have in common.
 *
 * <p>Invariant: a type is in the table before its first object exists, and stays there. The lowest
 * layer of {@link ObjectStore}: the array is a field of the store itself, so that from a header to
 * its type there are no more than two loads.
 *
 * <p>Thread rule: as the heap.
 */
abstract sealed class TypeTable permits ObjectHeaders {

  public final ObjectSpace space;
  public final Faults faults;

  /** Whether small objects of simple types may be made and freed without a look at options. */
  final boolean quick;

  /** The types that objects were made of, by their id. */
  @Nullable TypeInfo[] types = new TypeInfo[64];

  /** {@link TypeInfo#edges} of each; 0 where there is none. */
  private long[] edges = new long[types.length];

  private boolean untrackedEdges;

  /** Whether any type has edges outside its slots. */
  private boolean customEdges;

  /** Whether the order in which objects die can be seen, as far as types tell. */
  private boolean ordered;

  TypeTable(ObjectSpace space, Faults faults, boolean quick) {
    this.space = space;
    this.faults = faults;
    this.quick = quick;
  }

  final TypeInfo info(ObjectType type) {
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
  public final TypeInfo info(long header) {
    TypeInfo info = infoOrNull(header);
    if (info == null) {
      throw new IllegalStateException("header 0x" + Long.toHexString(header) + " has no type");
    }
    return info;
  }

  /** The type of an object; null if there is none of that id, or its place was overwritten. */
  public final @Nullable TypeInfo infoOrNull(long header) {
    int type = Header.type(header);
    return type < types.length ? types[type] : null;
  }

  /**
   * The type of an object whose counts are 0, if its type is a simple one and nobody has taken an
   * interest in it; else null.
   */
  final @Nullable TypeInfo simple(long header) {
    TypeInfo info = infoOrNull(header);
    return info != null && header == info.dead ? info : null;
  }

  /** {@link TypeInfo#edges} of the types by their ids, 0 where there is none; not to be changed. */
  public final long[] edges() {
    return edges;
  }

  /** Whether objects that are not tracked may have references that the collector follows. */
  public final boolean hasUntrackedEdges() {
    return untrackedEdges;
  }

  /** Whether objects may have edges outside their slots, which the heap does not see stored. */
  public final boolean hasCustomEdges() {
    return customEdges;
  }

  /** Whether no type that objects were made of so far makes anything known of their deaths. */
  public final boolean diesUnseen() {
    return !ordered;
  }
}
