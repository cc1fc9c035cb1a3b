package org.ouroboros.allocator.bdwgc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorContractTest;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.ForkedJvm;
import org.ouroboros.allocator.InvalidFreeException;

/** libgc as an allocator, and as a collector. Skipped, saying why, where it is not installed. */
class BoehmAllocatorTest {

  private static final int NODE = 64;
  private static final long MOST_LEFT = 4 << 20;

  private BoehmAllocator gc;

  private static <T> T available(Callable<T> maker) throws Exception {
    try {
      return maker.call();
    } catch (AllocatorUnavailableException e) {
      return abort(e.getMessage());
    }
  }

  @Nested
  class Contract extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      try {
        return available(() -> Allocators.of("bdwgc"));
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  @BeforeEach
  void open() throws Exception {
    gc = available(BoehmAllocator::create);
  }

  @AfterEach
  void close() {
    if (gc != null) {
      gc.close();
      gc = null;
    }
  }

  // ------------------------------------------------------------ what is collected

  @Test
  void shouldReclaimWhatNothingLeadsTo() {
    gc.collect();
    BoehmCollection before = gc.collect();
    final int blocks = 200_000;
    for (int n = 0; n < blocks; n++) {
      gc.newBlock(NODE).close();
    }
    for (int n = 0; n < 50; n++) {
      gc.newPointerFree(1 << 20).close();
    }

    BoehmCollection after = gc.collect();

    long allocated = (long) blocks * NODE + (50L << 20);
    assertThat(after.number()).isEqualTo(before.number() + 1);
    assertThat(after.usedBytesBefore()).isGreaterThan(before.usedBytesAfter() + allocated * 9 / 10);
    assertThat(after.usedBytesAfter()).isLessThan(before.usedBytesAfter() + MOST_LEFT);
    assertThat(after.heapBytes()).isGreaterThanOrEqualTo(after.usedBytesAfter());
  }

  @Test
  void shouldNotGrowWhenItIsCollectedFromTimeToTime() {
    long heap = 0;
    for (int round = 0; round < 20; round++) {
      for (int n = 0; n < 50_000; n++) {
        gc.newBlock(NODE).close();
      }
      long now = gc.collect().heapBytes();
      heap = round == 2 ? now : heap;
    }
    assertThat(gc.collect().heapBytes()).isLessThan(heap + 4 * MOST_LEFT);
  }

  @Test
  void shouldKeepWhatARootLeadsToAndTakeItWhenTheRootGoes() {
    gc.collect();
    final long before = gc.collect().usedBytesAfter();
    final int length = 100_000;
    try (BoehmRoot list = list(length, 7)) {
      churn();
      BoehmCollection collected = gc.collect();
      churn(); // over whatever was taken by mistake
      assertThat(lengthOf(list, 7)).isEqualTo(length);
      assertThat(collected.usedBytesAfter()).isGreaterThan(before + (long) length * NODE * 9 / 10);
    }
    assertThat(gc.collect().usedBytesAfter()).isLessThan(before + MOST_LEFT);
  }

  @Test
  void shouldTakeCycles() {
    gc.collect();
    final long before = gc.collect().usedBytesAfter();
    for (int n = 0; n < 100_000; n++) {
      try (BoehmRoot one = gc.newBlock(NODE);
          BoehmRoot other = gc.newBlock(NODE)) {
        put(one.address(), other.address());
        put(other.address(), one.address());
      }
    }
    BoehmCollection collected = gc.collect();
    assertThat(collected.usedBytesBefore()).isGreaterThan(before + 190_000L * NODE);
    assertThat(collected.usedBytesAfter()).isLessThan(before + MOST_LEFT);
  }

  @Test
  void shouldKeepBlocksOfTheMallocFamilyAndWhatTheyLeadTo() {
    List<Long> blocks = new ArrayList<>();
    for (int n = 0; n < 20_000; n++) {
      long block =
          switch (n % 4) {
            case 0 -> gc.malloc(NODE);
            case 1 -> gc.calloc(1, NODE);
            case 2 -> gc.alignedAlloc(256, NODE);
            default -> gc.realloc(gc.malloc(8), NODE);
          };
      gc.segment(block, NODE).fill((byte) n);
      blocks.add(block);
    }
    long holder = gc.malloc(16);
    try (BoehmRoot list = list(1000, 5)) {
      put(holder, list.address());
    }
    gc.collect();
    churn();
    for (int n = 0; n < blocks.size(); n++) {
      assertThat(gc.segment(blocks.get(n), NODE).toArray(JAVA_BYTE)).containsOnly((byte) n);
      gc.free(blocks.get(n));
    }
    try (BoehmRoot list = gc.newRoot(gc.segment(holder, 16).get(JAVA_LONG, 0))) {
      assertThat(lengthOf(list, 5)).isEqualTo(1000);
    }
    gc.free(holder);
  }

  @Test
  void shouldTakeWhatIsRootedWhenTheAllocatorIsClosed() {
    gc.collect();
    final long before = gc.collect().usedBytesAfter();
    BoehmAllocator other = BoehmAllocator.create();
    BoehmRoot forgotten = other.newPointerFree(50 << 20);
    assertThat(gc.collect().usedBytesAfter()).isGreaterThan(before + (49 << 20));

    other.close();

    assertThat(gc.collect().usedBytesAfter()).isLessThan(before + MOST_LEFT);
    assertThatIllegalStateException().isThrownBy(forgotten::address);
    assertThatIllegalStateException().isThrownBy(() -> forgotten.set(0));
    assertThatIllegalStateException().isThrownBy(() -> other.newBlock(10));
    assertThatIllegalStateException().isThrownBy(() -> other.newRoot(0));
    assertThatIllegalStateException().isThrownBy(other::collect);
    forgotten.close();
  }

  // ------------------------------------------------------------------ roots

  @Test
  void shouldGiveZeroedBlocksAndRootsThatCanBeChanged() {
    BoehmRoot none = gc.newRoot(0);
    try (BoehmRoot root = gc.newBlock(1000)) {
      assertThat(root.address() % Allocator.MIN_ALIGNMENT).isZero();
      assertThat(gc.usableSize(root.address())).isGreaterThanOrEqualTo(1000);
      assertThat(gc.segment(root.address(), 1000).toArray(JAVA_BYTE)).containsOnly(0);
      assertThat(none.address()).isZero();
      none.set(root.address());
      assertThat(none.address()).isEqualTo(root.address());
      assertThat(none).hasToString("root of 0x" + Long.toHexString(root.address()));
    }
    none.close();
    none.close();
    assertThat(none).hasToString("closed root");
    assertThatIllegalStateException().isThrownBy(none::address);
  }

  @Test
  void shouldHaveRoomForManyRoots() {
    List<BoehmRoot> roots = new ArrayList<>();
    for (int n = 0; n < 20_000; n++) {
      BoehmRoot root = gc.newBlock(16);
      gc.segment(root.address(), 16).set(JAVA_LONG, 8, n);
      roots.add(root);
    }
    gc.collect();
    churn();
    for (int n = 0; n < roots.size(); n++) {
      assertThat(gc.segment(roots.get(n).address(), 16).get(JAVA_LONG, 8)).isEqualTo(n);
      roots.get(n).close();
    }
  }

  // --------------------------------------------------------------------- misuse

  @Test
  void shouldRefuseToCollectInsideAHold() {
    try (BoehmAllocator.Hold hold = gc.hold()) {
      assertThat(hold).isNotNull();
      assertThatIllegalStateException().isThrownBy(gc::collect).withMessageContaining("hold");
      gc.newBlock(10).close();
    }
    assertThat(gc.collect().number()).isPositive();
  }

  @Test
  void shouldRefuseSizesThatCannotBe() {
    assertThatIllegalArgumentException().isThrownBy(() -> gc.newBlock(-1));
    assertThatExceptionOfType(AllocationFailedException.class)
        .isThrownBy(() -> gc.newPointerFree(Long.MAX_VALUE));
    assertThatExceptionOfType(AllocationFailedException.class)
        .isThrownBy(() -> gc.newBlock(1L << 46))
        .withMessageContaining("libgc returned NULL");
  }

  @Test
  void shouldRefuseToFreeWhatIsNotInItsHeap() {
    try (Allocator other = Allocators.of("ouroboros")) {
      long foreign = other.malloc(100);
      assertThatExceptionOfType(InvalidFreeException.class).isThrownBy(() -> gc.free(foreign));
      assertThatExceptionOfType(InvalidFreeException.class).isThrownBy(() -> gc.realloc(16, 1));
      assertThatExceptionOfType(InvalidFreeException.class).isThrownBy(() -> gc.usableSize(-16));
    }
  }

  // -------------------------------------------------------------------- threads

  @Test
  void shouldKeepListsOfFourThreadsWhileAnotherCollects() throws Exception {
    final int threads = 4;
    AtomicInteger running = new AtomicInteger(threads);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Void>> results = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        final int seed = t;
        results.add(
            executor.submit(
                () -> {
                  try {
                    for (int round = 0; round < 20; round++) {
                      useAThread(seed + 10 * round);
                    }
                    return null;
                  } finally {
                    running.decrementAndGet();
                  }
                }));
      }
      int collections = 0;
      while (running.get() > 0) {
        gc.collect();
        collections++;
      }
      for (Future<Void> result : results) {
        result.get();
      }
      assertThat(collections).isPositive();
    }
  }

  private void useAThread(int seed) {
    try (BoehmRoot list = list(500, seed)) {
      List<Long> blocks = new ArrayList<>();
      for (int n = 0; n < 2000; n++) {
        gc.newBlock(NODE).close();
        blocks.add(gc.malloc(n % 300));
      }
      assertThat(lengthOf(list, seed)).isEqualTo(500);
      blocks.forEach(gc::free);
      reverse(list);
      assertThat(lengthOf(list, seed)).isEqualTo(500);
    }
  }

  /** What a collection must not come between: for a moment nothing leads to the rest. */
  private void reverse(BoehmRoot list) {
    try (BoehmAllocator.Hold hold = gc.hold()) {
      assertThat(hold).isNotNull();
      long done = 0;
      for (long node = list.address(); node != 0; ) {
        long next = gc.segment(node, NODE).get(JAVA_LONG, 0);
        put(node, done);
        done = node;
        node = next;
      }
      list.set(done);
    }
  }

  @Test
  void shouldFailTypedInFourThreadsWhenMemoryRunsOut() throws Exception {
    ForkedJvm.Result result =
        ForkedJvm.run(
            "export GC_MAXIMUM_HEAP_SIZE=64M;", Exhaustion.class, ForkedJvm.NATIVE_ACCESS);
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualToIgnoringNewLines("failed 8, served again");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void shouldRefuseIncrementalMode() throws Exception {
    ForkedJvm.Result result =
        ForkedJvm.run("export GC_ENABLE_INCREMENTAL=1;", Exhaustion.class, ForkedJvm.NATIVE_ACCESS);
    assertThat(result.out()).contains("incremental").contains("GC_ENABLE_INCREMENTAL");
    assertThat(result.exitCode()).isZero();
  }

  /** Four threads of a JVM that libgc does not know take all there is, of both kinds. */
  static final class Exhaustion {
    private Exhaustion() {}

    public static void main(String[] args) throws Exception {
      try (BoehmAllocator gc = BoehmAllocator.create();
          ExecutorService executor = Executors.newFixedThreadPool(4)) {
        List<Future<Integer>> failures = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
          failures.add(executor.submit(() -> fail(gc)));
        }
        int failed = 0;
        for (Future<Integer> failure : failures) {
          failed += failure.get();
        }
        gc.collect();
        for (int n = 0; n < 100; n++) {
          gc.malloc(100_000);
        }
        System.out.println("failed " + failed + ", served again");
      } catch (AllocatorUnavailableException e) {
        System.out.println(e.getMessage());
      }
    }

    private static int fail(BoehmAllocator gc) {
      int failed = 0;
      List<Long> blocks = new ArrayList<>();
      try {
        while (true) {
          blocks.add(gc.malloc(100_000));
        }
      } catch (AllocationFailedException e) {
        failed++;
      }
      try {
        while (true) {
          gc.newBlock(100_000).close();
        }
      } catch (AllocationFailedException e) {
        failed++;
      }
      blocks.forEach(gc::free);
      return failed;
    }
  }

  // -------------------------------------------------------------------- helpers

  /** A list of nodes: the next one's address, a mark. */
  private BoehmRoot list(int length, long mark) {
    BoehmRoot list = gc.newRoot(0);
    for (int n = 0; n < length; n++) {
      try (BoehmRoot node = gc.newBlock(NODE)) {
        put(node.address(), list.address());
        gc.segment(node.address(), NODE).set(JAVA_LONG, 8, mark);
        list.set(node.address());
      }
    }
    return list;
  }

  private int lengthOf(BoehmRoot list, long mark) {
    int length = 0;
    for (long node = list.address(); node != 0; length++) {
      assertThat(gc.segment(node, NODE).get(JAVA_LONG, 8)).isEqualTo(mark);
      node = gc.segment(node, NODE).get(JAVA_LONG, 0);
    }
    return length;
  }

  private void put(long block, long address) {
    gc.segment(block, 8).set(JAVA_LONG, 0, address);
  }

  /** Writes over memory that was taken. */
  private void churn() {
    for (int n = 0; n < 30_000; n++) {
      try (BoehmRoot root = gc.newPointerFree(NODE)) {
        gc.segment(root.address(), NODE).fill((byte) 0x55);
      }
    }
  }
}
