package org.ouroboros.allocator.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MemorySource;

/** What callers of the allocator cannot bring about, or only by a race. */
class PageHeapTest {

  private static final MemorySource SOURCE = MappedFileSource.create();

  private final Engine engine =
      new Engine("test", SOURCE, SOURCE.reserve(64 << 20, 1 << 20), -1, true);

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void shouldDoNothingWhenThePageIsGone() {
    PageHeap pages = engine.pages;
    Page page = engine.pageOf(engine.mallocLarge(4 * Page.SIZE, 16, false));
    assertThat(pages.free(page)).isTrue();
    long committed = pages.committedBytes();

    assertThat(pages.free(page)).isFalse();
    assertThat(pages.resizeLarge(page, 8)).isFalse();
    assertThat(pages.resizeLarge(page, 2)).isFalse();

    assertThat(pages.committedBytes()).isEqualTo(committed);
    assertThat(engine.report().stats().liveBlocks()).isZero();
    assertThat(engine.mallocLarge(4 * Page.SIZE, 16, false)).isEqualTo(page.address());
    assertThat(pages.free(page)).isFalse();
  }

  @Test
  void shouldFindNoPageWhenTheAddressIsOutside() {
    long block = engine.mallocLarge(Page.SIZE, 16, false);
    assertThat(engine.pageOf(block).isLarge()).isTrue();
    for (long address : new long[] {0, -1, block - 1, block + (32 << 20), block + (1L << 48)}) {
      assertThat(engine.pageOf(address)).isSameAs(Page.NONE);
    }
    engine.close();
    assertThat(engine.pageOf(block)).isSameAs(Page.NONE);
  }
}
