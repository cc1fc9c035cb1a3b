package org.ouroboros.collector.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.junit.LeakCheck;
import org.ouroboros.allocator.junit.LeakFoundError;
import org.ouroboros.allocator.leak.LeakReport;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapLeaks;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/** Reports of what is left in heaps, and tests that leave objects fail. */
class HeapLeakCheckTest {

  private static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  private static final ObjectType LEAF = ObjectType.builder("leaf").references(0).build();

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.Spaces#inAllModes")
  void aReportTellsTypesAndInDebugModeStacks(HeapOptions options) {
    Heap heap = Heap.ofConfined(options.withName("h"));
    try (heap) {
      assertThat(HeapLeaks.of(heap).isEmpty()).isTrue();
      long node = heap.allocate(NODE);
      heap.setRefMoved(node, 0, heap.allocate(LEAF));
      heap.setRefMoved(node, 1, heap.allocate(LEAF));

      LeakReport report = HeapLeaks.of(heap);
      assertThat(report.count()).isEqualTo(3);
      assertThat(report.bytes())
          .isEqualTo(heap.sizeOf(node) + 2 * heap.sizeOf(heap.getRef(node, 0)));
      if (options.mode() == HeapMode.DEBUG) {
        assertThat(report.groups()).hasSize(1);
        assertThat(report.toString())
            .contains("1 object of type node")
            .contains("HeapLeakCheckTest.aReportTellsTypesAndInDebugModeStacks");
      } else {
        assertThat(report.toString()).contains("2 objects of type leaf").contains("type node");
      }
    }
    LeakReport left = HeapLeaks.of("h", heap.closeReport());
    assertThat(left.count()).as("held by Java code").isEqualTo(1);
    assertThat(left.toString()).startsWith("h: 1 object").contains("of type node");
  }

  @LeakCheck
  static class Cases {

    private final Heap ofTheField = Heap.ofConfined(HeapOptions.DEFAULT.withName("field"));

    @Test
    void clean() {
      try (Heap heap = Heap.ofConfined()) {
        long node = heap.allocate(NODE);
        heap.setRef(node, 0, node);
        heap.release(node);
      }
      ofTheField.release(ofTheField.allocate(NODE));
    }

    @Test
    void garbageInAnOpenHeapIsCollected() {
      Heap heap = Heap.ofConfined();
      long node = heap.allocate(NODE);
      heap.setRef(node, 0, node);
      heap.release(node);
    }

    @Test
    void leftAtClose() {
      try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withMode(HeapMode.DEBUG))) {
        heap.allocate(LEAF);
      }
    }

    @Test
    void leftOpen() {
      Heap.ofConfined(HeapOptions.DEFAULT.withName("open")).allocate(NODE);
    }

    @Test
    void leftInTheField() {
      ofTheField.allocate(NODE);
    }

    @Test
    void leftOnAnAllocator() {
      HeapOptions options =
          HeapOptions.DEFAULT.withName("on").withAllocator(() -> Allocators.of("ouroboros"));
      try (Heap heap = Heap.ofConfined(options)) {
        heap.allocate(NODE);
      }
    }

    @Test
    @LeakCheck(ignore = "immortal")
    void ignored() {
      Heap.ofConfined(HeapOptions.DEFAULT.withName("immortal")).allocate(NODE);
    }
  }

  @Test
  void aTestThatLeavesObjectsFails() {
    Map<String, Throwable> outcomes = new HashMap<>();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(Cases.class)).build(),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest() || result.getThrowable().isPresent()) {
                  outcomes.put(test.getDisplayName(), result.getThrowable().orElse(null));
                }
              }
            });
    assertThat(outcomes).hasSize(8);
    assertLeak(outcomes, "HeapLeakCheckTest$Cases", "field: 1 object"); // it stays open
    assertThat(outcomes.get("clean()")).isNull();
    assertThat(outcomes.get("garbageInAnOpenHeapIsCollected()")).isNull();
    assertThat(outcomes.get("ignored()")).isNull();
    assertLeak(outcomes, "leftAtClose()", "heap: 1 object", "of type leaf", "Cases.leftAtClose");
    assertLeak(outcomes, "leftOpen()", "open: 1 object (16 bytes) live", "1 object of type node");
    assertLeak(outcomes, "leftInTheField()", "field: 1 object", "node");
    assertLeak(outcomes, "leftOnAnAllocator()", "on: 1 object", "node");
  }

  private static void assertLeak(Map<String, Throwable> outcomes, String test, String... parts) {
    assertThat(outcomes.get(test))
        .isInstanceOfSatisfying(LeakFoundError.class, e -> assertThat(e.reports()).hasSize(1))
        .hasMessageContainingAll(parts);
  }
}
