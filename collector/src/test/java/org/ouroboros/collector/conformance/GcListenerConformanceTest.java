package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.CollectionListener.Summary;
import org.ouroboros.collector.ErrorLog;

/** {@code gc.callbacks}. */
class GcListenerConformanceTest extends ConformanceCase {

  /** Notes phases under a name. */
  private CollectionListener named(String name) {
    return new CollectionListener() {
      @Override
      public void onStart(int generation) {
        events.add(name + " start " + generation);
      }

      @Override
      public void onStop(Summary summary) {
        events.add(name + " stop " + summary.generation());
      }
    };
  }

  @Test
  void tGc42_collect() {
    collector.addListener(named("1"));
    collector.addListener(named("2"));

    assertThat(collector.collect()).isZero();

    assertThat(events).containsExactly("1 start 2", "2 start 2", "1 stop 2", "2 stop 2");
  }

  @Test
  void tGc43_collectGeneration() {
    Recorder recorder = new Recorder();
    collector.addListener(recorder);

    for (int generation : new int[] {2, 0, 1}) {
      collector.collect(generation);
    }

    assertThat(recorder.started).containsExactly(2, 0, 1);
    assertThat(recorder.stopped).extracting(Summary::generation).containsExactly(2, 0, 1);
    assertThat(recorder.stopped)
        .allSatisfy(
            summary -> {
              assertThat(summary.collected()).isZero();
              assertThat(summary.uncollectable()).isZero();
            });
  }

  @Test
  void gc28_callbacks() {
    CollectionListener one = named("1");
    CollectionListener failing =
        new CollectionListener() {
          @Override
          public void onStart(int generation) {
            throw new IllegalStateException("start");
          }

          @Override
          public void onStop(Summary summary) {
            assertThat(summary.collected()).isEqualTo(1);
            throw new IllegalStateException("stop");
          }
        };
    collector.addListener(one);
    collector.addListener(failing);
    collector.addListener(named("3"));
    heap.release(selfCycle());

    assertThat(collector.collect()).as("errors do not reach the caller").isEqualTo(1);

    assertThat(events).containsExactly("1 start 2", "3 start 2", "1 stop 2", "3 stop 2");
    List<ErrorLog.Failure> failures = heap.errors().entries();
    assertThat(failures)
        .extracting(failure -> failure.error().getMessage())
        .containsExactly("start", "stop");
    assertThat(failures)
        .allSatisfy(failure -> assertThat(failure.kind()).isEqualTo(ErrorLog.Kind.LISTENER));
    heap.errors().clear();

    assertThat(collector.removeListener(failing)).isTrue();
    assertThat(collector.removeListener(failing)).isFalse();
    assertThat(collector.removeListener(one)).isTrue();
    events.clear();
    collector.collect(0);
    assertThat(events).containsExactly("3 start 0", "3 stop 0");
  }

  @Test
  void gc28_callbacksAreNotCalledAtShutdown() {
    collector.addListener(named("1"));
    heap.release(selfCycle());

    heap.close();

    assertThat(events).isEmpty();
  }

  @Test
  void gc6_collectReentrancy() {
    CollectionListener nested =
        new CollectionListener() {
          @Override
          public void onStart(int generation) {
            events.add("start " + collector.collect());
          }

          @Override
          public void onStop(Summary summary) {
            events.add("stop " + collector.collect(0));
          }
        };
    collector.addListener(nested);
    Recorder recorder = new Recorder();
    collector.addListener(recorder);
    var collecting =
        finalizable("collecting", (_, _) -> events.add("finalizer " + collector.collect(1)));
    long object = selfCycle(collecting);
    var weak = weak(object, (_, _) -> events.add("callback " + collector.collect()));
    heap.release(object);
    heap.release(selfCycle());

    assertThat(collector.collect()).isEqualTo(2);

    assertThat(events).containsExactly("start 0", "callback 0", "finalizer 0", "stop 0");
    assertThat(recorder.started).containsExactly(2);
    assertThat(collections()).containsExactly(0L, 0L, 1L);
    assertThat(weak.get()).isZero();
    collector.removeListener(nested);
    assertThat(collector.collect()).as("the next one is not refused").isZero();
    assertThat(collections()).containsExactly(0L, 0L, 2L);
  }
}
