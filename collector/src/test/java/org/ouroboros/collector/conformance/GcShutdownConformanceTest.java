package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.CloseReport;
import org.ouroboros.collector.DebugFlag;
import org.ouroboros.collector.ErrorLog;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/** What happens at the end of a program in CPython, and at the close of a heap here. */
class GcShutdownConformanceTest extends ConformanceCase {

  private final ObjectType first = legacy("first", (_, _) -> {});
  private final ObjectType second = legacy("second", (_, _) -> {});
  private final ObjectType noting = finalizable("noting", (_, _) -> events.add("finalized"));

  private void leaveTwoUncollectable() {
    long x = selfCycle(first);
    heap.setRefMoved(x, 1, heap.allocate(second));
    heap.release(x);
  }

  @Test
  void tGc30_garbageAtShutdown() {
    leaveTwoUncollectable();
    assertThat(collector.collect()).isEqualTo(2);

    heap.close();

    CloseReport report = heap.closeReport();
    assertThat(report.uncollectable()).isEqualTo(2);
    assertThat(report.objectsByType()).isEqualTo(Map.of("first", 1L, "second", 1L));
    assertThat(debugLines).as("a warning without a list").hasSize(1);
    assertThat(debugLines.getFirst()).contains("2 uncollectable").doesNotContain("first");
  }

  @Test
  void tGc30_garbageAtShutdownWithDebugUncollectable() {
    leaveTwoUncollectable();
    assertThat(collector.collect()).isEqualTo(2);
    collector.setDebug(DebugFlag.UNCOLLECTABLE);
    assertThat(debugLines).isEmpty();

    heap.close();

    assertThat(String.join("\n", debugLines)).contains("2 uncollectable", "first", "second");
    assertThat(heap.closeReport().uncollectable()).isEqualTo(2);
  }

  @Test
  void tGc30_garbageAtShutdownWithSaveAll() {
    leaveTwoUncollectable();
    heap.release(selfCycle());
    collector.setDebug(DebugFlag.SAVE_ALL);
    assertThat(collector.collect()).isEqualTo(3);

    heap.close();

    assertThat(debugLines).as("no message").isEmpty();
  }

  @Test
  void tGc31_gcMainModuleAtShutdown() {
    // A cycle that the program still holds when the heap is closed.
    long list = list(0, 0);
    heap.setElement(list, 0, list);
    heap.setRefMoved(list, heap.elementSlot(list, 1), heap.allocate(noting));

    heap.close();

    assertThat(events).containsExactly("finalized");
    assertThat(heap.closeReport().finalizersRun()).isEqualTo(1);
    assertThat(heap.closeReport().externallyHeld()).isEqualTo(1);
  }

  @Test
  void tGc32_gcOrdinaryModuleAtShutdown() {
    // The same where only another object holds the cycle, and where nobody does any more.
    long list = list(0, 0);
    heap.setElement(list, 0, list);
    heap.setRefMoved(list, heap.elementSlot(list, 1), heap.allocate(noting));
    long module = holding(NODE, list);
    heap.release(selfCycle(noting));
    assertAlive(module);

    heap.close();

    assertThat(events).containsExactly("finalized", "finalized");
    assertThat(heap.closeReport().finalizersRun()).isEqualTo(2);
    assertThat(heap.closeReport().externallyHeld()).isEqualTo(1);
  }

  @Test
  void tGc33_globalDelSystemExit() {
    assertThatIllegalStateException()
        .isThrownBy(
            () -> {
              try (Heap closing = heap) {
                assertThat(closing.isLive(selfCycle(noting))).isTrue();
                throw new IllegalStateException("exit");
              }
            })
        .withMessage("exit")
        .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());

    assertThat(events).containsExactly("finalized");
    assertThat(heap.isClosed()).isTrue();
  }

  @Test
  void tGc31_finalizersRunOnceAtShutdown() {
    ObjectType lazarus =
        finalizable(
            "lazarus",
            (_, self) -> {
              events.add("lazarus");
              heap.retain(self);
            });
    heap.release(heap.allocate(lazarus));
    assertThat(events).containsExactly("lazarus");

    heap.close();

    assertThat(events).as("it has run already").containsExactly("lazarus");
    assertThat(heap.closeReport().finalizersRun()).isZero();
    assertThat(heap.closeReport().liveObjects()).isEqualTo(1);
  }

  @Test
  void finalizeAtexit() {
    // Registered calls run in reverse order of their creation; an error stops none of them; what
    // one of them creates is run too, and next.
    ObjectType[] types = new ObjectType[6];
    types[5] = finalizable("g1", (_, _) -> events.add("g1"));
    for (int i = 1; i <= 4; i++) {
      String name = "f" + i;
      types[i] =
          finalizable(
              name,
              (_, _) -> {
                events.add(name);
                if (name.equals("f3")) {
                  assertThat(heap.isLive(heap.allocate(types[5]))).isTrue();
                  throw new ArithmeticException("f3 error");
                }
              });
    }
    for (int i = 1; i <= 4; i++) {
      assertThat(heap.externalCount(heap.allocate(types[i]))).isEqualTo(1);
    }

    heap.close();

    assertThat(events).containsExactly("f4", "f3", "g1", "f2", "f1");
    assertThat(heap.errors().entries()).hasSize(1);
    ErrorLog.Failure failure = heap.errors().entries().getFirst();
    assertThat(failure.kind()).isEqualTo(ErrorLog.Kind.FINALIZER);
    assertThat(failure.type()).isEqualTo("f3");
    assertThat(failure.error()).hasMessage("f3 error");
  }

  @Test
  void finalizeAtexit_creationOrderWhereMemoryIsReused() {
    ObjectType[] types = new ObjectType[4];
    for (int i = 0; i < types.length; i++) {
      String name = "f" + i;
      types[i] = finalizable(name, (_, _) -> events.add(name));
    }
    long hole = node();
    assertThat(heap.isLive(heap.allocate(types[0]))).isTrue();
    assertThat(heap.isLive(heap.allocate(types[1]))).isTrue();
    heap.release(hole);
    assertThat(heap.isLive(heap.allocate(types[2]))).isTrue();
    assertThat(heap.isLive(heap.allocate(types[3]))).isTrue();

    heap.close();

    assertThat(events).containsExactly("f3", "f2", "f1", "f0");
  }
}
