package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.LocalScope;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.Spaces;
import org.ouroboros.collector.WeakHandle;

/** Finalizers that get in the way of collecting, in CPython's {@code test_gc}. */
class GcFinalizerConformanceTest extends ConformanceCase {

  private static final int NESTING = 150;

  @Test
  void tGc12_functionTpClearLeavesConsistentState() {
    // A finalizer of an object outside the trash runs while trash is taken apart, and gets at it
    // through a weak reference that another finalizer made after weak references were cleared.
    AtomicLong lateHeld = new AtomicLong();
    ObjectType lateType =
        finalizable(
            "late",
            (_, late) -> {
              long weak = heap.getRef(late, 0);
              assertThat(heap.isWeak(weak)).isTrue();
              events.add(heap.weakTarget(weak) == Heap.NULL ? "late: dead" : "late: alive");
            });
    ObjectType cyclicType =
        finalizable(
            "cyclic",
            (_, cyclic) -> {
              long late = heap.getRef(cyclic, 1);
              long weak = heap.newWeak(heap.getRef(cyclic, 0));
              heap.setRefMoved(late, 0, weak);
              heap.release(lateHeld.getAndSet(Heap.NULL));
              events.add("cyclic");
            });
    long late = heap.allocate(lateType);
    lateHeld.set(late);
    long function = node();
    long cyclic = heap.allocate(cyclicType);
    heap.setRef(cyclic, 0, function);
    heap.setRef(cyclic, 1, late);
    heap.setRef(function, 0, cyclic);
    release(function, cyclic);

    assertThat(collector.collect()).isEqualTo(2);

    assertThat(events).containsExactly("cyclic", "late: dead");
    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void tGc15_del() {
    ObjectType allocating = finalizable("allocating", (_, _) -> allocateAndRelease(1));
    collector.collect();
    collector.setThreshold(1);
    collector.enable();
    long object = heap.allocate(allocating);
    List<Long> before = collections();
    assertThat(before).as("one object does not exceed 1").containsExactly(0L, 0L, 1L);

    heap.release(object);

    collector.disable();
    assertThat(events).containsExactly("collections in the finalizer: 1");
    assertThat(collections()).containsExactly(1L, 0L, 1L);
    assertThat(heap.stats().liveObjects()).isZero();
  }

  @Test
  void tGc16_delNewclass() {
    ObjectType allocating = finalizable("allocating", (_, _) -> allocateAndRelease(5));
    long object = selfCycle(allocating);
    heap.release(object);
    collector.setThreshold(1);
    collector.enable();

    assertThat(collector.collect()).isEqualTo(1);

    collector.disable();
    assertThat(events).containsExactly("collections in the finalizer: 0");
    assertThat(collections()).as("none inside the other").containsExactly(0L, 0L, 1L);
    assertThat(heap.stats().liveObjects()).isZero();
  }

  /** Allocates some objects, and notes how often that collected generation 0. */
  private void allocateAndRelease(int count) {
    long before = collections().getFirst();
    try (LocalScope scope = heap.openScope()) {
      for (int i = 0; i < count; i++) {
        scope.own(node());
      }
    }
    events.add("collections in the finalizer: " + (collections().getFirst() - before));
  }

  @Test
  void tGc19_trashcan() {
    AtomicInteger deaths = new AtomicInteger();
    AtomicInteger found = new AtomicInteger();
    ObjectType ouch =
        finalizable(
            "ouch",
            (_, _) -> {
              if (deaths.incrementAndGet() % 17 == 0) {
                found.addAndGet(collector.collect());
              }
            });
    collector.enable();
    for (int round = 0; round < 2; round++) {
      long lists = nested(LIST, ouch);
      long more = nested(LIST, ouch);
      heap.release(lists);
      long maps = nested(NODE, ouch);
      release(more, maps);
    }
    collector.disable();

    assertThat(deaths).hasValue(2 * 3 * NESTING);
    assertThat(found).as("garbage found in what is dying anyway").hasValue(0);
    assertThat(collections()).containsExactly(0L, 0L, 2L * 3 * NESTING / 17);
    assertThat(heap.stats().liveObjects()).isZero();
  }

  private long nested(ObjectType container, ObjectType ouch) {
    long inner = list();
    for (int i = 0; i < NESTING; i++) {
      long outer = container == LIST ? heap.allocate(LIST, 2) : heap.allocate(container);
      heap.setRefMoved(outer, container == LIST ? heap.elementSlot(outer, 0) : 0, inner);
      long second = heap.allocate(ouch);
      heap.setRefMoved(outer, container == LIST ? heap.elementSlot(outer, 1) : 1, second);
      inner = outer;
    }
    return inner;
  }

  @Test
  void tGc20_trashcanThreads() throws InterruptedException {
    // A heap belongs to one thread, so each thread has its own; types are shared by all.
    AtomicInteger made = new AtomicInteger();
    AtomicInteger finalized = new AtomicInteger();
    ObjectType yielding =
        finalizable(
            "yielding",
            (_, _) -> {
              finalized.incrementAndGet();
              Thread.yield();
            });
    List<Object> outcomes = new CopyOnWriteArrayList<>();
    Runnable work =
        () -> {
          try (Heap own = Spaces.open(options())) {
            for (int round = 0; round < 50; round++) {
              releaseNested(own, yielding, made);
            }
            outcomes.add(own.stats().liveObjects());
            outcomes.addAll(own.inspector().verify());
            outcomes.addAll(own.errors().entries());
          }
        };
    List<Thread> threads =
        List.of(Thread.ofPlatform().start(work), Thread.ofPlatform().start(work));
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(made).hasValue(2 * 50 * 61);
    assertThat(finalized).hasValue(made.get());
    assertThat(outcomes).containsExactly(0L, 0L);
  }

  private static void releaseNested(Heap own, ObjectType type, AtomicInteger made) {
    long inner = own.allocate(type);
    made.incrementAndGet();
    for (int depth = 0; depth < 60; depth++) {
      long object = own.allocate(type);
      made.incrementAndGet();
      own.setRefMoved(object, 0, inner);
      long list = own.allocate(LIST, 1);
      own.setRefMoved(list, own.elementSlot(list, 0), object);
      inner = list;
    }
    own.release(inner);
  }

  @Test
  void tGc29_bug21435() {
    ObjectType breaking =
        finalizable(
            "breaking",
            (_, self) -> {
              heap.setRef(self, 0, Heap.NULL);
              events.add("broken");
            });
    long a = node();
    long b = heap.allocate(breaking);
    long child = node();
    heap.setRef(a, 0, b);
    heap.setRef(b, 0, a);
    heap.setRefMoved(b, 1, child);
    release(a, b);

    assertThat(collector.collect()).as("all are dead before they are counted").isZero();

    assertThat(events).containsExactly("broken");
    assertDead(a, b, child);
  }

  @Test
  void tGc29_bug21435_inEveryOrder() {
    // The row is about adversarial list orders: the breaker is allocated 1st, 2nd ... of 5 here.
    for (int place = 0; place < 5; place++) {
      events.clear();
      ObjectType breaking =
          finalizable(
              "breaking",
              (_, self) -> {
                heap.setRef(self, 0, Heap.NULL);
                events.add("broken");
              });
      long[] ring = new long[5];
      for (int i = 0; i < ring.length; i++) {
        ring[i] = i == place ? heap.allocate(breaking) : node();
      }
      WeakHandle[] weak = new WeakHandle[5];
      for (int i = 0; i < ring.length; i++) {
        heap.setRef(ring[i], 0, ring[(i + 1) % ring.length]);
        weak[i] = weak(ring[i]);
      }
      release(ring);

      assertThat(collector.collect()).isZero();

      assertThat(events).containsExactly("broken");
      assertDead(ring);
      assertThat(weak).allSatisfy(w -> assertThat(w.get()).isEqualTo(Heap.NULL));
    }
  }
}
