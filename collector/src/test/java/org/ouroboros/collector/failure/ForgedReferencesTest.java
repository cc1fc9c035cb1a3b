package org.ouroboros.collector.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroboros.collector.CorruptHeapException;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapException;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.collections.LongLongMap;
import org.ouroboros.collector.collections.RefList;
import org.ouroboros.collector.collections.StringRefMap;

/**
 * References, slots and offsets at random, most of them wrong. Normal mode may then show or change
 * another object, but every failure has a type of the API, and nothing ends the JVM.
 */
class ForgedReferencesTest {

  private static final ObjectType NODE =
      ObjectType.builder("node")
          .references("first", "second")
          .field("key", ValueLayout.JAVA_LONG)
          .build();
  private static final ObjectType LIST = ObjectType.referenceArray("list");
  private static final ObjectType BYTES = ObjectType.array("bytes", ValueLayout.JAVA_BYTE);
  private static final int[] SLOTS = {-1, 0, 1, 2, 60, Integer.MAX_VALUE, Integer.MIN_VALUE};
  private static final long[] OFFSETS = {-1, 0, 8, 16, -4096, 1 << 20, Long.MAX_VALUE};

  @ParameterizedTest
  @EnumSource(HeapMode.class)
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void everyFailureIsTyped(HeapMode mode) {
    int failures = 0;
    for (int seed = 0; seed < 12; seed++) {
      failures += play(new Random(seed), mode);
    }
    assertThat(failures).isPositive();
  }

  private static int play(Random random, HeapMode mode) {
    Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withMode(mode).withLimit(64L << 20));
    Heap other = Heap.ofConfined();
    long[] objects = new long[64];
    for (int i = 0; i < objects.length; i++) {
      objects[i] =
          switch (i % 3) {
            case 0 -> heap.allocate(LIST, i);
            case 1 -> heap.allocate(NODE);
            default -> heap.allocate(BYTES, i * 100);
          };
    }
    StringRefMap strings = new StringRefMap(heap);
    LongLongMap longs = new LongLongMap(heap);
    RefList list = new RefList(heap);
    objects[60] = other.allocate(NODE);
    objects[61] = strings.allocate();
    objects[62] = longs.allocate();
    objects[63] = list.allocate();
    var typed = NODE.refField("first");
    int failures = 0;
    for (int i = 0; i < 4000; i++) {
      long x = forge(random, objects);
      long y = forge(random, objects);
      int slot = SLOTS[random.nextInt(SLOTS.length)];
      long offset = OFFSETS[random.nextInt(OFFSETS.length)];
      int place = random.nextInt(60);
      failures +=
          attempt(
              switch (random.nextInt(20)) {
                case 0 -> () -> heap.setRef(x, slot, y);
                case 1 -> () -> heap.setRefMoved(x, slot, y);
                case 2 -> () -> heap.getRef(x, slot);
                case 3 -> () -> heap.setLong(x, offset, 7);
                case 4 -> () -> heap.getLong(x, offset);
                case 5 -> () -> heap.retain(x);
                case 6 -> () -> heap.release(x);
                case 7 -> () -> heap.setElement(x, slot, y);
                case 8 -> () -> heap.takeRef(x, slot);
                case 9 -> () -> heap.exchangeRef(x, slot, y);
                case 10 -> () -> strings.put(x, "key" + slot % 10, y);
                case 11 -> () -> longs.put(x, offset, slot);
                case 12 -> () -> list.add(x, y);
                case 13 -> () -> strings.remove(x, "key" + slot % 10);
                case 14 -> () -> typed.set(heap, x, y);
                case 15 -> () -> heap.collector().collect();
                case 16 -> () -> heap.segment(x);
                case 17 -> () -> objects[place] = heap.allocate(NODE);
                case 18 -> () -> heap.setBytes(x, offset, new byte[8], slot, slot);
                default -> () -> heap.copyBytes(x, offset, y, offset, slot);
              });
    }
    failures += attempt(heap::close) + attempt(other::close);
    return failures;
  }

  /** A reference that is one of them, or close to one, or anything. */
  private static long forge(Random random, long[] objects) {
    long reference = objects[random.nextInt(objects.length)];
    return switch (random.nextInt(9)) {
      case 0 -> 0;
      case 1 -> random.nextLong();
      case 2 -> reference ^ 1L << random.nextInt(64);
      case 3 -> reference + random.nextInt(64);
      case 4 -> reference & 0xFFFF_FFFFL;
      case 5 -> reference & ~0xFFFF_FFFFL | random.nextInt() & 0xFFFF_FFFFL;
      default -> reference;
    };
  }

  private static int attempt(Runnable operation) {
    try {
      operation.run();
      return 0;
    } catch (HeapException | IllegalArgumentException | IllegalStateException e) {
      return 1;
    } catch (IndexOutOfBoundsException e) {
      assertThat(e).isNotInstanceOf(ArrayIndexOutOfBoundsException.class);
      return 1;
    }
  }

  @ParameterizedTest
  @EnumSource(value = HeapMode.class, names = "NORMAL", mode = EnumSource.Mode.EXCLUDE)
  void modesThatCheckNeverLetItComeToCorruption(HeapMode mode) {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withMode(mode))) {
      long list = heap.allocate(LIST, 10);
      for (int inside = 1; inside < 8; inside++) {
        long forged = list + inside;
        assertThat(attemptKind(() -> heap.setRef(forged, 0, list)))
            .isInstanceOf(InvalidReferenceException.class);
      }
      assertThat(heap.collector().collect()).isZero();
      heap.release(list);
    } catch (CorruptHeapException e) {
      throw new AssertionError(e);
    }
  }

  private static RuntimeException attemptKind(Runnable operation) {
    try {
      operation.run();
    } catch (RuntimeException e) {
      return e;
    }
    throw new AssertionError("nothing was thrown");
  }
}
