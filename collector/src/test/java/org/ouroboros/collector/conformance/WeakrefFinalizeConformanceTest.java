package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.WeakHandle;

/**
 * CPython's {@code weakref.finalize}, which is written in Python on weak references with callbacks
 * there and on weak handles here.
 */
class WeakrefFinalizeConformanceTest extends ConformanceCase {

  /** What keeps handles alive until they have run. */
  private final Set<Finalize> registry = new HashSet<>();

  /** Calls something once: when its object dies, or before that if asked to. */
  private final class Finalize {

    private final Supplier<String> call;
    private final WeakHandle weak;

    Finalize(long object, Supplier<String> call) {
      this.call = call;
      this.weak = heap.weakHandle(object, (_, _) -> call());
      registry.add(this);
    }

    boolean alive() {
      return registry.contains(this);
    }

    long peek() {
      return alive() ? weak.get() : Heap.NULL;
    }

    String call() {
      return detach() ? call.get() : null;
    }

    boolean detach() {
      if (!registry.remove(this)) {
        return false;
      }
      weak.close();
      return true;
    }
  }

  private Supplier<String> adding(String event) {
    return () -> {
      events.add(event);
      return event;
    };
  }

  @Test
  void finalizeCalled() {
    long a = node();
    Finalize f = new Finalize(a, adding("199"));
    assertThat(f.alive()).isTrue();
    assertThat(f.peek()).isEqualTo(a);

    assertThat(f.call()).isEqualTo("199");

    assertThat(f.call()).isNull();
    assertThat(f.call()).isNull();
    assertThat(f.peek()).isEqualTo(Heap.NULL);
    assertThat(f.detach()).isFalse();
    assertThat(f.alive()).isFalse();
    heap.release(a);
    assertThat(events).containsExactly("199");
    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void finalizeDetached() {
    long a = node();
    Finalize f = new Finalize(a, adding("199"));
    assertThat(f.peek()).isEqualTo(a);

    assertThat(f.detach()).isTrue();

    assertThat(f.call()).isNull();
    assertThat(f.peek()).isEqualTo(Heap.NULL);
    assertThat(f.detach()).isFalse();
    assertThat(f.alive()).isFalse();
    heap.release(a);
    assertThat(events).isEmpty();
    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void finalizeOfDeadObject() {
    long a = node();
    Finalize f = new Finalize(a, adding("199"));

    heap.release(a);

    assertThat(events).containsExactly("199");
    assertThat(f.call()).isNull();
    assertThat(f.peek()).isEqualTo(Heap.NULL);
    assertThat(f.detach()).isFalse();
    assertThat(f.alive()).isFalse();
    assertThat(events).containsExactly("199");
    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void finalizeOrder() {
    long a = node();
    assertThat(new Finalize(a, adding("f1")).alive()).as("kept by the registry").isTrue();
    Finalize f2 = new Finalize(a, adding("f2"));
    Finalize f3 = new Finalize(a, adding("f3"));
    assertThat(new Finalize(a, adding("f4")).alive()).isTrue();
    Finalize f5 = new Finalize(a, adding("f5"));
    assertThat(f2.alive()).isTrue();
    assertThat(f3.alive()).isTrue();
    assertThat(f5.alive()).isTrue();

    assertThat(f5.detach()).isTrue();
    assertThat(f5.alive()).isFalse();
    f5.call();
    events.add("A");
    f3.call();
    assertThat(f3.alive()).isFalse();
    events.add("B");
    f3.call();
    events.add("C");
    heap.release(a);
    assertThat(f2.alive()).isFalse();
    events.add("D");
    f2.call();

    assertThat(events).containsExactly("A", "f3", "B", "C", "f4", "f2", "f1", "D");
    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void finalizeAllFreed() {
    // The program drops the handle: it is kept until it has run, and is gone then.
    long a = node();
    assertThat(new Finalize(a, adding("123")).alive()).isTrue();
    assertThat(heap.weakRefs(a)).hasSize(1);
    assertThat(heap.stats().liveObjects()).isEqualTo(2);

    heap.release(a);

    assertThat(events).containsExactly("123");
    assertThat(registry).isEmpty();
    assertThat(heap.stats().liveObjects()).isZero();
  }
}
