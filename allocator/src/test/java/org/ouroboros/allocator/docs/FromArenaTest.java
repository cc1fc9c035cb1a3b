package org.ouroboros.allocator.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.arena.Arenas;
import org.ouroboros.allocator.arena.SharedArenaPool;

/** The code of {@code docs/from-arena.md}: what stands between the comments is on the page. */
class FromArenaTest {

  @Test
  void confinedBefore() {
    long length;
    // PAGE from-arena
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom("ouroboros");
      length = name.byteSize();
    }
    // PAGE end
    assertThat(length).isEqualTo(10);
  }

  @Test
  void confinedAfter() {
    long length;
    MemorySegment old;
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      // PAGE from-arena
      Allocator mine = allocator.confined(); // once for each thread; allocator itself works too
      try (Arena arena = Arenas.ofConfined(mine)) {
        MemorySegment name = arena.allocateFrom("ouroboros");
        length = name.byteSize();
        old = name;
      }
      // PAGE end
      MemorySegment closed = old;
      assertThatIllegalStateException().isThrownBy(() -> closed.get(ValueLayout.JAVA_BYTE, 0));
      assertThat(allocator.stats().liveBlocks()).isZero();
    }
    assertThat(length).isEqualTo(10);
  }

  @Test
  void sharedBefore() throws InterruptedException {
    MemorySegment buffer;
    // PAGE from-arena
    try (Arena arena = Arena.ofShared()) {
      buffer = arena.allocate(4096);
      MemorySegment filled = buffer;
      Thread.ofPlatform().start(() -> filled.fill((byte) 1)).join();
    } // waits for all threads of the process
    // PAGE end
    assertThatIllegalStateException().isThrownBy(() -> buffer.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void sharedAfter() throws InterruptedException {
    MemorySegment buffer;
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      // PAGE from-arena
      SharedArenaPool pool = new SharedArenaPool(allocator); // one for the program
      try (Arena arena = pool.open()) {
        buffer = arena.allocate(4096);
        MemorySegment filled = buffer;
        Thread.ofPlatform().start(() -> filled.fill((byte) 1)).join();
      } // waits for nobody; one close of many ends the epoch
      pool.flush(); // ends it now: old segments throw from here on
      // PAGE end
      assertThatIllegalStateException().isThrownBy(() -> buffer.get(ValueLayout.JAVA_BYTE, 0));
      pool.close();
    }
  }

  @Test
  void withoutAnArena() {
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      // PAGE from-arena
      MemorySegment entry = allocator.allocate(256); // lives until it is freed, in any thread
      entry.fill((byte) 0); // its content is anything at first
      allocator.free(entry);
      // PAGE end
      assertThat(allocator.stats().liveBlocks()).isZero();
    }
  }

  @Test
  void region() {
    // PAGE from-arena
    try (Allocator request = Allocators.of("region")) {
      for (int i = 0; i < 1000; i++) {
        request.malloc(48); // moves a pointer
      }
    } // all of it at once
    // PAGE end
    assertThat(Allocators.names()).contains("region");
  }
}
