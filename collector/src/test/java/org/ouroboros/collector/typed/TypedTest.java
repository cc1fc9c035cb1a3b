package org.ouroboros.collector.typed;

import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_CHAR;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.InvalidReferenceException.Kind;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;
import org.ouroboros.collector.typed.Elements.RefElements;
import org.ouroboros.collector.typed.Fields.LongField;
import org.ouroboros.collector.typed.Fields.RefField;

/** Accessors read and write what the heap's own methods do, and refuse what does not fit. */
class TypedTest {

  private static final ObjectType ALL =
      ObjectType.builder("all")
          .references("ref", "other")
          .field("byte", JAVA_BYTE)
          .field("boolean", JAVA_BOOLEAN)
          .field("short", JAVA_SHORT)
          .field("char", JAVA_CHAR)
          .field("int", JAVA_INT)
          .field("long", JAVA_LONG)
          .field("float", JAVA_FLOAT)
          .field("double", JAVA_DOUBLE)
          .build();

  private static final ObjectType OTHER =
      ObjectType.builder("other").references(1).field("long", JAVA_LONG).build();

  private static final RefField REF = ALL.refField("ref");
  private static final LongField LONG = ALL.longField("long");

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void fieldsOfEveryKindKeepWhatIsWritten(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long a = heap.allocate(ALL);
      ALL.byteField("byte").set(heap, a, (byte) -1);
      ALL.booleanField("boolean").set(heap, a, true);
      ALL.shortField("short").set(heap, a, (short) -2);
      ALL.charField("char").set(heap, a, 'x');
      ALL.intField("int").set(heap, a, -3);
      LONG.set(heap, a, Long.MIN_VALUE);
      ALL.floatField("float").set(heap, a, 1.5f);
      ALL.doubleField("double").set(heap, a, -2.5);

      assertThat(ALL.byteField("byte").get(heap, a)).isEqualTo((byte) -1);
      assertThat(ALL.booleanField("boolean").get(heap, a)).isTrue();
      assertThat(ALL.shortField("short").get(heap, a)).isEqualTo((short) -2);
      assertThat(ALL.charField("char").get(heap, a)).isEqualTo('x');
      assertThat(ALL.intField("int").get(heap, a)).isEqualTo(-3);
      assertThat(LONG.get(heap, a)).isEqualTo(heap.getLong(a, ALL.offset("long")));
      assertThat(LONG.get(heap, a)).isEqualTo(Long.MIN_VALUE);
      assertThat(ALL.floatField("float").get(heap, a)).isEqualTo(1.5f);
      assertThat(ALL.doubleField("double").get(heap, a)).isEqualTo(-2.5);
      assertThat(LONG.add(heap, a, -1)).isEqualTo(Long.MAX_VALUE);
      assertThat(LONG.get(heap, a)).isEqualTo(Long.MAX_VALUE);
      assertThat(ALL.intField("int").add(heap, a, 5)).isEqualTo(2);
      heap.release(a);
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void referencesAreCountedMovedAndTaken(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      long a = heap.allocate(ALL);
      long b = heap.allocate(OTHER);
      REF.set(heap, a, b);
      assertThat(REF.get(heap, a)).isEqualTo(b).isEqualTo(heap.getRef(a, ALL.slot("ref")));
      assertThat(heap.refCount(b)).isEqualTo(2);
      REF.setMoved(heap, a, b);
      assertThat(heap.refCount(b)).isEqualTo(1);
      long c = heap.allocate(OTHER);
      assertThat(REF.exchange(heap, a, c)).isEqualTo(b);
      assertThat(REF.take(heap, a)).isEqualTo(c);
      assertThat(REF.get(heap, a)).isEqualTo(Heap.NULL);
      heap.release(b);
      heap.release(c);
      heap.release(a);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void elementsOfEveryKindKeepWhatIsWritten(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      var bytes = ObjectType.array("bytes", JAVA_BYTE).byteElements();
      var booleans = ObjectType.array("booleans", JAVA_BOOLEAN).booleanElements();
      var shorts = ObjectType.array("shorts", JAVA_SHORT).shortElements();
      var chars = ObjectType.array("chars", JAVA_CHAR).charElements();
      var ints = ObjectType.array("ints", JAVA_INT).intElements();
      var longs = ObjectType.array("longs", JAVA_LONG).longElements();
      var floats = ObjectType.array("floats", JAVA_FLOAT).floatElements();
      var doubles = ObjectType.array("doubles", JAVA_DOUBLE).doubleElements();
      long[] arrays = {
        bytes.allocate(heap, 3),
        booleans.allocate(heap, 3),
        shorts.allocate(heap, 3),
        chars.allocate(heap, 3),
        ints.allocate(heap, 3),
        longs.allocate(heap, 3),
        floats.allocate(heap, 3),
        doubles.allocate(heap, 3)
      };
      for (int i = 0; i < 3; i++) {
        bytes.set(heap, arrays[0], i, (byte) -i);
        booleans.set(heap, arrays[1], i, i == 1);
        shorts.set(heap, arrays[2], i, (short) -i);
        chars.set(heap, arrays[3], i, (char) ('a' + i));
        ints.set(heap, arrays[4], i, -i);
        longs.set(heap, arrays[5], i, -i);
        floats.set(heap, arrays[6], i, i / 2f);
        doubles.set(heap, arrays[7], i, i / 4d);
      }
      for (int i = 0; i < 3; i++) {
        assertThat(bytes.get(heap, arrays[0], i)).isEqualTo((byte) -i);
        assertThat(booleans.get(heap, arrays[1], i)).isEqualTo(i == 1);
        assertThat(shorts.get(heap, arrays[2], i)).isEqualTo((short) -i);
        assertThat(chars.get(heap, arrays[3], i)).isEqualTo((char) ('a' + i));
        assertThat(ints.get(heap, arrays[4], i)).isEqualTo(-i);
        assertThat(longs.get(heap, arrays[5], i)).isEqualTo(-i);
        assertThat(floats.get(heap, arrays[6], i)).isEqualTo(i / 2f);
        assertThat(doubles.get(heap, arrays[7], i)).isEqualTo(i / 4d);
      }
      assertThat(longs.length(heap, arrays[5])).isEqualTo(3);
      for (int index : new int[] {-1, 3, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        assertThatThrownBy(() -> longs.get(heap, arrays[5], index))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> bytes.set(heap, arrays[0], index, (byte) 1))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      for (long array : arrays) {
        heap.release(array);
      }
      Spaces.verify(heap);
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void elementsThatAreReferences(HeapOptions options) {
    RefElements nodes = ObjectType.referenceArray("nodes").refElements();
    try (Heap heap = Heap.ofConfined(options)) {
      long array = nodes.allocate(heap, 2);
      nodes.set(heap, array, 0, array);
      nodes.setMoved(heap, array, 1, heap.allocate(OTHER));
      assertThat(nodes.length(heap, array)).isEqualTo(2);
      assertThat(nodes.get(heap, array, 0)).isEqualTo(array);
      long other = nodes.take(heap, array, 1);
      assertThat(nodes.get(heap, array, 1)).isEqualTo(Heap.NULL);
      assertThatThrownBy(() -> nodes.get(heap, array, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> nodes.take(heap, array, -1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      heap.release(other);
      heap.release(array);
      assertThat(heap.collector().collect()).isEqualTo(1);
    }
  }

  @Test
  void anObjectOfAnotherTypeIsRefusedInCheckedMode() {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withMode(HeapMode.CHECKED))) {
      long other = heap.allocate(OTHER);
      assertThatThrownBy(() -> LONG.get(heap, other))
          .isInstanceOfSatisfying(
              InvalidReferenceException.class, e -> assertThat(e.kind()).isEqualTo(Kind.WRONG_TYPE))
          .hasMessageContaining("other")
          .hasMessageContaining("all");
      assertThatThrownBy(() -> REF.set(heap, other, other))
          .isInstanceOf(InvalidReferenceException.class);
      assertThat(heap.refCount(other)).isEqualTo(1);
      heap.release(other);
    }
  }

  @Test
  void whatIsNoSuchFieldIsRefused() {
    assertThatThrownBy(() -> ALL.longField("int")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ALL.longField("ref")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ALL.refField("int")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(ALL::refElements).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(ALL::longElements).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ObjectType.array("ints", JAVA_INT).longElements())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LongField(ALL, "long", LONG.offset() + 8))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RefField(ALL, "ref", REF.slot() + 1))
        .isInstanceOf(IllegalArgumentException.class);
    ObjectType foreign =
        ObjectType.builder("foreign").field("value", JAVA_LONG.withOrder(swapped())).build();
    assertThatThrownBy(() -> foreign.longField("value"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(swapped().toString());
  }

  private static ByteOrder swapped() {
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
        ? ByteOrder.LITTLE_ENDIAN
        : ByteOrder.BIG_ENDIAN;
  }

  @Test
  void fieldsOfLayoutsAreFoundByTheirPaths() {
    ObjectType nested =
        ObjectType.of(
            "nested",
            MemoryLayout.structLayout(
                MemoryLayout.structLayout(
                        ValueLayout.JAVA_INT.withName("x"), ObjectType.REFERENCE.withName("to"))
                    .withName("part"),
                MemoryLayout.sequenceLayout(2, JAVA_LONG).withName("many")));
    try (Heap heap = Heap.ofConfined()) {
      long object = heap.allocate(nested);
      nested.intField("part.x").set(heap, object, 7);
      nested.refField("part.to").set(heap, object, object);
      assertThat(heap.getInt(object, nested.offset("part.x"))).isEqualTo(7);
      assertThatThrownBy(() -> nested.longField("many"))
          .isInstanceOf(IllegalArgumentException.class);
      nested.refField("part.to").set(heap, object, Heap.NULL);
      heap.release(object);
    }
  }
}
