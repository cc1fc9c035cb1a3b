package org.ouroboros.collector.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/**
 * Ten million objects (one million on allocators) in the shapes that break recursive collectors, on
 * a stack of 256 KiB, with all requests for memory failing from the moment they are let go.
 */
class DeepStructuresTest {

  private static final long STACK_BYTES = 256 << 10;

  private static final ObjectType LINK = ObjectType.builder("link").references(1).build();
  private static final ObjectType PAIR = ObjectType.builder("pair").references(2).build();
  private static final ObjectType ARRAY = ObjectType.referenceArray("array");

  /** How many objects; fewer on an allocator, where each is a block of its own. */
  private static int many(HeapOptions options) {
    return options.allocator() == null ? 10_000_000 : 1_000_000;
  }

  /** Builds something of an empty heap; returns an owned reference that holds all of it. */
  private interface Shape {
    long build(Heap heap);
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#all")
  void theHeadOfAListIsReleased(HeapOptions options) throws InterruptedException {
    int many = many(options);
    freedByCounting(
        options,
        heap -> {
          long head = heap.allocate(LINK);
          for (int i = 1; i < many; i++) {
            long before = heap.allocate(LINK);
            heap.setRefMoved(before, 0, head);
            head = before;
          }
          return head;
        },
        many);
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#all")
  void theHeadOfAListOfPairsIsReleased(HeapOptions options) throws InterruptedException {
    // Each object still has a second slot to release when its first child dies.
    int count = many(options) / 4;
    freedByCounting(
        options,
        heap -> {
          long head = heap.allocate(PAIR);
          for (int i = 1; i < count; i++) {
            long before = heap.allocate(PAIR);
            heap.setRefMoved(before, 0, head);
            heap.setRefMoved(before, 1, heap.allocate(LINK));
            head = before;
          }
          return head;
        },
        2L * count - 1);
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#all")
  void anArrayIsDropped(HeapOptions options) throws InterruptedException {
    int many = many(options);
    freedByCounting(
        options,
        heap -> {
          long array = heap.allocate(ARRAY, many);
          for (int i = 0; i < many; i++) {
            heap.setRefMoved(array, heap.elementSlot(array, i), heap.allocate(LINK));
          }
          return array;
        },
        many + 1L);
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#all")
  void aRingIsCollected(HeapOptions options) throws InterruptedException {
    int many = many(options);
    onSmallStack(
        options,
        heap -> {
          long first = heap.allocate(LINK);
          heap.retain(first);
          long last = first;
          for (int i = 1; i < many; i++) {
            long next = heap.allocate(LINK);
            heap.setRef(last, 0, next);
            heap.release(last);
            last = next;
          }
          heap.setRef(last, 0, first);
          heap.release(last);
          heap.inspector().failAllocations(1, Long.MAX_VALUE);
          assertThat(heap.collector().collect()).isZero();
          heap.release(first);
          assertThat(heap.stats().liveObjects()).isEqualTo(many);
          assertThat(heap.collector().collect()).isEqualTo(many);
          assertThat(heap.stats().liveObjects()).isZero();
        });
  }

  private static void freedByCounting(HeapOptions options, Shape shape, long objects)
      throws InterruptedException {
    onSmallStack(
        options,
        heap -> {
          long held = shape.build(heap);
          assertThat(heap.stats().liveObjects()).isEqualTo(objects);
          heap.inspector().failAllocations(1, Long.MAX_VALUE);
          assertThat(heap.collector().collect()).isZero();
          heap.release(held);
          assertThat(heap.stats().liveObjects()).isZero();
        });
  }

  private static void onSmallStack(HeapOptions options, java.util.function.Consumer<Heap> body)
      throws InterruptedException {
    Throwable[] failure = new Throwable[1];
    Runnable run =
        () -> {
          try (Heap heap = Heap.ofConfined(options)) {
            heap.collector().disable();
            body.accept(heap);
          }
        };
    Thread thread = new Thread(null, run, "small stack", STACK_BYTES);
    thread.setUncaughtExceptionHandler((t, e) -> failure[0] = e);
    thread.start();
    thread.join();
    assertThat(failure[0]).isNull();
  }
}
