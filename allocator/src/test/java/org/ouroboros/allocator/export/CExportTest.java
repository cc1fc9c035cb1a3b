package org.ouroboros.allocator.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.ForkedJvm;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.OuroborosAllocator;

/** What C sees of an exported allocator. */
class CExportTest {

  private Allocator allocator;
  private CExport export;
  private CSide c;

  @BeforeEach
  void open() {
    allocator = OuroborosAllocator.create();
    export = CExport.of(allocator);
    c = new CSide(export);
  }

  @AfterEach
  void close() {
    export.close();
    allocator.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ouroboros", "ouroboros_debug", "libc"})
  void shouldKeepWhatCExpectsWhateverTheAllocator(String name) {
    try (Allocator other = Allocators.of(name);
        CExport exported = CExport.of(other)) {
      CSide side = new CSide(exported);
      long block = side.malloc(100);
      assertThat(block % 16).isZero();
      CSide.bytes(block, 100).fill((byte) 7);
      long grown = (long) side.call(CFunction.REALLOC, block, 5000L);
      assertThat(CSide.bytes(grown, 5000).asSlice(0, 100).toArray(ValueLayout.JAVA_BYTE))
          .containsOnly(7);
      long shrunk = (long) side.call(CFunction.REALLOC, grown, 0L);
      assertThat(shrunk).isNotZero();
      side.free(shrunk);
      long zeroed = (long) side.call(CFunction.CALLOC, 30L, 10L);
      assertThat(CSide.bytes(zeroed, 300).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
      side.free(zeroed);
      long aligned = (long) side.call(CFunction.ALIGNED_ALLOC, 4096L, 10L);
      assertThat(aligned % 4096).isZero();
      assertThat((long) side.call(CFunction.USABLE_SIZE, aligned)).isGreaterThanOrEqualTo(10);
      side.free(aligned);
      long first = side.malloc(0);
      long second = side.malloc(0);
      assertThat(first).isNotZero().isNotEqualTo(second);
      side.free(first);
      side.free(second);
      side.free(0);
      assertThat(exported.failures()).isZero();
    }
    assertThat(allocator.stats().liveBlocks()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveTheSameStubForAFunctionWheneverAskedFor(CFunction function) {
    assertThat(export.function(function)).isEqualTo(export.function(function));
    assertThat(export.function(function).address()).isNotZero();
  }

  @Test
  void shouldGiveAndTakeBlocksInEverySignature() {
    List<Long> blocks = new ArrayList<>();
    blocks.add((long) c.call(CFunction.CONTEXT_MALLOC, 1L, 50L));
    blocks.add((long) c.call(CFunction.CONTEXT_CALLOC, 1L, 5L, 10L));
    blocks.add((long) c.call(CFunction.CONTEXT_REALLOC, 1L, 0L, 50L));
    blocks.add((long) c.call(CFunction.MALLOC_CONTEXT, 50L, 1L));
    blocks.add((long) c.call(CFunction.CALLOC_CONTEXT, 5L, 10L, 1L));
    blocks.add((long) c.call(CFunction.REALLOC_CONTEXT, 0L, 50L, 1L));
    blocks.add((long) c.call(CFunction.SIZED_REALLOC, 0L, 0L, 50L));
    blocks.add((long) c.call(CFunction.COMBINED, 1L, 0L, 3L, 50L));
    blocks.add((long) c.call(CFunction.CONTEXT_ITEMS, 1L, 5, 10));
    blocks.add((long) c.call(CFunction.INT_MALLOC, 50));
    blocks.add((long) c.call(CFunction.INT_REALLOC, 0L, 50));
    assertThat(blocks).doesNotContain(0L).doesNotHaveDuplicates();
    assertThat(allocator.stats().liveBlocks()).isEqualTo(blocks.size());
    for (long block : blocks) {
      assertThat((int) c.call(CFunction.INT_USABLE_SIZE, block)).isBetween(50, 64);
    }
    assertThat((int) c.call(CFunction.INT_ROUND_UP, 50)).isEqualTo(64);
    assertThat((int) c.call(CFunction.INT_ROUND_UP, Integer.MAX_VALUE))
        .isEqualTo(Integer.MAX_VALUE);

    c.call(CFunction.CONTEXT_FREE, 1L, blocks.get(0));
    c.call(CFunction.FREE_CONTEXT, blocks.get(1), 1L);
    c.call(CFunction.SIZED_FREE, blocks.get(2), 50L);
    assertThat((long) c.call(CFunction.COMBINED, 1L, blocks.get(3), 50L, 0L)).isZero();
    assertThat(allocator.stats().liveBlocks()).isEqualTo(blocks.size() - 4);
    blocks.subList(4, blocks.size()).forEach(c::free);
    assertThat(allocator.stats().liveBlocks()).isZero();
    assertThat(export.failures()).isZero();
  }

  @Test
  void shouldGiveNullWhenAskedForTooMuch() {
    assertThat(c.malloc(-1)).isZero();
    assertThat(c.malloc(Long.MAX_VALUE)).isZero();
    assertThat((long) c.call(CFunction.CALLOC, 1L << 40, 1L << 40)).isZero();
    assertThat((long) c.call(CFunction.CALLOC, 1L, Long.MIN_VALUE)).isZero();
    // 2^32-1 squared is less than 2^64, but more than there is
    assertThat((long) c.call(CFunction.CONTEXT_ITEMS, 0L, -1, -1)).isZero();
    assertThat((long) c.call(CFunction.INT_MALLOC, -1)).isZero();
    assertThat(export.failures()).isEqualTo(6);
    assertThat(export.lastFailure().orElseThrow().cause())
        .isInstanceOf(AllocationFailedException.class);

    long block = c.malloc(10);
    CSide.bytes(block, 10).fill((byte) 3);
    assertThat((long) c.call(CFunction.REALLOC, block, -1L)).isZero();
    assertThat(CSide.bytes(block, 10).toArray(ValueLayout.JAVA_BYTE)).containsOnly(3);
    c.free(block);
    long distinct = (long) c.call(CFunction.CALLOC, 0L, -1L);
    assertThat(distinct).isNotZero();
    c.free(distinct);
    assertThat(allocator.stats().liveBlocks()).isZero();
  }

  @Test
  void shouldKeepTheErrorWhenCFreesWhatItMayNot() {
    long block = c.malloc(10);
    c.free(block);
    c.free(block);
    assertThat(export.lastFailure().orElseThrow())
        .satisfies(
            failure -> {
              assertThat(failure.function()).isEqualTo(CFunction.FREE);
              assertThat(failure.block()).isEqualTo(block);
              assertThat(failure.cause()).isInstanceOf(InvalidFreeException.class);
            });
    c.free(12345);
    assertThat((long) c.call(CFunction.USABLE_SIZE, 12345L)).isZero();
    assertThat((long) c.call(CFunction.REALLOC, 12345L, 7L)).isZero();
    assertThat(export.failures()).isEqualTo(4);
    assertThat(c.malloc(10)).isNotZero();
  }

  @Test
  void shouldServeThreadsThatCHasMade() throws Throwable {
    MethodHandle create =
        CSide.libc(
            "pthread_create",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                CSide.POINTER,
                ValueLayout.ADDRESS,
                CSide.POINTER));
    MethodHandle join =
        CSide.libc(
            "pthread_join",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, CSide.POINTER, ValueLayout.ADDRESS));
    List<Long> blocks = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment thread = arena.allocate(8, 8);
      MemorySegment result = arena.allocate(8, 8);
      for (int i = 0; i < 200; i++) {
        // malloc is a thread's whole life: its argument is the size, its result the block
        int error =
            (int)
                create.invokeExact(
                    thread, 0L, export.function(CFunction.MALLOC), (long) (i % 50) * 100);
        assertThat(error).isZero();
        error = (int) join.invokeExact(thread.get(CSide.POINTER, 0), result);
        assertThat(error).isZero();
        blocks.add(result.get(CSide.POINTER, 0));
      }
    }
    assertThat(blocks).doesNotContain(0L).doesNotHaveDuplicates();
    assertThat(allocator.stats().liveBlocks()).isEqualTo(200);
    blocks.forEach(c::free);
    assertThat(allocator.stats().liveBlocks()).isZero();
    assertThat(export.failures()).isZero();
  }

  @Test
  void shouldRefuseWhenClosedAndKeepThePointers() {
    long block = c.malloc(10);
    MemorySegment malloc = export.function(CFunction.MALLOC);
    c.free(c.malloc(1));
    export.close();
    export.close();
    assertThat(export.function(CFunction.MALLOC)).isEqualTo(malloc);
    assertThat(c.malloc(10)).isZero();
    c.free(block);
    assertThat(export.lastFailure().orElseThrow().cause())
        .isInstanceOf(IllegalStateException.class);
    assertThat(allocator.stats().liveBlocks()).isEqualTo(1);
    assertThatThrownBy(() -> export.function(CFunction.ALIGNED_ALLOC))
        .isInstanceOf(IllegalStateException.class);
    allocator.close();
    assertThat(c.malloc(10)).isZero();
  }

  @Test
  void shouldGiveNullWhenTheAllocatorIsClosedFirst() {
    assertThat(c.malloc(10)).isNotZero();
    allocator.close();
    assertThat(c.malloc(10)).isZero();
    assertThat(export.failures()).isEqualTo(1);
  }

  @Test
  void shouldWaitForOtherThreadsWhenItIsClosed() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Allocator slow =
        new Forwarding(allocator) {
          @Override
          public long malloc(long size) {
            inside.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return super.malloc(size);
          }
        };
    CExport exported = CExport.of(slow);
    CSide side = new CSide(exported);
    side.free(0);
    long[] block = new long[1];
    Thread caller = Thread.ofPlatform().start(() -> block[0] = side.malloc(10));
    inside.await();
    Thread closer = Thread.ofPlatform().start(exported::close);
    assertThat(closer.join(java.time.Duration.ofMillis(50))).isFalse();
    goOn.countDown();
    caller.join(TimeUnit.SECONDS.toMillis(30));
    assertThat(closer.join(java.time.Duration.ofSeconds(30))).isTrue();
    assertThat(block[0]).isNotZero();
    assertThat(side.malloc(10)).isZero();
  }

  @Test
  void shouldRefuseToBeCalledFromInsideItself() {
    long[] innerBlock = {-1};
    CSide[] self = new CSide[1];
    Allocator calling =
        new Forwarding(allocator) {
          private long spare;

          @Override
          public long malloc(long size) {
            if (size == 77) {
              innerBlock[0] = self[0].malloc(10);
              self[0].free(spare);
              // not yet: it is live until this call is over
              assertThat(inner().usableSize(spare)).isNotZero();
            }
            return super.malloc(size);
          }

          @Override
          public long calloc(long count, long size) {
            spare = super.calloc(count, size);
            return spare;
          }
        };
    try (CExport exported = CExport.of(calling)) {
      self[0] = new CSide(exported);
      self[0].call(CFunction.CALLOC, 1L, 10L);
      long block = self[0].malloc(77);
      assertThat(block).isNotZero();
      assertThat(innerBlock[0]).isZero();
      assertThat(exported.lastFailure().orElseThrow().cause())
          .isInstanceOf(ReentrantCallException.class);
      assertThat(exported.failures()).isEqualTo(1);
      self[0].free(block);
    }
    assertThat(allocator.stats().liveBlocks()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {StackOverflowError.class, OutOfMemoryError.class, IllegalStateException.class})
  void shouldGiveNullWhateverTheAllocatorThrows(Class<? extends Throwable> type) {
    Allocator failing =
        new Forwarding(allocator) {
          @Override
          public long malloc(long size) {
            return fail();
          }

          @Override
          public void free(long address) {
            fail();
          }

          private long fail() {
            try {
              CExportTest.<RuntimeException>sneak(type.getDeclaredConstructor().newInstance());
            } catch (ReflectiveOperationException e) {
              throw new LinkageError(type.getName(), e);
            }
            return 1;
          }
        };
    try (CExport exported = CExport.of(failing)) {
      CSide side = new CSide(exported);
      assertThat(side.malloc(10)).isZero();
      side.free(16);
      assertThat(exported.failures()).isEqualTo(2);
      assertThat(exported.lastFailure().orElseThrow().cause()).isInstanceOf(type);
    }
  }

  @Test
  void shouldForgetThreadsThatHaveEnded() throws Exception {
    Callers callers = new Callers();
    for (int i = 0; i < 500; i++) {
      Thread thread = Thread.ofPlatform().start(() -> callers.enter().leave());
      thread.join();
    }
    assertThat(callers.size()).isLessThan(200);
  }

  @Test
  void shouldTellTheCureWithoutNativeAccess() throws Exception {
    ForkedJvm.Result result = ForkedJvm.run(WithoutNativeAccess.class);
    assertThat(result.out()).contains("IllegalCallerException").contains("--enable-native-access");
    assertThat(result.err()).isEmpty();
  }

  /** What is run without native access. */
  static final class WithoutNativeAccess {
    private WithoutNativeAccess() {}

    public static void main(String[] args) {
      try (CExport export = CExport.of(Allocators.of("ouroboros"))) {
        System.out.println(export.function(CFunction.MALLOC));
      } catch (IllegalCallerException e) {
        System.out.println(e);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable t) throws T {
    throw (T) t;
  }

  private static class Forwarding extends ForwardingAllocator {
    Forwarding(Allocator inner) {
      super(inner, "forwarding");
    }
  }
}
