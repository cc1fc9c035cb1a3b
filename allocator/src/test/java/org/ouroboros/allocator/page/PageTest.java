package org.ouroboros.allocator.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.sizeclass.SizeClasses;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MemorySource;

/** The metadata of pages: every class, every offset. */
class PageTest {

  private static final MemorySource SOURCE = MappedFileSource.create();

  /** Only the owner's tag matters here. */
  private final Engine engine =
      new Engine("test", SOURCE, SOURCE.reserve(1 << 20, 1 << 20), -1, true);

  private final LocalHeap owner = engine.heaps().acquire(Thread.currentThread());

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void shouldFindTheBlockWhenAskedForAnyOffset() {
    final long base = 0x7f12_3456_0000L;
    for (int c = 0; c < SizeClasses.COUNT; c++) {
      Page page = Page.ofClass(owner, 3, base, c);
      int block = SizeClasses.blockSize(c);
      int bytes = page.pages * Page.SIZE;
      assertThat(page.capacity()).isEqualTo(bytes / block);
      for (int offset = 0; offset < bytes; offset++) {
        int index = offset / block;
        int expected = offset % block == 0 && index < page.capacity() ? index : -1;
        if (page.indexOf(base + offset) != expected) {
          throw new AssertionError(
              "offset %d of blocks of %d: index %d, not %d"
                  .formatted(offset, block, page.indexOf(base + offset), expected));
        }
      }
    }
  }

  @Test
  void shouldHoldEightBlocksAtLeastWhenOfAnyClass() {
    for (int c = 0; c < SizeClasses.COUNT; c++) {
      Page page = Page.ofClass(owner, 0, 0, c);
      assertThat(page.capacity()).as("of class %d", c).isGreaterThanOrEqualTo(8);
      int lost = page.pages * Page.SIZE - page.capacity() * SizeClasses.blockSize(c);
      assertThat(lost).as("lost of class %d", c).isLessThan(SizeClasses.blockSize(c));
    }
  }

  @Test
  void shouldHaveAllBlocksFreeWhenNew() {
    for (int c = 0; c < SizeClasses.COUNT; c++) {
      Page page = Page.ofClass(owner, 0, 0, c);
      assertThat(page.freeBlocks()).isEqualTo(page.capacity());
      assertThat(page.locallyFree()).isEqualTo(page.capacity());
      for (int i = 0; i < page.capacity(); i++) {
        assertThat(page.isFree(i)).isTrue();
      }
      assertThat(page.isOfClass()).isTrue();
      assertThat(page.isLarge()).isFalse();
      assertThat(page.blockSize()).isEqualTo(SizeClasses.blockSize(c));
    }
  }

  @Test
  void shouldBeOneBlockWhenLarge() {
    Page page = Page.large(5, 7, 1 << 20);
    assertThat(page.isLarge()).isTrue();
    assertThat(page.isOfClass()).isFalse();
    assertThat(page.blockSize()).isEqualTo(7 * Page.SIZE);
    assertThat(page.address()).isEqualTo(1 << 20);
    assertThat(Page.NONE.isLarge()).isFalse();
    assertThat(Page.NONE.isOfClass()).isFalse();
  }

  @Test
  void shouldCountABlockOnceWhenItIsFreedRemotelyAndLocally() {
    Page page = Page.ofClass(owner, 0, 0, 0);
    page.record[Page.FREE] = 0;
    int free = page.capacity() - 64;
    assertThat(page.freeBlocks()).isEqualTo(free);

    assertThat(owner.remoteFrees.post(page, 0, 1 << 5)).isZero();
    assertThat(owner.remoteFrees.post(page, 0, 1 << 5)).isEqualTo(1 << 5);
    assertThat(page.freeBlocks()).isEqualTo(free + 1);
    assertThat(page.isFree(5)).isTrue();
    assertThat(page.isFree(6)).isFalse();
    page.record[Page.FREE] = 1 << 5;

    assertThat(page.freeBlocks()).isEqualTo(free + 1);
  }
}
