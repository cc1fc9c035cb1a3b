package org.ouroboros.allocator.leak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.debug.DebugAllocator;
import org.ouroboros.allocator.debug.DebugOptions;
import org.ouroboros.allocator.leak.LeakReport.Grouping;
import org.ouroboros.allocator.record.RecordingAllocator;

/** Live blocks, grouped. */
class LeakReportTest {

  private static void two(Allocator allocator) {
    allocator.malloc(10);
    allocator.malloc(20);
  }

  @Test
  void blocksAreGroupedByStackAndByMethod() {
    try (Allocator allocator =
        DebugAllocator.wrap(OuroborosAllocator.create(), DebugOptions.DEFAULT.withStackDepth(16))) {
      for (int i = 0; i < 5; i++) {
        two(allocator);
      }
      allocator.free(allocator.malloc(1000));

      LeakReport byStack = LeakReport.of(allocator);
      assertThat(byStack.count()).isEqualTo(10);
      assertThat(byStack.bytes()).isEqualTo(150);
      assertThat(byStack.groups()).hasSize(2);
      assertThat(byStack.groups().getFirst().bytes()).isEqualTo(100);
      assertThat(byStack.groups().getFirst().origin().getFirst().getMethodName()).isEqualTo("two");
      assertThat(byStack.toString())
          .startsWith("ouroboros_debug: 10 blocks (150 bytes) live\n  5 blocks (100 bytes)\n    at")
          .contains("LeakReportTest.two(");

      LeakReport byMethod = LeakReport.of(allocator, Grouping.METHOD);
      assertThat(byMethod.groups()).hasSize(1);
      assertThat(byMethod.groups().getFirst().count()).isEqualTo(10);
    }
  }

  @Test
  void withoutALedgerOnlyNumbersAreKnown() {
    try (Allocator allocator = OuroborosAllocator.create()) {
      assertThat(LeakReport.of(allocator).isEmpty()).isTrue();
      long block = allocator.malloc(10);
      LeakReport report = LeakReport.of(allocator);
      assertThat(report.isEmpty()).isFalse();
      assertThat(report).isEqualTo(new LeakReport("ouroboros", "block", 1, 16, List.of()));
      assertThat(report)
          .hasToString("ouroboros: 1 block (16 bytes) live\n  where they come from was not noted");
      allocator.free(block);
    }
  }

  @Test
  void theLedgerUnderOtherDecoratorsIsFound() throws Exception {
    Path file = Files.createTempFile("leak", ".mtrace.gz");
    try (Allocator allocator =
        RecordingAllocator.wrap(DebugAllocator.wrap(OuroborosAllocator.create()), file)) {
      allocator.malloc(10);
      assertThat(LeakReport.of(allocator).groups()).hasSize(1);
      assertThat(LeakReport.of(allocator).owner()).isEqualTo("ouroboros_debug_record");
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void nothingIsWatchedWhileNoWatchIsOn() {
    Allocator before = OuroborosAllocator.create();
    LeakWatch watch = LeakWatch.begin(null);
    before.malloc(10);
    try (Allocator allocator = OuroborosAllocator.create()) {
      allocator.malloc(10);
    }
    List<LeakReport> leaks = watch.end();
    assertThat(leaks).hasSize(1);
    before.close();
    LeakWatch next = LeakWatch.begin(null);
    assertThat(next.end()).isEmpty();
  }
}
