package org.ouroboros.allocator.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.PageRun;
import org.ouroboros.allocator.report.AllocationSites.Site;

/** Reports on allocators: what their figures are, and that they are well-formed. */
class AllocatorReportTest {

  private static void checkWellFormed(String html) throws Exception {
    assertThat(html).startsWith("<!DOCTYPE html>\n");
    byte[] bytes = html.getBytes(StandardCharsets.UTF_8);
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(bytes));
  }

  private static long bytes(List<PageRun> runs, PageRun.Use use) {
    return runs.stream()
        .filter(run -> run.use() == use)
        .mapToLong(run -> run.pages() * PageRun.PAGE_BYTES)
        .sum();
  }

  @Test
  void pagesAddUpToWhatIsCommitted() {
    Random random = new Random(1);
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      List<Long> blocks = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        blocks.add(allocator.malloc(random.nextInt(random.nextInt(100) == 0 ? 500_000 : 400)));
      }
      for (int i = 0; i < blocks.size(); i++) {
        if (i < 10_000 || i % 3 == 0) {
          allocator.free(blocks.get(i));
        }
      }
      check(allocator);
      allocator.purge();
      assertThat(bytes(allocator.pages(), PageRun.Use.FREE_KEPT)).isZero();
      check(allocator);
    }
  }

  private static void check(OuroborosAllocator allocator) {
    List<PageRun> runs = allocator.pages();
    long next = 0;
    for (PageRun run : runs) {
      assertThat(run.firstPage()).isEqualTo(next);
      assertThat(run.liveShare()).isBetween(0.0, 1.0);
      assertThat(run.liveBlocks()).isLessThanOrEqualTo(run.capacity());
      next += run.pages();
    }
    long used = bytes(runs, PageRun.Use.BLOCKS) + bytes(runs, PageRun.Use.LARGE);
    assertThat(used + bytes(runs, PageRun.Use.FREE_KEPT))
        .isEqualTo(allocator.stats().committedBytes());
    assertThat(allocator.stats().liveBytes()).isLessThanOrEqualTo(used);
  }

  @Test
  void thePageOfAnAllocator(@TempDir Path directory) throws Exception {
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      checkWellFormed(AllocatorReport.of(allocator).html());
      for (int i = 0; i < 1234; i++) {
        allocator.malloc(48);
      }
      long large = allocator.malloc(300_000);
      long huge = allocator.malloc(64 << 20);
      AllocatorReport report =
          AllocatorReport.of(allocator)
              .withSites(
                  limit -> List.of(new Site("a.B.<init>(B.java:1) \"&'\u0000", 1234, 59_232)));
      Path path = directory.resolve("allocator.html");
      report.write(path);
      String html = Files.readString(path);
      checkWellFormed(html);
      assertThat(html)
          .contains("<h1>Allocator ouroboros</h1>")
          .contains("<b>1,236</b>live blocks")
          .contains("<td>48 bytes</td><td>1</td><td>1,234</td>")
          .contains("a block of 327680 bytes")
          .contains("huge blocks, mapped on their own: 64.0 MiB")
          .contains("<td>a.B.&lt;init&gt;(B.java:1) &quot;&amp;&#39;\uFFFD</td><td>1,234</td>");
      allocator.free(large);
      allocator.free(huge);
    }
    assertThatThrownBy(
            () -> {
              try (Allocator region = Allocators.of("region")) {
                AllocatorReport.of(region).write(directory.resolve("none/there.html"));
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void allocatorsThatTellLittle() throws Exception {
    for (String name : List.of("region", "libc")) {
      if (Allocators.availability(name).available()) {
        try (Allocator allocator = Allocators.of(name)) {
          String html = AllocatorReport.of(allocator).withSites(limit -> List.of()).html();
          checkWellFormed(html);
          assertThat(html).contains("The tracer knows of none.").doesNotContain("page map");
        }
      }
    }
  }
}
