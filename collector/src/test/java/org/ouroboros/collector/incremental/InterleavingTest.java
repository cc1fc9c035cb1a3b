package org.ouroboros.collector.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.incremental.Interleaving.Op;

/**
 * All graphs of up to four nodes with two references each, all sets of roots, all sequences of up
 * to three operations, and all ways to distribute the steps of a collection between them: as many
 * of these cases as there is time for, at equal distances; with the stress tests, on the default
 * heap, every single one of two nodes and two operations, and of three nodes and one. {@code
 * -Dinterleavings.distance=1} runs every single one of all of them.
 */
class InterleavingTest {

  /** More steps than a collection of these has. */
  private static final int MOST_STEPS = 20;

  private static final int VERIFY_EVERY = 64;

  private static final ObjectType PLAIN =
      ObjectType.builder("plain").references(2).alignment(1024).build();

  private static final ObjectType FINALIZED =
      ObjectType.builder("finalized")
          .references(2)
          .alignment(1024)
          .finalizer((heap, ref) -> heap.refCount(ref))
          .build();

  /** Heaps, types, and whether there are weak references. */
  static Stream<Arguments> kinds() {
    HeapOptions paged = HeapOptions.DEFAULT;
    HeapOptions onLibc = paged.withAllocator(() -> Allocators.of("libc"));
    return Stream.of(
        Arguments.of("plain", paged, PLAIN, false),
        Arguments.of("weak", paged, PLAIN, true),
        Arguments.of("finalized", paged, FINALIZED, false),
        Arguments.of("checked", paged.withMode(HeapMode.CHECKED), PLAIN, true),
        Arguments.of("libc", onLibc, PLAIN, false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void twoNodesAndOneOperation(String name, HeapOptions options, ObjectType type, boolean weak) {
    enumerate(options, type, weak, 2, 1, name.equals("plain") ? 5_000 : 1_000);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void threeNodesAndTwoOperations(String name, HeapOptions options, ObjectType type, boolean weak) {
    enumerate(options, type, weak, 3, 2, 500);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void fourNodesAndThreeOperations(
      String name, HeapOptions options, ObjectType type, boolean weak) {
    enumerate(options, type, weak, 4, 3, 200);
  }

  @Tag("stress")
  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void moreOfTwoNodes(String name, HeapOptions options, ObjectType type, boolean weak) {
    enumerate(options, type, weak, 2, 1, Long.MAX_VALUE);
    enumerate(options, type, weak, 2, 2, name.equals("plain") ? Long.MAX_VALUE : 500_000);
  }

  @Tag("stress")
  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void moreOfThreeAndFourNodes(String name, HeapOptions options, ObjectType type, boolean weak) {
    enumerate(options, type, weak, 3, 1, name.equals("plain") ? Long.MAX_VALUE : 500_000);
    enumerate(options, type, weak, 3, 2, 500_000);
    enumerate(options, type, weak, 4, 1, 500_000);
    enumerate(options, type, weak, 4, 3, 500_000);
  }

  /**
   * Runs cases at equal distances.
   *
   * @param most how many cases that make sense are to be run; all if there are not more
   */
  private static void enumerate(
      HeapOptions options, ObjectType type, boolean weak, int nodes, int length, long most) {
    List<Op> all = Interleaving.operations(nodes, weak);
    long graphs = power(nodes + 1, 2 * nodes);
    long total = graphs << nodes;
    for (int i = 0; i < length; i++) {
      total = Math.multiplyExact(total, (long) all.size() * MOST_STEPS);
    }
    // one case in dozens makes sense, or in hundreds
    long odds = length < 3 ? 40 : 800;
    long distance = most == Long.MAX_VALUE ? 1 : Math.max(1, total / odds / most | 1);
    distance = Long.getLong("interleavings.distance", distance);
    long last = System.getProperty("interleavings.distance") == null ? most : Long.MAX_VALUE;
    long run = 0;
    try (Heap heap = Heap.ofConfined(options)) {
      heap.collector().disable();
      Interleaving interleaving = new Interleaving(heap, type, nodes, weak);
      Op[] ops = new Op[length];
      int[] steps = new int[length];
      for (long at = 0; at < total && run < last; at += distance) {
        long rest = at;
        for (int i = length - 1; i >= 0; i--) {
          steps[i] = (int) (rest % MOST_STEPS);
          rest /= MOST_STEPS;
          ops[i] = all.get((int) (rest % all.size()));
          rest /= all.size();
        }
        long graph = rest >>> nodes;
        int roots = (int) rest & (1 << nodes) - 1;
        if (Arrays.stream(steps).sum() >= MOST_STEPS) {
          continue;
        }
        try {
          if (interleaving.run(graph, roots, ops, steps) && ++run % VERIFY_EVERY == 0) {
            assertThat(heap.inspector().verify()).isEmpty();
          }
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError(
              String.format(
                  "graph %s of %d nodes, roots %s, operations %s after steps %s (case %d): %s",
                  Long.toString(graph, nodes + 1),
                  nodes,
                  Integer.toBinaryString(roots),
                  Arrays.toString(ops),
                  Arrays.toString(steps),
                  at,
                  e),
              e);
        }
      }
      assertThat(interleaving.longest()).as("steps").isLessThan(MOST_STEPS - 1);
      assertThat(heap.inspector().verify()).isEmpty();
      assertThat(heap.errors().entries()).isEmpty();
    }
    assertThat(run).as("cases").isGreaterThan(Math.min(most, 1_000) / 10);
  }

  private static long power(long base, int exponent) {
    long product = 1;
    for (int i = 0; i < exponent; i++) {
      product *= base;
    }
    return product;
  }
}
