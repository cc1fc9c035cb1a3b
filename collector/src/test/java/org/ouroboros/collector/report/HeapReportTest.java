package org.ouroboros.collector.report;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.space.PagedSpace;
import org.ouroboros.collector.space.SpaceMap;

/** Reports on heaps: what their figures are, and that they are well-formed. */
class HeapReportTest {

  private static final ObjectType PAIR =
      ObjectType.builder("pair").references("left", "right").build();
  private static final ObjectType BYTES = ObjectType.array("bytes", JAVA_BYTE);

  private static final Pattern TAG =
      Pattern.compile("<(/?)([a-z][a-z0-9]*)((?: [a-zA-Z-]+=\"[^\"<]*\")*)(/?)>");
  private static final Pattern LOOSE = Pattern.compile("&(?!(amp|lt|gt|quot|#39);)|[<>]");

  /** That every tag is closed in turn, and nothing but tags and known entities has their signs. */
  private static void checkWellFormed(String html) {
    assertThat(html).startsWith("<!DOCTYPE html>\n");
    Deque<String> open = new ArrayDeque<>();
    Matcher tags = TAG.matcher(html);
    int end = "<!DOCTYPE html>".length();
    boolean inStyle = false;
    while (tags.find()) {
      String between = html.substring(end, tags.start());
      assertThat(inStyle ? "" : between).doesNotContainPattern(LOOSE);
      end = tags.end();
      inStyle = tags.group(2).equals("style") && tags.group(1).isEmpty();
      if (!tags.group(1).isEmpty()) {
        assertThat(open.pop()).isEqualTo(tags.group(2));
      } else if (tags.group(4).isEmpty()) {
        open.push(tags.group(2));
      }
    }
    assertThat(open).isEmpty();
    assertThat(html.substring(end)).isBlank();
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void everySpaceAndMode(HeapOptions options) {
    try (Heap heap = Heap.ofConfined(options)) {
      checkWellFormed(HeapReport.of(heap).html());
      CollectionRecorder recorder = CollectionRecorder.attach(heap);
      checkWellFormed(HeapReport.of(heap).withRecorder(recorder).html());
      for (int i = 0; i < 1234; i++) {
        heap.allocate(PAIR);
      }
      heap.allocate(BYTES, 200_000);
      heap.collector().collect();
      String html = HeapReport.of(heap).withRecorder(recorder).html();
      checkWellFormed(html);
      assertThat(html)
          .contains("<b>1,235</b>live objects")
          .contains("<td>pair</td><td>1,234</td><td>19.3 KiB</td>")
          .contains("<td>bytes</td><td>1</td>")
          .contains("Collections over time");
    }
  }

  @Test
  void namesAreEscaped() {
    ObjectType odd = ObjectType.builder("<script>&\"'\u0001\uD800</td>").build();
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withName("a<b>&c"))) {
      heap.allocate(odd);
      String html = HeapReport.of(heap).html();
      checkWellFormed(html);
      assertThat(html)
          .doesNotContain("<script>")
          .contains("<h1>Heap a&lt;b&gt;&amp;c</h1>")
          .contains("<td>&lt;script&gt;&amp;&quot;&#39;\uFFFD\uFFFD&lt;/td&gt;</td>");
    }
  }

  /** The parts of the memory bar are all of what is committed, and live blocks are the objects. */
  @Test
  void theMapAddsUp() {
    Random random = new Random(5);
    try (Heap heap = Heap.ofConfined()) {
      int count = 3000;
      long[] refs = new long[count];
      for (int i = 0; i < count; i++) {
        int size = random.nextInt(20) == 0 ? random.nextInt(150_000) : random.nextInt(3000);
        refs[i] = random.nextBoolean() ? heap.allocate(PAIR) : heap.allocate(BYTES, size);
      }
      check(heap);
      for (int i = 0; i < count; i++) {
        if (i % 3 != 0) {
          heap.release(refs[i]);
        }
      }
      check(heap);
    }
  }

  private static void check(Heap heap) {
    HeapReport.of(heap).html(); // side bits are exact from here on
    SpaceMap map = ((PagedSpace) ((ConfinedHeap) heap).store().space).map();
    long inSpans = 0;
    long liveInSpans = 0;
    for (SpaceMap.Size size : map.sizes()) {
      assertThat(size.live()).isBetween(0L, size.capacity());
      assertThat(size.capacity() * size.blockBytes()).isLessThanOrEqualTo(size.spanBytes());
      inSpans += size.spanBytes();
      liveInSpans += size.live() * size.blockBytes();
    }
    long unit = 1024; // the first, which is the null reference
    assertThat(liveInSpans + map.runBytes() - unit + map.largeBytes())
        .isEqualTo(heap.stats().liveBytes());
    assertThat(inSpans + map.runBytes() + map.largeBytes() + map.freeUnitBytes() + map.keptBytes())
        .isEqualTo(heap.stats().committedBytes());
  }

  @Test
  void manyTypesAndManyPages() {
    try (Heap heap = Heap.ofConfined()) {
      for (int i = 0; i < 40; i++) {
        heap.allocate(ObjectType.builder("type " + i).build());
      }
      for (int i = 0; i < 60; i++) {
        heap.allocate(BYTES, 4 << 20);
      }
      String html = HeapReport.of(heap).html();
      checkWellFormed(html);
      assertThat(html).contains("And 16 more types.").contains("2 in each cell");
      assertThat(html.length()).isLessThan(500_000);
    }
  }

  @Test
  void aReportIsWhollyThereOrNotAtAll() throws IOException {
    Configuration small =
        Configuration.unix().toBuilder().setWorkingDirectory("/there").setMaxSize(12 << 10).build();
    try (Heap heap = Heap.ofConfined();
        FileSystem files = Jimfs.newFileSystem(small)) {
      Path path = files.getPath("/there/heap.html");
      HeapReport.write(heap, path);
      String empty = Files.readString(path);
      assertThat(empty).endsWith("</html>\n");
      for (int i = 0; i < 100; i++) {
        heap.allocate(BYTES, 16 * i);
      }
      assertThatThrownBy(() -> HeapReport.write(heap, path)).isInstanceOf(IOException.class);
      assertThat(path).hasContent(empty);
      try (var list = Files.list(path.getParent())) {
        assertThat(list).containsExactly(path);
      }
    }
  }

  @Test
  void ofAClosedHeapThereIsNone() {
    Heap heap = Heap.ofConfined();
    HeapReport report = HeapReport.of(heap);
    heap.close();
    assertThatThrownBy(report::html).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void duringACollection() {
    List<String> pages = new java.util.ArrayList<>();
    ObjectType mortal =
        ObjectType.builder("mortal")
            .references("next")
            .finalizer((heap, ref) -> pages.add(HeapReport.of(heap).html()))
            .build();
    try (Heap heap = Heap.ofConfined()) {
      long object = heap.allocate(mortal);
      heap.setRef(object, 0, object);
      heap.release(object);
      heap.collector().collect();
      assertThat(pages).hasSize(1);
      checkWellFormed(pages.getFirst());
      assertThat(heap.errors().entries()).isEmpty();
    }
  }
}
