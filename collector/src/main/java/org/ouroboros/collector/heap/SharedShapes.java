package org.ouroboros.collector.heap;

import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.Tail;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.Words;

/**
 * What the objects of a shared heap are like, as {@link ShapeAccess} tells of a confined one.
 *
 * <p>Types, lengths and sizes of an object do not change but for arrays that are made longer, in a
 * stopped world. So of an object that somebody owns they are read without a look at whether the
 * world is stopped, as fields are, see {@link SharedFields}. All others, and what is wrong in any
 * way, are looked at in a stopped world, which has the words for it.
 *
 * <p>Thread rule: any thread.
 */
abstract sealed class SharedShapes extends SharedSlots permits SharedAllocation {

  SharedShapes(HeapOptions options, boolean lends) {
    super(options, lends);
  }

  // ------------------------------------------------------------------- what it is like

  /** The type of an object that somebody owns; null if it is to be looked at in a stopped world. */
  private @Nullable TypeInfo owned(long id) {
    if (!isQuick(id)) {
      return null;
    }
    long header = Words.get(core.space, address(id << 4));
    return (header & Header.EXTERNAL) == 0 ? null : core.store.infoOrNull(header);
  }

  public final ObjectType typeOf(long ref) {
    try {
      TypeInfo info = owned(ref ^ tag);
      return info != null ? info.type : typeSlowly(ref);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private ObjectType typeSlowly(long ref) {
    stop();
    try {
      return core.typeOf(ref);
    } finally {
      resume();
    }
  }

  public final long sizeOf(long ref) {
    try {
      TypeInfo info = owned(ref ^ tag);
      return info != null && info.tail == Tail.NONE ? info.size(0, 0) : sizeSlowly(ref);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private long sizeSlowly(long ref) {
    stop();
    try {
      return core.sizeOf(ref);
    } finally {
      resume();
    }
  }

  public final boolean isWeak(long ref) {
    try {
      TypeInfo info = owned(ref ^ tag);
      return info != null ? info.type == ObjectType.WEAK_REFERENCE : isWeakSlowly(ref);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private boolean isWeakSlowly(long ref) {
    stop();
    try {
      return core.isWeak(ref);
    } finally {
      resume();
    }
  }

  public final boolean isLive(long ref) {
    try {
      return owned(ref ^ tag) != null || isLiveSlowly(ref);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private boolean isLiveSlowly(long ref) {
    stop();
    try {
      return core.isLive(ref);
    } finally {
      resume();
    }
  }

  /** That an object is alive. */
  final void checkLive(long ref) {
    stop();
    try {
      core.checkLive(ref);
    } finally {
      resume();
    }
  }

  // ------------------------------------------------------------------------ tails

  public final int length(long ref) {
    long id = ref ^ tag;
    try {
      TypeInfo info = owned(id);
      return info != null && info.tail != Tail.NONE
          ? Words.getInt(core.space, address(id << 4) + TypeInfo.LENGTH)
          : lengthSlowly(ref);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private int lengthSlowly(long ref) {
    stop();
    try {
      return core.length(ref);
    } finally {
      resume();
    }
  }

  public final int byteLength(long ref) {
    long id = ref ^ tag;
    try {
      TypeInfo info = owned(id);
      return info != null && info.tail == Tail.REFERENCES_AND_BYTES
          ? Words.getInt(core.space, address(id << 4) + TypeInfo.BYTE_LENGTH)
          : byteLengthSlowly(ref);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private int byteLengthSlowly(long ref) {
    stop();
    try {
      return core.byteLength(ref);
    } finally {
      resume();
    }
  }

  public final long getElement(long ref, int index) {
    checkLends("loadElement");
    stop();
    try {
      return core.getElement(ref, index);
    } finally {
      resume();
    }
  }

  public final long loadElement(long ref, int index) {
    return loadRef(ref, elementSlot(ref, index));
  }

  public final void setElement(long ref, int index, long value) {
    setRef(ref, elementSlot(ref, index), value);
  }

  public final int elementSlot(long ref, int index) {
    long id = ref ^ tag;
    if (isQuick(id)) {
      try {
        long header = Words.get(core.space, address(id << 4));
        if (Header.isCounted(header) && core.store.infoOrNull(header) != null) {
          return core.checks.elementSlot(ref, id << 4, index);
        }
      } catch (RuntimeException e) {
        // it is told again, unless the array was lost by a close meanwhile
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return elementSlotSlowly(ref, index);
  }

  private int elementSlotSlowly(long ref, int index) {
    stop();
    try {
      return core.elementSlot(ref, index);
    } finally {
      resume();
    }
  }
}
