package org.ouroboros.collector.incremental;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.CustomReferences;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/** User code that calls back, throws, or brings back, between any two steps and within them. */
class UserCodeTest {

  private static final ObjectType NODE =
      ObjectType.builder("node").references(2).alignment(1024).build();

  /** What user code may do; whether it is refused. */
  enum Call {
    COLLECT(false),
    COLLECT_YOUNG(false),
    STEP(false),
    FREEZE(false),
    UNFREEZE(false),
    ALLOCATE(false),
    LIST(false),
    SET_DEBUG(false),
    VERIFY(false),
    THROW(true),
    CLOSE(true);

    final boolean fails;

    Call(boolean fails) {
      this.fails = fails;
    }

    void make(Heap heap) {
      switch (this) {
        case COLLECT -> heap.collector().collect();
        case COLLECT_YOUNG -> heap.collector().collect(0);
        case STEP -> assertThat(heap.collector().step(1_000_000)).isFalse();
        case FREEZE -> heap.collector().freeze();
        case UNFREEZE -> heap.collector().unfreeze();
        case ALLOCATE -> {
          long node = heap.allocate(NODE);
          heap.setRef(node, 0, node);
          heap.release(node);
        }
        case LIST -> {
          for (long ref : heap.collector().objects()) {
            heap.retain(ref);
            heap.release(ref);
          }
        }
        case VERIFY -> assertThat(heap.inspector().verify()).isEmpty();
        case SET_DEBUG -> heap.collector().setDebug();
        case THROW -> throw new IllegalArgumentException("on purpose");
        case CLOSE -> heap.close();
      }
    }
  }

  /** Nodes in a ring, of which the last has some type. */
  private static long ring(Heap heap, ObjectType lastType) {
    long first = heap.allocate(NODE);
    long middle = heap.allocate(NODE);
    long last = heap.allocate(lastType);
    heap.setRef(first, 0, middle);
    heap.setRef(middle, 0, last);
    heap.setRef(last, 0, first);
    heap.release(middle);
    heap.release(last);
    return first;
  }

  private static void finish(EveryStep every, Heap heap, int failures) {
    heap.collector().unfreeze();
    every.complete();
    assertThat(heap.inspector().verify()).isEmpty();
    assertThat(heap.stats().liveObjects()).isZero();
    assertThat(heap.errors().total()).isEqualTo(failures);
  }

  /** A finalizer of an object that dies by counting while garbage is being marked or freed. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void aFinalizerOfADeathMayCall(HeapOptions options) {
    for (Call call : Call.values()) {
      ObjectType calling =
          ObjectType.builder("calling")
              .references(2)
              .alignment(1024)
              .finalizer((h, ref) -> call.make(h))
              .build();
      EveryStep.run(
          options,
          every -> {
            Heap heap = every.heap;
            long dying = heap.allocate(calling);
            long kept = ring(heap, NODE);
            long garbage = ring(heap, NODE);
            heap.setRef(garbage, 1, kept);
            heap.setRef(dying, 0, kept);
            heap.release(garbage);
            every.goOn();
            heap.release(dying);
            assertThat(heap.isLive(kept)).isTrue();
            heap.release(kept);
            finish(every, heap, call.fails ? 1 : 0);
          });
    }
  }

  /** A finalizer and a callback that garbage itself brings with it. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void aFinalizerOfGarbageMayCall(HeapOptions options) {
    for (Call call : Call.values()) {
      int[] ran = new int[2];
      ObjectType calling =
          ObjectType.builder("calling")
              .references(2)
              .alignment(1024)
              .finalizer(
                  (h, ref) -> {
                    ran[0]++;
                    call.make(h);
                  })
              .build();
      EveryStep.run(
          options,
          every -> {
            Heap heap = every.heap;
            ran[0] = 0;
            ran[1] = 0;
            long garbage = ring(heap, calling);
            long weak =
                heap.newWeak(
                    garbage,
                    (h, ref) -> {
                      ran[1]++;
                      call.make(h);
                    });
            // held by garbage alone: dies when that is severed
            long held = heap.allocate(calling);
            heap.setRef(garbage, 1, held);
            heap.release(held);
            heap.release(garbage);
            every.goOn();
            heap.collector().unfreeze();
            EveryStep.complete(heap);
            heap.collector().unfreeze();
            every.complete();
            assertThat(ran).containsExactly(2, 1);
            heap.release(weak);
            finish(every, heap, call.fails ? 3 : 0);
          });
    }
  }

  /** What only garbage holds, but is not in it when marking ends, dies when that is severed. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void whatDiesBySeveringMayCall(HeapOptions options) {
    for (Call call : Call.values()) {
      ObjectType calling =
          ObjectType.builder("calling")
              .references(2)
              .alignment(1024)
              .finalizer((h, ref) -> call.make(h))
              .build();
      EveryStep.run(
          options,
          every -> {
            Heap heap = every.heap;
            long dying = heap.allocate(calling);
            long garbage = ring(heap, NODE);
            heap.setRef(garbage, 1, dying);
            heap.release(garbage);
            every.goOn();
            heap.release(dying); // marked by then, or not
            finish(every, heap, call.fails ? 1 : 0);
          });
    }
  }

  /** A finalizer brings its object back, whatever the state of the collection is. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void whatIsBroughtBackStays(HeapOptions options) {
    for (int way = 0; way < 3; way++) {
      int chosen = way;
      List<Long> saved = new ArrayList<>();
      long[] holder = new long[1];
      ObjectType resurrecting =
          ObjectType.builder("resurrecting")
              .references(2)
              .alignment(1024)
              .finalizer(
                  (h, ref) -> {
                    saved.add(ref);
                    switch (chosen) {
                      case 0 -> h.retain(ref);
                      case 1 -> h.setRef(holder[0], saved.size() - 1, ref);
                      default -> h.retain(h.getRef(ref, 0));
                    }
                  })
              .build();
      EveryStep.run(
          options,
          every -> {
            Heap heap = every.heap;
            saved.clear();
            holder[0] = heap.allocate(NODE);
            long dying = heap.allocate(resurrecting);
            long inner = ring(heap, NODE);
            heap.setRef(dying, 0, inner);
            heap.release(inner);
            long garbage = ring(heap, resurrecting);
            heap.release(garbage);
            every.goOn();
            heap.release(dying);
            every.complete();
            assertThat(heap.inspector().verify()).isEmpty();
            assertThat(heap.isLive(inner)).isTrue();
            assertThat(heap.isLive(dying)).isEqualTo(chosen != 2);
            assertThat(saved).hasSize(2);
            if (chosen == 0) {
              saved.forEach(heap::release);
            } else if (chosen == 2) {
              heap.release(inner);
              heap.release(garbage);
            }
            heap.release(holder[0]);
            finish(every, heap, 0);
          });
    }
  }

  /** The edges of a map outside the heap. */
  private static final class Edges implements CustomReferences {

    final Map<Integer, Long> targets = new HashMap<>();
    boolean failing;

    @Override
    public void traverse(Heap heap, long ref, ReferenceVisitor visitor) {
      if (failing) {
        throw new IllegalStateException("on purpose");
      }
      assertThatThrownBy(() -> heap.collector().collect())
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> heap.collector().step(0)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> heap.collector().freeze()).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(heap::close).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> heap.allocate(NODE)).isInstanceOf(IllegalStateException.class);
      heap.collector().setDebug();
      visitor.visit(targets.getOrDefault((int) ref, Heap.NULL));
    }

    @Override
    public void clear(Heap heap, long ref) {
      Long target = targets.remove((int) ref);
      if (target != null) {
        heap.removeEdge(target);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void edgesOutsideTheSlotsMayChange(HeapOptions options) {
    for (boolean failing : new boolean[] {false, true}) {
      EveryStep.run(
          options,
          every -> {
            Heap heap = every.heap;
            Edges edges = new Edges();
            ObjectType custom =
                ObjectType.builder("custom")
                    .references(1)
                    .alignment(1024)
                    .customReferences(edges)
                    .build();
            long first = heap.allocate(custom);
            long target = ring(heap, custom);
            long last = heap.allocate(custom);
            long garbage = ring(heap, custom);
            heap.addEdge(target);
            edges.targets.put((int) last, target);
            heap.release(target);
            heap.release(garbage);
            edges.failing = failing;
            every.goOn();
            edges.failing = false;
            // from the last to the first
            heap.addEdge(target);
            edges.targets.put((int) first, target);
            edges.targets.remove((int) last);
            heap.removeEdge(target);
            heap.release(last);
            every.complete();
            assertThat(heap.isLive(target)).isTrue();
            assertThat(heap.inspector().verify()).isEmpty();
            heap.release(first);
            every.complete();
            assertThat(heap.stats().liveObjects()).isZero();
            assertThat(heap.inspector().verify()).isEmpty();
          });
    }
  }

  /** An edge passes to another object, of before or made now, without being counted anew. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void anEdgeOutsideTheSlotsMayPassAsItIs(HeapOptions options) {
    for (boolean born : new boolean[] {false, true}) {
      EveryStep.run(
          options,
          every -> {
            Heap heap = every.heap;
            Edges edges = new Edges();
            ObjectType custom =
                ObjectType.builder("custom")
                    .references(1)
                    .alignment(1024)
                    .customReferences(edges)
                    .build();
            long first = heap.allocate(custom);
            long target = ring(heap, NODE);
            long last = heap.allocate(custom);
            heap.addEdge(target);
            edges.targets.put((int) last, target);
            heap.release(target);
            every.goOn();
            long heir = born ? heap.allocate(custom) : first;
            edges.targets.put((int) heir, edges.targets.remove((int) last));
            heap.release(last);
            every.complete();
            assertThat(heap.isLive(target)).isTrue();
            assertThat(heap.inspector().verify()).isEmpty();
            heap.release(first);
            if (born) {
              heap.release(heir);
            }
            every.complete();
            assertThat(heap.stats().liveObjects()).isZero();
            assertThat(heap.inspector().verify()).isEmpty();
          });
    }
  }

  /** Each finalizer runs once, in the collection or at the close. */
  @ParameterizedTest
  @MethodSource("org.ouroboros.collector.incremental.EveryStep#heaps")
  void aHeapMayBeClosedAtAnyTime(HeapOptions options) {
    int[] ran = new int[1];
    ObjectType counting =
        ObjectType.builder("counting")
            .references(2)
            .alignment(1024)
            .finalizer((h, ref) -> ran[0]++)
            .build();
    for (ObjectType type : List.of(NODE, counting)) {
      EveryStep.run(
          options,
          every -> {
            Heap heap = every.heap;
            ran[0] = 0;
            long kept = ring(heap, type);
            long weak = heap.newWeak(kept, (h, ref) -> {});
            long garbage = ring(heap, type);
            heap.setRef(garbage, 1, kept);
            heap.release(garbage);
            every.goOn();
            heap.close();
            assertThat(ran[0]).isEqualTo(type == NODE ? 0 : 2);
            assertThat(heap.isClosed()).isTrue();
            assertThat(heap.closeReport().externallyHeld()).isEqualTo(2);
            assertThat(weak).isNotZero();
          });
    }
  }
}
