package org.ouroboros.benchmarks.graph;

import java.nio.file.Path;
import java.util.List;
import org.ouroboros.benchmarks.replay.Statistics;
import org.ouroboros.collector.Collector;
import org.ouroboros.collector.Heap;

/**
 * A made graph of some size.
 *
 * @param shape what it looks like
 * @param size how large it is, see the shape
 * @param space where it lies
 */
record ShapeCase(Shape shape, int size, SpaceChoice space) implements CollectCase {

  private static final int COLLECTIONS = 5;

  @Override
  public String name() {
    return shape.function() + " " + size;
  }

  @Override
  public long objects() {
    return shape.objects(size);
  }

  @Override
  public CollectTimes round() {
    try (Heap heap = Heap.ofConfined(space.options().withName(name()))) {
      heap.collector().disable();
      long[] roots = shape.build(heap, size);
      long population = heap.stats().liveObjects();
      collect(heap);
      double[] live = new double[COLLECTIONS];
      for (int i = 0; i < COLLECTIONS; i++) {
        live[i] = collect(heap);
      }
      expect(heap, population, "a collection while all were held");
      heap.collector().enable();
      long begin = System.nanoTime();
      for (long root : roots) {
        heap.release(root);
      }
      long drop = System.nanoTime() - begin;
      long dead = collect(heap);
      expect(heap, 0, "the collection after all were dropped");
      return new CollectTimes(Statistics.median(live), drop, dead);
    }
  }

  @Override
  public List<String> peerArguments(Path scratch) {
    return List.of(shape.function(), Integer.toString(size));
  }

  private static long collect(Heap heap) {
    Collector collector = heap.collector();
    long begin = System.nanoTime();
    collector.collect();
    return System.nanoTime() - begin;
  }

  private void expect(Heap heap, long objects, String after) {
    long live = heap.stats().liveObjects();
    if (live != objects) {
      throw new WrongCountException(
          name() + ": " + after + " left " + live + " objects, but it should leave " + objects);
    }
  }
}
