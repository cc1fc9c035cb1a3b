package org.ouroboros.collector.hprof;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_CHAR;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.PrimitiveArrayInstance;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.collections.Strings;
import org.ouroboros.collector.hprof.HprofDump.Form;

/** What is in a dump, by the reader of another project. */
class HeapDumpTest {

  private static final ObjectType PAIR =
      ObjectType.builder("pair").references("left", "right").build();

  private static final ObjectType VALUES =
      ObjectType.builder("all kinds")
          .references("next")
          .field("boolean", JAVA_BOOLEAN)
          .field("byte", JAVA_BYTE)
          .field("char", JAVA_CHAR)
          .field("short", JAVA_SHORT)
          .field("int", JAVA_INT)
          .field("big", JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN))
          .field("long", JAVA_LONG)
          .field("float", JAVA_FLOAT)
          .field("double", JAVA_DOUBLE)
          .field("address", ADDRESS)
          .build();

  private static final ObjectType MIXED =
      ObjectType.builder("mixed").references("own").referencesAndBytes().build();

  private static final ObjectType REFERENCES = ObjectType.referenceArray("references");

  private static long id(long ref) {
    return ref & 0xFFFF_FFFFL;
  }

  @ParameterizedTest
  @CsvSource({"4,1024", "4,262144", "8,1024", "8,262144"})
  void fieldsHaveTheirValues(int idBytes, int buffer) {
    try (Heap heap = Heap.ofConfined()) {
      long next = heap.allocate(PAIR);
      long object = heap.allocate(VALUES);
      heap.setRef(object, 0, next);
      heap.setBoolean(object, VALUES.offset("boolean"), true);
      heap.setByte(object, VALUES.offset("byte"), (byte) -3);
      heap.setChar(object, VALUES.offset("char"), 'é');
      heap.setShort(object, VALUES.offset("short"), (short) -12345);
      heap.setInt(object, VALUES.offset("int"), 0x01020304);
      heap.setInt(object, VALUES.offset("big"), Integer.reverseBytes(0x01020304));
      heap.setLong(object, VALUES.offset("long"), Long.MIN_VALUE + 7);
      heap.setFloat(object, VALUES.offset("float"), 1.5f);
      heap.setDouble(object, VALUES.offset("double"), Math.PI);
      heap.setLong(object, VALUES.offset("address"), 0x7FFF_1234_5678L);
      heap.retain(object);

      ReadDump dump = ReadDump.of(heap, idBytes, buffer);

      assertThat(dump.id(object, "next")).isEqualTo(id(next));
      assertThat(dump.field(object, "boolean")).isEqualTo(true);
      assertThat(dump.field(object, "byte")).isEqualTo((byte) -3);
      assertThat(dump.field(object, "char")).isEqualTo('é');
      assertThat(dump.field(object, "short")).isEqualTo((short) -12345);
      assertThat(dump.field(object, "int")).isEqualTo(0x01020304);
      assertThat(dump.field(object, "big")).isEqualTo(0x01020304);
      assertThat(dump.field(object, "long")).isEqualTo(Long.MIN_VALUE + 7);
      assertThat(dump.field(object, "float")).isEqualTo(1.5f);
      assertThat(dump.field(object, "double")).isEqualTo(Math.PI);
      assertThat(dump.field(object, "address")).isEqualTo(0x7FFF_1234_5678L);
      assertThat(dump.intField(object, "$external", "$internal", "$generation"))
          .containsExactly(2, 0, 0);
      assertThat(dump.intField(next, "$external", "$internal")).containsExactly(1, 1);
      assertThat(dump.field(object, "$finalized")).isEqualTo(false);
      assertThat(dump.counts()).containsOnly(entry("all kinds", 1), entry("pair", 1));
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void everySpaceAndMode(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long root = heap.allocate(PAIR);
      long leaf = heap.allocate(PAIR);
      heap.setRefMoved(root, 0, leaf);
      heap.setRef(leaf, 1, leaf);
      ReadDump dump = ReadDump.of(heap);
      assertThat(dump.counts()).containsOnly(entry("pair", 2));
      assertThat(dump.id(root, "left")).isEqualTo(id(leaf));
      assertThat(dump.id(root, "right")).isZero();
      assertThat(dump.id(leaf, "right")).isEqualTo(id(leaf));
      assertThat(dump.at(leaf).getNearestGCRootPointer()).isEqualTo(dump.at(root));
      assertThat(dump.rootKind(root)).isEqualTo("JNI global");
      assertThat(dump.rootKind(leaf)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"4,1024", "4,262144", "8,1024", "8,262144"})
  void tailsAreArrays(int idBytes, int buffer) {
    try (Heap heap = Heap.ofConfined()) {
      ObjectType shorts = ObjectType.array("shorts", JAVA_SHORT);
      ObjectType longs =
          ObjectType.array("longs", JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN).withByteAlignment(1));
      long numbers = heap.allocate(shorts, 5000); // more than a small buffer
      heap.setShort(numbers, shorts.tailOffset(0), (short) -1);
      heap.setShort(numbers, shorts.tailOffset(4999), (short) 300);
      long big = heap.allocate(longs, 2);
      heap.setLong(big, longs.tailOffset(1), Long.reverseBytes(258));
      long table = heap.allocate(REFERENCES, 3000);
      heap.setElement(table, 2999, numbers);
      heap.setElement(table, 0, table);
      long mixed = heap.allocate(MIXED, 2, 3);
      heap.setElement(mixed, 1, big);
      heap.setRef(mixed, MIXED.slot("own"), table);
      heap.setByte(mixed, MIXED.tailOffset(2) + 2, (byte) 99);
      long empty = heap.allocate(REFERENCES, 0);
      long text = new Strings(heap).allocate("größer");

      ReadDump dump = ReadDump.of(heap, idBytes, buffer);

      List<String> values = dump.values(numbers, "$elements");
      assertThat(values).hasSize(5000).startsWith("-1", "0").endsWith("0", "300");
      assertThat(dump.arrayClass(numbers, "$elements")).isEqualTo("short[]");
      assertThat(dump.values(big, "$elements")).containsExactly("0", "258");
      List<Long> ids = dump.ids(table, "$references");
      assertThat(ids).hasSize(3000).startsWith(id(table), 0L).endsWith(0L, id(numbers));
      assertThat(dump.id(mixed, "own")).isEqualTo(id(table));
      assertThat(dump.ids(mixed, "$references")).containsExactly(0L, id(big));
      assertThat(dump.values(mixed, "$bytes")).containsExactly("0", "0", "99");
      assertThat(dump.ids(empty, "$references")).isEmpty();
      byte[] bytes = new byte[8];
      List<String> characters = dump.values(text, "$elements");
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = Byte.parseByte(characters.get(i));
      }
      assertThat(new String(bytes, java.nio.charset.StandardCharsets.UTF_8)).isEqualTo("größer");
      assertThat(dump.counts())
          .containsOnly(
              entry("shorts", 1),
              entry("longs", 1),
              entry("references", 2),
              entry("mixed", 1),
              entry("string", 1));
    }
  }

  @Test
  void sequencesUnionsAndNestedFields() {
    ObjectType type =
        ObjectType.of(
            "laid out",
            MemoryLayout.structLayout(
                ObjectType.REFERENCE.withName("first"),
                MemoryLayout.sequenceLayout(3, JAVA_INT).withName("numbers"),
                MemoryLayout.sequenceLayout(
                        2,
                        MemoryLayout.structLayout(JAVA_INT.withName("x"), JAVA_INT.withName("y")))
                    .withName("points"),
                MemoryLayout.unionLayout(JAVA_INT.withName("i"), JAVA_FLOAT.withName("f"))
                    .withName("either"),
                MemoryLayout.sequenceLayout(2, ObjectType.REFERENCE).withName("refs")));
    try (Heap heap = Heap.ofConfined()) {
      long object = heap.allocate(type);
      heap.setInt(object, type.offset("numbers") + 8, 77);
      heap.setInt(object, type.offset("points[1].y"), 5);
      heap.setFloat(object, type.offset("either.f"), 1);
      heap.setRef(object, type.slot("refs[1]"), object);
      ReadDump dump = ReadDump.of(heap);
      assertThat(dump.values(object, "numbers")).containsExactly("0", "0", "77");
      assertThat(dump.intField(object, "points[0].x", "points[1].y")).containsExactly(0, 5);
      assertThat(dump.field(object, "either.f")).isEqualTo(1f);
      assertThat(dump.field(object, "either.i")).isEqualTo(Float.floatToIntBits(1));
      assertThat(dump.id(object, "refs[1]")).isEqualTo(id(object));
      assertThat(dump.id(object, "first")).isZero();
    }
  }

  /** a holds b, which alone holds c and the bytes; d is held by a and e. */
  @Test
  void dominatorsOfAKnownGraph() {
    try (Heap heap = Heap.ofConfined()) {
      ObjectType bytes = ObjectType.array("bytes", JAVA_BYTE);
      long a = heap.allocate(PAIR);
      long b = heap.allocate(PAIR);
      long c = heap.allocate(PAIR);
      long d = heap.allocate(PAIR);
      long e = heap.allocate(PAIR);
      long blob = heap.allocate(bytes, 1000);
      heap.setRef(a, 0, b);
      heap.setRef(a, 1, d);
      heap.setRef(b, 0, c);
      heap.setRef(c, 0, b); // a cycle
      heap.setRef(e, 0, d);
      heap.setRefMoved(c, 1, blob);
      heap.release(b);
      heap.release(c);
      heap.release(d);

      ReadDump dump = ReadDump.of(heap);

      // Of objects as in the heap: 16 bytes a pair, 12 an object with a tail. What an array has
      // beside its elements, the tool decides.
      long arrayBytes = ((Instance) dump.field(blob, "$elements")).getSize();
      assertThat(arrayBytes).isBetween(1000L, 1000L + 24);
      assertThat(dump.at(blob).getRetainedSize()).isEqualTo(12 + arrayBytes);
      assertThat(dump.at(d).getRetainedSize()).isEqualTo(heap.sizeOf(d)).isEqualTo(16);
      assertThat(dump.at(c).getRetainedSize()).isEqualTo(16 + 12 + arrayBytes);
      assertThat(dump.at(b).getRetainedSize()).isEqualTo(2 * 16 + 12 + arrayBytes);
      assertThat(dump.at(a).getRetainedSize()).isEqualTo(3 * 16 + 12 + arrayBytes);
      assertThat(dump.at(e).getRetainedSize()).isEqualTo(16);
      Instance up = dump.at(blob).getNearestGCRootPointer();
      assertThat(up.getInstanceId()).isEqualTo(id(c));
      assertThat(up.getNearestGCRootPointer().getInstanceId()).isEqualTo(id(b));
      assertThat(dump.at(b).getNearestGCRootPointer().getInstanceId()).isEqualTo(id(a));
    }
  }

  @Test
  void anEmptyHeapAndItsOwnObject() {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withName("naïve"))) {
      assertThat(ReadDump.of(heap).counts()).isEmpty();
      heap.allocate(PAIR);
      heap.allocate(PAIR);
      Instance own = ReadDump.of(heap).heap.getJavaClassByName(ReadDump.HEAP).getInstances().get(0);
      assertThat(own.getValueOfField("liveObjects")).isEqualTo(2L);
      assertThat(own.getValueOfField("liveBytes")).isEqualTo(32L);
      assertThat(((PrimitiveArrayInstance) own.getValueOfField("name")).getValues().toString())
          .isEqualTo("[n, a, ï, v, e]");
    }
  }

  @Test
  void garbageIsThereAndHasNoPath() {
    try (Heap heap = Heap.ofConfined()) {
      long a = heap.allocate(PAIR);
      heap.setRef(a, 0, a);
      long root = heap.allocate(PAIR);
      heap.release(a);
      ReadDump dump = ReadDump.of(heap);
      assertThat(dump.counts()).containsOnly(entry("pair", 2));
      assertThat(dump.distances().keySet()).containsExactly(id(root));
      assertThat(dump.at(a).getNearestGCRootPointer()).isNull();
    }
  }

  @Test
  void weakReferencesDoNotHold() {
    try (Heap heap = Heap.ofConfined()) {
      long target = heap.allocate(PAIR);
      long holder = heap.allocate(PAIR);
      long weak = heap.newWeak(target);
      long cleared = heap.newWeak(holder);
      heap.setRefMoved(holder, 0, target);
      ReadDump dump = ReadDump.of(heap);
      assertThat(dump.id(weak, "referent")).isEqualTo(id(target));
      assertThat(dump.at(weak).getJavaClass().getSuperClass().getName())
          .isEqualTo("java.lang.ref.WeakReference");
      assertThat(dump.intField(weak, "$external", "$generation")).containsExactly(1, 0);
      assertThat(dump.at(target).getNearestGCRootPointer().getInstanceId()).isEqualTo(id(holder));
      heap.release(holder);
      assertThat(ReadDump.of(heap).id(cleared, "referent")).isZero();
    }
  }

  @Test
  void frozenObjectsAreStickyRoots() {
    try (Heap heap = Heap.ofConfined()) {
      long a = heap.allocate(PAIR);
      long b = heap.allocate(PAIR);
      heap.setRefMoved(a, 0, b);
      heap.collector().freeze();
      long c = heap.allocate(PAIR);
      ReadDump dump = ReadDump.of(heap);
      assertThat(dump.rootKind(a)).isEqualTo("JNI global");
      assertThat(dump.rootKind(b)).isEqualTo("sticky class");
      assertThat(dump.intField(b, "$generation")).containsExactly(3);
      assertThat(dump.intField(c, "$generation")).containsExactly(0);
    }
  }

  @Test
  void namesAreOfOneClassEach() {
    List<String> names =
        List.of("twice", "twice", "[I", "java.lang.Object", "a/b", "a.b", "", "é<&>\"");
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withMode(HeapMode.CHECKED))) {
      ObjectType[] types = new ObjectType[names.size()];
      for (int i = 0; i < types.length; i++) {
        types[i] = ObjectType.builder(names.get(i)).field("x", JAVA_INT).build();
        long object = heap.allocate(types[i]);
        heap.setInt(object, types[i].offset("x"), i);
      }
      ReadDump dump = ReadDump.of(heap);
      assertThat(dump.counts())
          .containsOnly(
              entry("twice", 1),
              entry("type twice#" + types[1].id(), 1),
              entry("type [I#" + types[2].id(), 1),
              entry("type java.lang.Object#" + types[3].id(), 1),
              entry("a.b", 1),
              entry("type a.b#" + types[5].id(), 1),
              entry("type #" + types[6].id(), 1),
              entry("é<&>\"", 1));
    }
  }

  /** Classes above the type's have the fields that its own cannot have. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 100})
  void aTypeWithMoreFieldsThanAClass(int most) {
    ObjectType wide =
        ObjectType.builder("wide").references(8).field("last", ValueLayout.JAVA_LONG).build();
    try (Heap heap = Heap.ofConfined()) {
      long object = heap.allocate(wide);
      heap.setRef(object, wide.slot(2), object);
      heap.setRef(object, wide.slot(7), object);
      heap.setLong(object, wide.offset("last"), 17);
      ReadDump dump = ReadDump.of(heap, new Form(Integer.BYTES, 4096, most));
      assertThat(dump.counts()).containsOnly(entry("wide", 1));
      assertThat(dump.targets(id(object))).containsExactly(id(object), id(object));
      assertThat(dump.id(object, "[1]")).isZero();
      assertThat(dump.id(object, "[2]")).isEqualTo(id(object));
      assertThat(dump.id(object, "[7]")).isEqualTo(id(object));
      assertThat(dump.field(object, "last")).isEqualTo(17L);
      assertThat(dump.at(object).getSize()).isEqualTo(heap.sizeOf(object));
    }
  }

  /** The format allows a class 65,535 fields, and tools read half as many, and slowly. */
  @Tag("stress")
  @Test
  void aTypeWithMoreReferencesThanAnyClassCanHave() {
    ObjectType wide = ObjectType.builder("wide").references(70_000).build();
    try (Heap heap = Heap.ofConfined()) {
      heap.allocate(wide);
      heap.allocate(PAIR);
      assertThat(ReadDump.of(heap).counts()).containsOnly(entry("wide", 1), entry("pair", 1));
    }
  }
}
