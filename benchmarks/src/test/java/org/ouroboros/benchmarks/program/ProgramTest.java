package org.ouroboros.benchmarks.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.benchmarks.latency.Times;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/** What the programs do, on both kinds of memory; closing a task fails if objects are left. */
class ProgramTest {

  private static final Sizes SMALL = new Sizes(7, 3, 100, 5000, 1000, 10);

  @ParameterizedTest
  @ValueSource(strings = {"trees", "gc-cycles", "gc-traversal", "lru"})
  void shouldComeOutTheSameOnBoth(String name) {
    Program program = Program.of(name, SMALL);
    Task.Outcome java = outcome(program.onJava());
    Task.Outcome heap = outcome(program.onHeap(false));
    Task.Outcome acyclic = outcome(program.onHeap(true));
    assertThat(heap.check()).isEqualTo(java.check()).isEqualTo(acyclic.check()).isPositive();
    assertThat(heap.operations()).isEqualTo(java.operations()).isPositive();
    assertThat(heap.nanos()).isPositive();
  }

  private static Task.Outcome outcome(Task task) {
    try (task) {
      task.warmUp();
      Task.Outcome outcome = task.run(Times.histogram());
      if (task.serves()) {
        task.serve();
      }
      return outcome;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"trees", "gc-cycles", "gc-traversal", "lru"})
  void shouldDropWhatIsAliveAtThePeak(String name) {
    Program program = Program.of(name, SMALL);
    try (Task task = program.onHeap(false)) {
      task.fillToPeak();
    }
    try (Task task = program.onJava()) {
      task.fillToPeak();
    }
  }

  @Test
  void shouldCountEveryNodeOfEveryTree() {
    long nodes = (1 << 9) - 1 + (1 << 8) - 1; // one of depth 8, one of depth 7 that stays
    nodes += 128 * ((1 << 5) - 1); // of depth 4
    nodes += 32 * ((1 << 7) - 1); // of depth 6
    assertThat(outcome(Program.of("trees", SMALL).onHeap(false)).check()).isEqualTo(nodes);
  }

  @Test
  void shouldTellWhatTheMemoryUnderTestTakes() throws Exception {
    Program trees = Program.of("trees", new Sizes(15, 1, 1, 1, 1, 0));
    long nodes = (1 << 17) - 1;
    Run run = ProgramWorker.run(trees, Subject.OUROBOROS);
    // every node takes 16 bytes, and there are tables
    assertThat(run.memoryBytes()).isBetween(nodes * 16, nodes * 20);
    // this JVM's heap holds the Java nodes too, and they take 16 bytes at the least
    assertThat(ProgramWorker.run(trees, Subject.SERIAL).memoryBytes()).isGreaterThan(nodes * 16);
  }

  @Test
  void shouldCollectEveryRing() {
    Task.Outcome outcome = outcome(Program.of("gc-cycles", SMALL).onHeap(false));
    assertThat(outcome.check()).isEqualTo(3 * 100 * 21);
    assertThat(outcome.operations()).isEqualTo(3 * 100 * 21);
  }

  @Test
  void shouldBuildListsAsPyperformanceDoes() {
    Task.Outcome outcome = outcome(Program.of("gc-traversal", SMALL).onHeap(false));
    assertThat(outcome.check()).isEqualTo(999 * 1000 / 2);
    assertThat(outcome.operations()).isEqualTo(3 * 999 * 1000 / 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 50, 64})
  void shouldCacheAsLinkedHashMapDoes(int capacity) {
    Map<Long, Integer> model =
        new LinkedHashMap<>(capacity, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, Integer> eldest) {
            return size() > capacity;
          }
        };
    Random random = new Random(7);
    try (LruTask heap = new HeapLru(capacity, 1);
        LruTask java = new JavaLru(capacity, 1)) {
      for (int i = 0; i < 20_000; i++) {
        long key = random.nextInt(2 * capacity);
        Integer known = model.get(key);
        if (known == null) {
          model.put(key, LruTask.value(key));
        }
        int expected = known == null ? -1 : known;
        assertThat(heap.access(key)).as("heap, access %d, key %d", i, key).isEqualTo(expected);
        assertThat(java.access(key)).as("java, access %d, key %d", i, key).isEqualTo(expected);
      }
    }
  }

  @Test
  void shouldFillTheCacheInTheOrderOfItsKeys() {
    try (LruTask heap = new HeapLru(100, 1);
        LruTask java = new JavaLru(100, 1)) {
      for (LruTask task : List.of(heap, java)) {
        task.fillToPeak();
        assertThat(task.access(100)).as("one more").isEqualTo(-1);
        assertThat(task.access(1)).as("the second").isEqualTo(LruTask.value(1));
        assertThat(task.access(0)).as("the first is gone").isEqualTo(-1);
      }
    }
  }

  @Test
  void shouldSpreadKeysOverAllChains() {
    try (LruTask task = new JavaLru(1000, 1)) {
      assertThat(task.chains()).isEqualTo(1024);
      boolean[] used = new boolean[1024];
      for (long key = 0; key < 20_000; key++) {
        used[task.chain(key)] = true;
      }
      assertThat(used).doesNotContain(false);
    }
  }

  @Test
  void shouldTellOfObjectsThatAreLeft() {
    Heap heap = Heap.ofConfined();
    long left = heap.allocate(ObjectType.builder("node").references("next").build());
    assertThat(left).isNotEqualTo(Heap.NULL);
    assertThatIllegalStateException()
        .isThrownBy(() -> HeapObjects.closeEmpty(heap))
        .withMessageContaining("node=1");
  }

  @Test
  void shouldListProgramsAndSubjects() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Program.of("tree", SMALL))
        .withMessageContaining("gc-traversal");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Subject.of("java"))
        .withMessageContaining("zgc-compact");
    assertThat(Subject.of("g1-compact").flags()).contains("-XX:+UseCompactObjectHeaders");
    assertThat(Subject.jvms()).hasSize(8);
  }
}
