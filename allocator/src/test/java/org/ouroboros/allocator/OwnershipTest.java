package org.ouroboros.allocator;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may call what, and until when: confined views, closed views, closed allocators. */
class OwnershipTest {

  private final OuroborosAllocator allocator = OuroborosAllocator.create();

  @AfterEach
  void close() {
    allocator.close();
  }

  /** Each call that hands out, takes or looks at blocks, on every path there is. */
  private static Map<String, ThrowingCallable> calls(Allocator face, long... live) {
    long small = live[0];
    long large = live[1];
    long huge = live[2];
    return Map.ofEntries(
        entry("malloc of nothing", () -> face.malloc(0)),
        entry("malloc small", () -> face.malloc(10)),
        entry("malloc medium", () -> face.malloc(20_000)),
        entry("malloc large", () -> face.malloc(1 << 20)),
        entry("malloc huge", () -> face.malloc(33 << 20)),
        entry("calloc small", () -> face.calloc(1, 10)),
        entry("calloc medium", () -> face.calloc(2, 10_000)),
        entry("calloc large", () -> face.calloc(1, 1 << 20)),
        entry("calloc huge", () -> face.calloc(33, 1 << 20)),
        entry("realloc of nothing", () -> face.realloc(0, 10)),
        entry("realloc small", () -> face.realloc(small, 10)),
        entry("realloc small to large", () -> face.realloc(small, 1 << 20)),
        entry("realloc large", () -> face.realloc(large, 1 << 20)),
        entry("realloc huge", () -> face.realloc(huge, 35 << 20)),
        entry("aligned small", () -> face.alignedAlloc(64, 10)),
        entry("aligned large", () -> face.alignedAlloc(64, 1 << 20)),
        entry("aligned much", () -> face.alignedAlloc(1 << 21, 10)),
        entry("allocate", () -> face.allocate(10, 8)),
        entry("allocate large", () -> face.allocate(1 << 20, 8)),
        entry("usableSize small", () -> face.usableSize(small)),
        entry("usableSize large", () -> face.usableSize(large)),
        entry("usableSize huge", () -> face.usableSize(huge)),
        entry("free nothing", () -> face.free(0)),
        entry("free small", () -> face.free(small)),
        entry("free large", () -> face.free(large)),
        entry("free huge", () -> face.free(huge)),
        entry("free a segment", () -> face.free(MemorySegment.ofAddress(small))));
  }

  private static long[] blocks(Allocator face) {
    return new long[] {face.malloc(10), face.malloc(300_000), face.malloc(33 << 20)};
  }

  @Test
  void shouldThrowWhenAViewIsUsedByAnotherThread() throws Exception {
    Allocator view = allocator.confined();
    long[] live = blocks(view);

    inThread(
        () -> {
          calls(view, live)
              .forEach(
                  (name, call) ->
                      assertThatExceptionOfType(WrongThreadException.class)
                          .as(name)
                          .isThrownBy(call)
                          .withMessageContaining("confined"));
          assertThatExceptionOfType(WrongThreadException.class).isThrownBy(view::close);
          assertThat(view.name()).isEqualTo("ouroboros");
          assertThat(view.capabilities().threadSafe()).isFalse();
          assertThat(view.stats().liveBlocks()).isEqualTo(live.length);
          assertThat(view.segment(live[0], 10).byteSize()).isEqualTo(10);
        });

    assertThat(allocator.stats().liveBlocks()).isEqualTo(live.length);
    for (long block : live) {
      view.free(block);
    }
    view.close();
  }

  @Test
  void shouldThrowWhenAViewOfAVirtualThreadIsUsedByAnother() throws Exception {
    Allocator[] made = new Allocator[1];
    Thread.startVirtualThread(
            () -> {
              made[0] = allocator.confined();
              made[0].free(made[0].malloc(10));
            })
        .join();
    long[] live = blocks(allocator);

    calls(made[0], live)
        .forEach(
            (name, call) ->
                assertThatExceptionOfType(WrongThreadException.class).as(name).isThrownBy(call));
  }

  @Test
  void shouldThrowWhenAViewIsClosed() throws Exception {
    Allocator view = allocator.confined();
    long[] live = blocks(view);
    view.close();

    calls(view, live)
        .forEach(
            (name, call) ->
                assertThatExceptionOfType(IllegalStateException.class).as(name).isThrownBy(call));
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> view.segment(live[0], 10));
    inThread(
        () ->
            assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> view.malloc(10)));
    assertThatCode(view::close).doesNotThrowAnyException();
    assertThat(view.name()).isEqualTo("ouroboros");
    assertThat(view.stats().liveBlocks()).isEqualTo(live.length);
    for (long block : live) {
      allocator.free(block);
    }
    assertThat(allocator.stats().liveBlocks()).isZero();
  }

  @Test
  void shouldThrowWhenTheAllocatorIsClosed() throws Exception {
    OuroborosAllocator closed = OuroborosAllocator.create();
    Allocator view = closed.confined();
    long[] live = blocks(closed);
    // Virtual threads have used it too, so that their caches exist.
    Thread.startVirtualThread(() -> closed.free(closed.malloc(10))).join();
    view.free(view.malloc(10));
    closed.close();

    assertClosed(closed, live);
    assertClosed(view, live);
    inThread(() -> assertClosed(closed, live));
    inVirtualThread(() -> assertClosed(closed, live));
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(closed::confined);
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(closed::purge);
    assertThat(closed.stats().liveBlocks()).isZero();
    assertThat(closed.stats().committedBytes()).isZero();
    assertThat(closed.stats().reservedBytes()).isZero();
    assertThat(closed.pageMap()).isNotBlank();
    assertThatCode(closed::close).doesNotThrowAnyException();
    assertThatCode(view::close).doesNotThrowAnyException();
  }

  private static void assertClosed(Allocator face, long... live) {
    calls(face, live)
        .forEach(
            (name, call) ->
                assertThatExceptionOfType(IllegalStateException.class)
                    .as(name)
                    .isThrownBy(call)
                    .withMessageContaining("closed"));
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> face.segment(live[0], 10));
  }

  private static void inThread(Runnable work) throws Exception {
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      thread.submit(work).get();
    }
  }

  private static void inVirtualThread(Runnable work) throws Exception {
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      thread.submit(work).get();
    }
  }
}
