package org.ouroboros.collector.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;

/**
 * How many objects of each type are alive, and what they take. Of all objects that {@link
 * LiveObjects} shows.
 *
 * <p>Thread rule: as the heap. Cost: a look at every object.
 */
public final class Census {

  /** The objects of a type. */
  public static final class Count {

    public final TypeInfo info;

    private long objects;
    private long bytes;
    private long blockBytes;

    Count(TypeInfo info) {
      this.info = info;
    }

    /** How many there are. */
    public long objects() {
      return objects;
    }

    /** What they take, header and body. */
    public long bytes() {
      return bytes;
    }

    /** What they take with rounding. */
    public long blockBytes() {
      return blockBytes;
    }
  }

  private final ObjectStore store;
  private @Nullable Count[] counts = new Count[64];

  private Census(ConfinedHeap heap) {
    this.store = heap.store();
  }

  /**
   * Counts. The heap is readable.
   *
   * @return the types that have objects, in the order they were made in
   */
  public static List<Count> of(ConfinedHeap heap) {
    Census census = new Census(heap);
    new LiveObjects(heap)
        .visit(
            id -> {
              census.add(id);
              return true;
            });
    return new ArrayList<>(Arrays.stream(census.counts).filter(Objects::nonNull).toList());
  }

  private void add(int id) {
    TypeInfo info = store.info(store.header(id));
    int number = info.type.id();
    if (number >= counts.length) {
      counts = Arrays.copyOf(counts, Math.max(number + 1, counts.length * 2));
    }
    Count count = counts[number];
    if (count == null) {
      count = new Count(info);
      counts[number] = count;
    }
    long bytes = info.size(store.space.memory(), store.space.offset(id));
    count.objects++;
    count.bytes += bytes;
    count.blockBytes += store.space.blockBytes(bytes, info.type.alignment());
  }
}
