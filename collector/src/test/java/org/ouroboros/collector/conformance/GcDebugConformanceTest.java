package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.DebugFlag;
import org.ouroboros.collector.ErrorLog;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/** Debug flags and what happens to errors: rows GC-7 to GC-11, GC-13. */
class GcDebugConformanceTest extends ConformanceCase {

  @Test
  void gc7_errorPolicy() {
    ObjectType failing =
        finalizable(
            "failing",
            (_, _) -> {
              throw new Exception("finalizer");
            });
    long object = selfCycle(failing);
    var weak =
        weak(
            object,
            (_, _) -> {
              throw new Exception("callback");
            });
    heap.release(object);
    heap.release(selfCycle());

    assertThat(collector.collect()).isEqualTo(2);

    assertDead(object);
    assertThat(weak.get()).isZero();
    List<ErrorLog.Failure> failures = heap.errors().entries();
    assertThat(failures).hasSize(2);
    assertThat(failures)
        .extracting(ErrorLog.Failure::kind)
        .containsExactly(ErrorLog.Kind.WEAK_CALLBACK, ErrorLog.Kind.FINALIZER);
    assertThat(failures)
        .extracting(failure -> failure.error().getMessage())
        .containsExactly("callback", "finalizer");
    assertThat(failures.get(1).type()).isEqualTo("failing");
    assertThat(failures.get(1).ref()).isEqualTo(object);
    assertThat(failures.get(1).pinned()).isFalse();
    assertThat(heap.errors().total()).isEqualTo(2);
    heap.errors().clear();
  }

  @Test
  void gc8_setDebug() {
    assertThat(collector.debug()).isEmpty();

    collector.setDebug(DebugFlag.STATS, DebugFlag.SAVE_ALL);
    assertThat(collector.debug()).containsExactlyInAnyOrder(DebugFlag.STATS, DebugFlag.SAVE_ALL);

    collector.setDebug(DebugFlag.COLLECTABLE);
    assertThat(collector.debug())
        .as("replaced, not added to")
        .containsExactly(DebugFlag.COLLECTABLE);

    collector.setDebug();
    assertThat(collector.debug()).isEmpty();
  }

  @Test
  void gc9_debugStats() {
    long old = node();
    collector.collect();
    collector.setDebug(DebugFlag.STATS);
    heap.release(selfCycle());

    collector.collect();
    assertDebugLines(1, "collecting generation 2");
    assertDebugLines(1, "each generation: 1 0 1");
    assertDebugLines(1, "done, 1 unreachable, 0 uncollectable");

    collector.collect(0);
    assertDebugLines(1, "collecting generation 0");
    assertDebugLines(1, "each generation: 0 0 1");
    assertDebugLines(1, "done, 0 unreachable, 0 uncollectable");

    int lines = debugLines.size();
    collector.setDebug();
    collector.collect();
    assertThat(debugLines).hasSize(lines);
    heap.release(old);
  }

  private void assertDebugLines(int count, String part) {
    assertThat(debugLines).filteredOn(line -> line.contains(part)).as(part).hasSize(count);
  }

  @Test
  void gc10_debugCollectable() {
    collector.setDebug(DebugFlag.COLLECTABLE);
    long list = list(0);
    heap.setElement(list, 0, list);
    heap.release(list);
    heap.release(selfCycle());
    long held = selfCycle();

    assertThat(collector.collect()).isEqualTo(2);

    assertThat(debugLines).hasSize(2);
    assertThat(debugLines).filteredOn(line -> line.contains("list")).hasSize(1);
    assertThat(debugLines).filteredOn(line -> line.contains("node")).hasSize(1);
    collector.setDebug();
    heap.release(held);
    collector.collect();
    assertThat(debugLines).hasSize(2);
  }

  @Test
  void gc11_debugUncollectable() {
    ObjectType legacy = legacy("legacy", (_, _) -> {});
    collector.setDebug(DebugFlag.UNCOLLECTABLE);
    long object = selfCycle(legacy);
    heap.release(object);
    heap.release(selfCycle());

    assertThat(collector.collect()).isEqualTo(2);

    assertThat(debugLines).hasSize(1);
    assertThat(debugLines.getFirst()).contains("legacy");
    heap.setRef(object, 0, Heap.NULL);
    collector.garbage().clear();
    collector.setDebug();
  }

  @Test
  void gc13_debugLeak() {
    assertThat(DebugFlag.LEAK)
        .isEqualTo(Set.of(DebugFlag.COLLECTABLE, DebugFlag.UNCOLLECTABLE, DebugFlag.SAVE_ALL));

    collector.setDebug(DebugFlag.LEAK.toArray(DebugFlag[]::new));
    long object = selfCycle();
    heap.release(object);
    assertThat(collector.collect()).isEqualTo(1);

    assertThat(debugLines).hasSize(1);
    assertThat(collector.garbage().toArray()).containsExactly(object);
    collector.setDebug();
    collector.garbage().clear();
    assertThat(collector.collect()).isEqualTo(1);
  }
}
