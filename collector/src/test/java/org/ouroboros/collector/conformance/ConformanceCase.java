package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Collector.Counters;
import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.GenerationStats;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.ObjectType.FinalizerKind;
import org.ouroboros.collector.Spaces;
import org.ouroboros.collector.WeakCallback;
import org.ouroboros.collector.WeakHandle;

/**
 * What all conformance tests share: a checked heap on each space in turn, and the rule that a test
 * leaves every count right, nothing held and no error unread behind. So an assertion that fails in
 * a finalizer or a callback, from where it cannot propagate, fails the test all the same.
 *
 * <p>The tests follow CPython's own; {@code CONFORMANCE.md} says which follows which. As there,
 * automatic collection is off unless a test switches it on.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("org.ouroboros.collector.conformance.ConformanceCase#spaces")
abstract class ConformanceCase {

  static final ObjectType NODE = ObjectType.builder("node").references(2).build();
  static final ObjectType LIST = ObjectType.referenceArray("list");
  static final ObjectType LEAF =
      ObjectType.builder("leaf").field("value", ValueLayout.JAVA_LONG).build();
  static final long VALUE = LEAF.offset("value");

  /** Tests that count collections or traversals, or note when they begin. */
  private static final Set<String> COUNTING =
      Set.of(
          "gc4_collectGenerations",
          "gc6_collectReentrancy",
          "gc9_debugStats",
          "gc15_getStats",
          "gc18_countsAreExceededStrictlyAndTheOldestIsChosen",
          "gc19_fullCollectionQuarterRule",
          "gc19_pendingShrinksWhenPromotedObjectsDie",
          "gc28_callbacks",
          "gc32_traverseIgnoresNull",
          "gcDuringRefCreation_ofTheTargetItself",
          "tGc16_delNewclass",
          "tGc34_getStats",
          "tGc44_collectGarbage",
          "tGc46_bug1055820c",
          "tGc47_bug1055820d");

  /** Of the space. */
  @Parameter HeapOptions space;

  Heap heap;
  Collector collector;

  /** What {@code setDebug} makes the heap say. */
  final List<String> debugLines = new ArrayList<>();

  /** What finalizers and callbacks note, in their order. */
  final List<String> events = new ArrayList<>();

  private final List<WeakHandle> handles = new ArrayList<>();

  @BeforeEach
  final void open(TestInfo test) {
    heap = Spaces.open(options().withDebugOutput(debugLines::add));
    collector = space.incremental() ? MarkingCollector.of(heap) : heap.collector();
    collector.disable();
    boolean counts =
        test.getTestMethod().map(Method::getName).filter(COUNTING::contains).isPresent();
    assumeTrue(!space.incremental() || !counts, "collections that are given up count, too");
  }

  @AfterEach
  final void verifyAndClose() {
    if (heap == null || heap.isClosed()) {
      return;
    }
    try {
      handles.forEach(WeakHandle::close);
      assertThat(heap.inspector().verify()).isEmpty();
      assertThat(heap.errors().entries()).isEmpty();
    } finally {
      heap.close();
    }
    assertThat(heap.closeReport().externallyHeld()).as("references not released").isZero();
  }

  /**
   * All spaces, two marking threads, a shared heap, and one where collections are marking in steps
   * meanwhile.
   */
  static Stream<Named<HeapOptions>> spaces() {
    return Stream.concat(
        Spaces.allAndThreads(),
        Stream.of(Spaces.shared(), Named.of("marking", HeapOptions.DEFAULT.withIncremental(true))));
  }

  /** How the heap is made, but where debug lines go. */
  final HeapOptions options() {
    return space.withMode(HeapMode.CHECKED);
  }

  // Making objects

  final long node() {
    return heap.allocate(NODE);
  }

  /** A node whose slot 0 names itself. */
  final long selfCycle() {
    return selfCycle(NODE);
  }

  final long selfCycle(ObjectType type) {
    long ref = heap.allocate(type);
    heap.setRef(ref, 0, ref);
    return ref;
  }

  /** A list of borrowed references. */
  final long list(long... elements) {
    long list = heap.allocate(LIST, elements.length);
    for (int i = 0; i < elements.length; i++) {
      heap.setElement(list, i, elements[i]);
    }
    return list;
  }

  final long leaf(long value) {
    long leaf = heap.allocate(LEAF);
    heap.setLong(leaf, VALUE, value);
    return leaf;
  }

  final void release(long... refs) {
    for (long ref : refs) {
      heap.release(ref);
    }
  }

  /** Stores an owned reference into a slot of a new object's, so that only the slot holds it. */
  final long holding(ObjectType type, long owned) {
    long ref = heap.allocate(type);
    heap.setRefMoved(ref, 0, owned);
    return ref;
  }

  /** A weak reference that is let go after the test. */
  final WeakHandle weak(long target) {
    return weak(target, null);
  }

  final WeakHandle weak(long target, WeakCallback callback) {
    WeakHandle handle = heap.weakHandle(target, callback);
    handles.add(handle);
    return handle;
  }

  /** A type of two slots with a finalizer. */
  static ObjectType finalizable(String name, Finalizer finalizer) {
    return ObjectType.builder(name).references(2).finalizer(finalizer).build();
  }

  /** A type of two slots with a legacy finalizer. */
  static ObjectType legacy(String name, Finalizer finalizer) {
    return ObjectType.builder(name)
        .references(2)
        .finalizer(finalizer, FinalizerKind.LEGACY)
        .build();
  }

  // Asking

  final void assertAlive(long... refs) {
    assertThat(Arrays.stream(refs).filter(ref -> !heap.isLive(ref)).toArray())
        .as("dead ones of %d", refs.length)
        .isEmpty();
  }

  final void assertDead(long... refs) {
    assertThat(Arrays.stream(refs).filter(heap::isLive).toArray())
        .as("live ones of %d", refs.length)
        .isEmpty();
  }

  final GenerationStats stats(int generation) {
    return collector.stats().get(generation);
  }

  /** How often each generation was collected. */
  final List<Long> collections() {
    return collector.stats().stream().map(GenerationStats::collections).toList();
  }

  static Counters counters(int generation0, int generation1, int generation2) {
    return new Counters(generation0, generation1, generation2);
  }

  /** Notes every collection's generation at its start and its summary at its end. */
  static final class Recorder implements CollectionListener {

    final List<Integer> started = new ArrayList<>();
    final List<Summary> stopped = new ArrayList<>();

    @Override
    public void onStart(int generation) {
      started.add(generation);
    }

    @Override
    public void onStop(Summary summary) {
      stopped.add(summary);
    }
  }
}
