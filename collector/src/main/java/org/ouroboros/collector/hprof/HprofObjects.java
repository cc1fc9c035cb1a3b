package org.ouroboros.collector.hprof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import org.agrona.collections.IntArrayList;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.Edges;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.inspect.LiveObjects;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.SidePage;

/**
 * The objects of a dump, each followed by the arrays of what it has many of, and the roots.
 *
 * <p>Thread rule: as the heap.
 */
final class HprofObjects {

  /** The one stack trace there is: an empty one. */
  static final int STACK = 1;

  private static final int ROOT_JNI_GLOBAL = 0x01;
  private static final int ROOT_STICKY_CLASS = 0x05;
  private static final int ROOT_UNKNOWN = 0xFF;
  private static final int INSTANCE_DUMP = 0x21;
  private static final int OBJECT_ARRAY_DUMP = 0x22;
  private static final int PRIMITIVE_ARRAY_DUMP = 0x23;

  /** The length of an entry is a number of four bytes. */
  private static final long MOST_BYTES = (1L << 32) - 64;

  private static final int UNTRACKED = -1;

  private final ConfinedHeap heap;
  private final ObjectStore store;
  private final MemorySegment memory;
  private final LiveObjects live;
  private final Edges edges;
  private final HprofClasses classes;
  private final HprofOutput out;
  private final int idBytes;
  private final IntArrayList outside = new IntArrayList();
  private long nextId;

  HprofObjects(ConfinedHeap heap, HprofClasses classes, HprofOutput out) {
    this.heap = heap;
    this.store = heap.store();
    this.memory = store.space.memory();
    this.live = new LiveObjects(heap);
    this.edges = new Edges(heap);
    this.classes = classes;
    this.out = out;
    this.idBytes = out.idBytes();
    this.nextId = classes.nextId();
  }

  /**
   * Writes them.
   *
   * @throws TraversalFailedException if an object's references could not be told
   */
  void write() throws IOException {
    try {
      writeHeap();
      live.visit(
          id -> {
            writeOrThrow(id);
            return true;
          });
      heap.death().visitUnfinished(this::writeHeldByDeath);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Tools do not open a dump without any object, so an empty heap has one too. */
  private void writeHeap() throws IOException {
    long id = nextId++;
    long name = nextId++;
    writeRoot(ROOT_STICKY_CLASS, id);
    long data = classes.heap.fieldBytes(idBytes);
    out.beginEntry(INSTANCE_DUMP, 1 + 2L * idBytes + 4 + 4 + data);
    out.putId(id);
    out.putInt(STACK);
    out.putId(classes.heap.id());
    out.putInt((int) data);
    HeapStats stats = heap.stats();
    out.putId(name);
    out.putLong(stats.liveObjects());
    out.putLong(stats.liveBytes());
    out.putLong(stats.committedBytes());
    out.putLong(stats.metadataBytes());
    String text = heap.options().name();
    out.beginEntry(PRIMITIVE_ARRAY_DUMP, 1L + idBytes + 4 + 4 + 1 + 2L * text.length());
    out.putId(name);
    out.putInt(STACK);
    out.putInt(text.length());
    out.putByte(ValueType.CHAR.code);
    for (int i = 0; i < text.length(); i++) {
      out.putShort(text.charAt(i));
    }
  }

  private void writeOrThrow(int id) {
    try {
      write(id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeHeldByDeath(int id) {
    try {
      writeRoot(ROOT_UNKNOWN, Integer.toUnsignedLong(id));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(int id) throws IOException {
    long object = store.space.offset(id);
    long header = memory.get(ObjectStore.LONG, object);
    TypeInfo info = store.info(header);
    TypePlan plan = classes.plan(info.type);
    long shown = Integer.toUnsignedLong(id);
    if (Header.has(header, Header.EXTERNAL)) {
      writeRoot(ROOT_JNI_GLOBAL, shown);
    } else if (Header.has(header, Header.HELD)) {
      writeRoot(ROOT_UNKNOWN, shown);
    } else if (live.isFrozen(id)) {
      writeRoot(ROOT_STICKY_CLASS, shown);
    }
    long firstArray = nextId;
    long data = plan.dataBytes(idBytes);
    out.beginEntry(INSTANCE_DUMP, 1 + 2L * idBytes + 4 + 4 + data);
    out.putId(shown);
    out.putInt(STACK);
    out.putId(plan.leaf().id());
    out.putInt((int) data);
    for (Member member : plan.members()) {
      if (member.isArray()) {
        out.putId(nextId++);
      } else {
        writeValue(member, object);
      }
    }
    writeOfAll(id, header);
    if (plan.isWeak()) {
      out.putId(referent(id));
    }
    long array = firstArray;
    for (Member member : plan.members()) {
      if (member.isArray()) {
        writeArray(array++, member, info, id, object);
      }
    }
  }

  private void writeRoot(int tag, long id) throws IOException {
    boolean global = tag == ROOT_JNI_GLOBAL;
    out.beginEntry(tag, 1L + (global ? 2L : 1L) * idBytes);
    out.putId(id);
    if (global) {
      out.putId(id); // of the handle
    }
  }

  private void writeOfAll(int id, long header) throws IOException {
    out.putInt((int) Math.min(Integer.MAX_VALUE, heap.counts().external(id, header)));
    out.putInt((int) Math.min(Integer.MAX_VALUE, heap.counts().internal(id, header)));
    boolean tracked = store.sides.has(SidePage.TRACKED, id);
    out.putByte(tracked ? store.sides.generation(id) : UNTRACKED);
    out.putByte(Header.has(header, Header.FINALIZED) ? 1 : 0);
  }

  /** Nobody sees a target that is being freed. */
  private long referent(int weak) {
    int target = heap.weakTable().target(weak);
    return live.contains(target) && !live.isCondemned(target) ? Integer.toUnsignedLong(target) : 0;
  }

  private void writeValue(Member member, long object) throws IOException {
    if (member.type() == ValueType.OBJECT) {
      out.putId(Integer.toUnsignedLong(memory.get(ObjectStore.INT, object + member.offset())));
    } else {
      out.put(memory, object + member.offset(), member.type(), member.swapped(), 1);
    }
  }

  // ------------------------------------------------------------------------ arrays

  private void writeArray(long array, Member member, TypeInfo info, int id, long object)
      throws IOException {
    long at = object + member.offset();
    int length = info.length(memory, object);
    switch (member.extent()) {
      case ONE -> throw new IllegalArgumentException(member + " is no array");
      case FIXED -> writeElements(array, member, at, member.length());
      case TAIL -> writeElements(array, member, at, length);
      case BYTES -> {
        long begin = at + (long) length * Integer.BYTES;
        writeElements(array, member, begin, info.byteLength(memory, object));
      }
      case OUTSIDE -> writeOutside(array, info, id);
    }
  }

  private void writeElements(long array, Member member, long at, long length) throws IOException {
    ValueType type = member.type();
    long most = MOST_BYTES / type.bytes(idBytes);
    long count = Math.min(length, most);
    if (type == ValueType.OBJECT) {
      beginReferences(array, count);
      if (idBytes == Integer.BYTES) {
        out.put(memory, at, type, member.swapped(), count);
      } else {
        for (long i = 0; i < count; i++) {
          out.putId(Integer.toUnsignedLong(memory.get(ObjectStore.INT, at + 4 * i)));
        }
      }
    } else {
      out.beginEntry(PRIMITIVE_ARRAY_DUMP, 1L + idBytes + 4 + 4 + 1 + count * type.bytes(idBytes));
      out.putId(array);
      out.putInt(STACK);
      out.putInt((int) count);
      out.putByte(type.code);
      out.put(memory, at, type, member.swapped(), count);
    }
  }

  private void beginReferences(long array, long count) throws IOException {
    out.beginEntry(OBJECT_ARRAY_DUMP, 1L + 2L * idBytes + 4 + 4 + count * idBytes);
    out.putId(array);
    out.putInt(STACK);
    out.putInt((int) count);
    out.putId(classes.arrays(ValueType.OBJECT).id());
  }

  private void writeOutside(long array, TypeInfo info, int id) throws IOException {
    outside.clear();
    if (info.custom != null && !edges.forEachOutside(id, info.custom, outside::addInt)) {
      throw new TraversalFailedException(info.type.name(), id);
    }
    beginReferences(array, outside.size());
    for (int i = 0; i < outside.size(); i++) {
      out.putId(Integer.toUnsignedLong(outside.getInt(i)));
    }
  }
}
