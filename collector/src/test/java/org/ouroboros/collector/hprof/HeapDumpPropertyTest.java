package org.ouroboros.collector.hprof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/** Dumps of random graphs against what the heap's own inspector tells. */
class HeapDumpPropertyTest {

  private static final ObjectType NODE =
      ObjectType.builder("node").references("a", "b", "c").build();
  private static final ObjectType ARRAY = ObjectType.referenceArray("array");
  private static final ObjectType MIXED =
      ObjectType.builder("mixed").references("own").referencesAndBytes().build();

  @Property(tries = 60)
  void graphsAreAsTheInspectorShowsThem(@ForAll long seed, @ForAll boolean wideIds) {
    Random random = new Random(seed);
    try (Heap heap = Heap.ofConfined()) {
      List<Long> owned = build(heap, random);
      if (random.nextInt(4) == 0) {
        heap.collector().freeze();
      }
      for (long ref : owned) {
        if (random.nextInt(8) != 0) {
          heap.release(ref);
        }
      }
      assertThat(heap.inspector().verify()).isEmpty();
      int buffer = 1 << 10 + random.nextInt(9);
      compare(heap, ReadDump.of(heap, wideIds ? Long.BYTES : Integer.BYTES, buffer));
    }
  }

  private static List<Long> build(Heap heap, Random random) {
    List<Long> owned = new ArrayList<>();
    int count = 1 + random.nextInt(60);
    for (int i = 0; i < count; i++) {
      owned.add(
          switch (random.nextInt(3)) {
            case 0 -> heap.allocate(NODE);
            case 1 -> heap.allocate(ARRAY, random.nextInt(6));
            default -> heap.allocate(MIXED, random.nextInt(4), random.nextInt(9));
          });
    }
    for (int i = 0; i < 2 * count; i++) {
      long from = owned.get(random.nextInt(count));
      long to = owned.get(random.nextInt(count));
      ObjectType type = heap.typeOf(from);
      int slots = type.slotCount();
      int length = type == NODE ? 0 : heap.length(from);
      int place = random.nextInt(slots + length + 1);
      if (place < slots) {
        heap.setRef(from, type.slot(place), to);
      } else if (place < slots + length) {
        heap.setElement(from, place - slots, to);
      }
    }
    return owned;
  }

  private static void compare(Heap heap, ReadDump dump) {
    Map<Long, Integer> distances = dump.distances();
    int[] objects = new int[1];
    heap.inspector()
        .visitAll(
            ref -> {
              objects[0]++;
              long id = ref & 0xFFFF_FFFFL;
              assertThat(dump.at(ref).getJavaClass().getName()).isEqualTo(heap.typeOf(ref).name());
              long external = heap.externalCount(ref);
              assertThat(dump.intField(ref, "$external", "$internal"))
                  .containsExactly((int) external, (int) (heap.refCount(ref) - external));
              assertThat(dump.targets(id).stream().sorted())
                  .containsExactlyElementsOf(
                      Arrays.stream(heap.collector().referents(ref))
                          .map(target -> target & 0xFFFF_FFFFL)
                          .sorted()
                          .boxed()
                          .toList());
              long[] path = heap.inspector().pathToRoots(ref);
              assertThat(distances.getOrDefault(id, -1)).isEqualTo(path.length - 1);
              return true;
            });
    assertThat(dump.counts().values().stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(objects[0]);
  }
}
