package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.CustomReferences;
import org.ouroboros.collector.ErrorLog;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/** What CPython offers to extension types in C: rows GC-31 to GC-35. */
class GcExtensionConformanceTest extends ConformanceCase {

  /** References kept in a plain field, as an extension type keeps them in a C struct. */
  private static final class ByHand implements CustomReferences {

    int traversals;
    int clears;

    @Override
    public void traverse(Heap heap, long ref, ReferenceVisitor visitor) {
      traversals++;
      visitor.visit(heap.getLong(ref, FIELD));
    }

    @Override
    public void clear(Heap heap, long ref) {
      clears++;
      long target = heap.getLong(ref, FIELD);
      heap.setLong(ref, FIELD, Heap.NULL);
      if (target != Heap.NULL) {
        heap.removeEdge(target);
      }
    }
  }

  private static final long FIELD =
      ObjectType.builder("layout").field("target", ValueLayout.JAVA_LONG).build().offset("target");

  private final ByHand byHand = new ByHand();
  private final ObjectType extension =
      ObjectType.builder("extension")
          .field("target", ValueLayout.JAVA_LONG)
          .customReferences(byHand)
          .build();

  private long extension(long target) {
    long ref = heap.allocate(extension);
    heap.addEdge(target);
    heap.setLong(ref, FIELD, target);
    return ref;
  }

  @Test
  void gc31_lifeCycle() {
    long object = heap.allocate(extension);
    assertThat(collector.isTracked(object)).isTrue();
    assertThat(collector.isFinalized(object)).isFalse();
    assertThat(heap.refCount(object)).isEqualTo(1);
    assertThat(collector.generation(object)).isZero();
    assertThat(heap.stats().allocations()).isEqualTo(1);

    heap.release(object);

    assertThat(heap.isLive(object)).isFalse();
    assertThat(heap.stats().frees()).isEqualTo(1);
    assertThat(byHand.clears).isEqualTo(1);
  }

  @Test
  void gc32_traverse() {
    long target = node();
    long object = extension(target);
    heap.setRef(target, 0, object);
    assertThat(heap.refCount(target)).isEqualTo(2);
    assertThat(heap.externalCount(target)).isEqualTo(1);
    assertThat(collector.referents(object)).containsExactly(target);
    assertThat(collector.referrers(target)).containsExactly(object);
    release(object, target);
    assertAlive(object, target);

    assertThat(collector.collect()).as("a cycle through the edge by hand").isEqualTo(2);

    assertDead(object, target);
    assertThat(byHand.clears).isEqualTo(1);
  }

  @Test
  void gc32_traverseIgnoresNull() {
    long object = heap.allocate(extension);

    assertThat(collector.referents(object)).isEmpty();
    assertThat(byHand.traversals).isEqualTo(1);
    assertThat(collector.collect()).isZero();
    assertThat(collector.collect(0)).isZero();
    assertThat(heap.errors().total()).isZero();
    heap.release(object);
  }

  @Test
  void gc32_traverseThatFailsEndsTheCollection() {
    ObjectType failing =
        ObjectType.builder("failing")
            .references(1)
            .customReferences(
                new CustomReferences() {
                  @Override
                  public void traverse(Heap heap, long ref, ReferenceVisitor visitor) {
                    if (events.isEmpty()) {
                      events.add("failed");
                      throw new IllegalStateException("traverse");
                    }
                  }

                  @Override
                  public void clear(Heap heap, long ref) {}
                })
            .build();
    long object = selfCycle(failing);
    long other = selfCycle();
    release(object, other);

    // A young pass has to traverse its candidates to find the garbage among them.
    assertThat(collector.collect(0)).as("nothing is freed").isZero();

    assertAlive(object, other);
    assertThat(heap.errors().entries()).hasSize(1);
    assertThat(heap.errors().entries().getFirst().kind())
        .isEqualTo(ErrorLog.Kind.CUSTOM_REFERENCES);
    heap.errors().clear();
    assertThat(collector.collect()).as("the next one does its work").isEqualTo(2);
  }

  @Test
  void gc33_clear() {
    // The object is still valid while it clears, and what it releases may die at once.
    long leaf = leaf(9);
    long object = extension(leaf);
    long other = extension(object);
    heap.release(leaf);
    heap.release(object);
    assertThat(heap.refCount(leaf)).isEqualTo(1);

    heap.release(other);

    assertThat(byHand.clears).isEqualTo(2);
    assertDead(other, object, leaf);
  }

  @Test
  void gc34_visitObjectsBasic() {
    long frozen = node();
    collector.freeze();
    long held = node();
    long leaf = leaf(1);
    long garbage = selfCycle();
    heap.release(garbage);
    List<Long> seen = new ArrayList<>();

    collector.visitObjects(seen::add);

    assertThat(seen).as("frozen ones too").containsExactlyInAnyOrder(frozen, held, garbage);
    collector.unfreeze();
    release(frozen, held, leaf);
    assertThat(collector.collect()).isEqualTo(1);
  }

  @Test
  void gc34_visitObjectsExitEarly() {
    long[] objects = {node(), node(), node(), node()};
    List<Long> seen = new ArrayList<>();

    collector.visitObjects(
        ref -> {
          seen.add(ref);
          return seen.size() < 2;
        });

    assertThat(seen).hasSize(2).doesNotHaveDuplicates();
    assertThat(seen).allSatisfy(ref -> assertThat(objects).contains(ref));
    release(objects);
  }

  @Test
  void gc34_visitObjectsHasAutomaticCollectionOff() {
    long object = node();
    collector.enable();
    List<Boolean> enabled = new ArrayList<>();

    collector.visitObjects(_ -> enabled.add(collector.isEnabled()));
    heap.release(object);

    assertThat(enabled).containsExactly(false);
    assertThat(collector.isEnabled()).as("as before").isTrue();
  }

  @Test
  void gc35_newWithExtraData() {
    ObjectType extra =
        ObjectType.builder("extra").references(1).tail(ValueLayout.JAVA_BYTE).build();
    long object = heap.allocate(extra, 100);
    heap.setRef(object, extra.slot(0), object);
    for (int i = 0; i < 100; i++) {
      assertThat(heap.getByte(object, extra.tailOffset(i))).isZero();
      heap.setByte(object, extra.tailOffset(i), (byte) i);
    }
    assertThat(heap.length(object)).isEqualTo(100);
    assertThat(heap.sizeOf(object)).isEqualTo(extra.fixedBytes() + 100);
    assertThat(collector.collect()).isZero();
    for (int i = 0; i < 100; i++) {
      assertThat(heap.getByte(object, extra.tailOffset(i))).isEqualTo((byte) i);
    }

    heap.release(object);

    assertThat(collector.collect()).isEqualTo(1);
    assertDead(object);
  }
}
