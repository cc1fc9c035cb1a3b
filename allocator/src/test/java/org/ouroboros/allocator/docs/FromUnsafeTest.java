package org.ouroboros.allocator.docs;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.OuroborosAllocator;

/** The code of {@code docs/from-unsafe.md}: what stands between the comments is on the page. */
class FromUnsafeTest {

  private final Unsafe unsafe = new Unsafe();

  @Test
  void before() {
    long sum = 0;
    // PAGE from-unsafe
    long table = unsafe.allocateMemory(1024 * 8L);
    unsafe.setMemory(table, 1024 * 8L, (byte) 0);
    unsafe.putLong(table + 7 * 8, 42);
    sum += unsafe.getLong(table + 7 * 8);
    table = unsafe.reallocateMemory(table, 2048 * 8L);
    unsafe.freeMemory(table);
    // PAGE end
    assertThat(sum).isEqualTo(42);
  }

  @Test
  void after() {
    long sum = 0;
    // PAGE from-unsafe
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) { // one for the program
      long table = allocator.calloc(1024, 8); // zeroed
      MemorySegment view = allocator.segment(table, 1024 * 8L);
      view.setAtIndex(JAVA_LONG, 7, 42); // the index is checked
      sum += view.getAtIndex(JAVA_LONG, 7);
      table = allocator.realloc(table, 2048 * 8L); // may move: make the view anew
      view = allocator.segment(table, 2048 * 8L);
      sum += view.getAtIndex(JAVA_LONG, 7);
      allocator.free(table); // do not use the view any more
    }
    // PAGE end
    assertThat(sum).isEqualTo(84);
  }

  // PAGE from-unsafe
  static final VarHandle LONG = JAVA_LONG.varHandle(); // of a segment and a byte offset

  static boolean claim(MemorySegment words, long offset, long owner) {
    return LONG.compareAndSet(words, offset, 0L, owner);
  }

  // PAGE end

  // PAGE from-unsafe
  /** All memory: an access at any address, not checked, as Unsafe's. */
  @SuppressWarnings("restricted")
  static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  static void increment(long address) {
    MEMORY.set(JAVA_LONG, address, MEMORY.get(JAVA_LONG, address) + 1);
  }

  // PAGE end

  @Test
  void accesses() {
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      MemorySegment words = allocator.allocate(64);
      words.fill((byte) 0);
      assertThat(claim(words, 8, 5)).isTrue();
      assertThat(claim(words, 8, 6)).isFalse();
      increment(words.address() + 8);
      assertThat(words.get(JAVA_LONG, 8)).isEqualTo(6);
      allocator.free(words);
    }
  }

  @Test
  void twice() {
    String message = "";
    // PAGE from-unsafe
    try (Allocator allocator = OuroborosAllocator.builder().exactFreeChecks(true).build()) {
      long block = allocator.malloc(64);
      allocator.free(block);
      allocator.free(block);
    } catch (InvalidFreeException e) {
      message = e.getMessage(); // the address, and that it was freed before
    }
    // PAGE end
    assertThat(message).contains("0x");
  }

  @Test
  void confined() throws InterruptedException {
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      // PAGE from-unsafe
      Allocator mine = allocator.confined(); // of this thread, and cheaper
      long block = mine.malloc(64);
      Thread other = Thread.ofVirtual().start(() -> allocator.free(block)); // any thread may free
      other.join();
      mine.close(); // live blocks would stay valid
      // PAGE end
      assertThat(allocator.stats().liveBlocks()).isZero();
    }
  }
}
