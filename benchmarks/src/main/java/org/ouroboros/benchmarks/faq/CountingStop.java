package org.ouroboros.benchmarks.faq;

import static java.lang.foreign.ValueLayout.JAVA_CHAR;

import java.util.List;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/** What is no longer referred to is freed at once. */
final class CountingStop implements Stop {

  @Override
  public String label() {
    return "counting";
  }

  @Override
  public String title() {
    return "Counting frees at once";
  }

  @Override
  public String text() {
    return """
    Python keeps a count of the references in every object. When the last one goes, the object \
    is freed then and there, and what only it referred to goes with it. So does a heap of ours.

    Finalizers show when and in which order: a before b, b before c, depth first, all of it \
    inside the one call of release. What somebody else still holds stays.\
    """;
  }

  @Override
  public List<String> sources() {
    return List.of("CountingStop");
  }

  @Override
  public void run(Transcript out) {
    // FAQ
    ObjectType node =
        ObjectType.builder("node")
            .references("left", "right")
            .field("name", JAVA_CHAR)
            .finalizer((h, ref) -> out.line("  " + name(h, ref) + " is finalized"))
            .build();

    try (Heap heap = Heap.ofConfined()) {
      long c = named(heap, node, 'c', Heap.NULL, Heap.NULL);
      long d = named(heap, node, 'd', Heap.NULL, Heap.NULL);
      long b = named(heap, node, 'b', c, d);
      long e = named(heap, node, 'e', Heap.NULL, Heap.NULL);
      long a = named(heap, node, 'a', b, e);
      for (long ref : new long[] {b, c, d}) {
        heap.release(ref); // a leads to them
      }
      out.line("references to e: " + heap.refCount(e)); // a's and ours

      out.line("release(a)");
      heap.release(a);
      out.line("released; objects alive: " + heap.stats().liveObjects());

      out.line("release(e)");
      heap.release(e);
      out.line("released; objects alive: " + heap.stats().liveObjects());
      out.line("collections so far: " + collections(heap));
    }
    // FAQ end
  }

  private static long named(Heap heap, ObjectType type, char name, long left, long right) {
    long ref = heap.allocate(type);
    heap.setChar(ref, type.offset("name"), name);
    heap.setRef(ref, type.slot("left"), left);
    heap.setRef(ref, type.slot("right"), right);
    return ref;
  }

  private static char name(Heap heap, long ref) {
    return heap.getChar(ref, heap.typeOf(ref).offset("name"));
  }

  private static long collections(Heap heap) {
    return heap.collector().stats().stream().mapToLong(one -> one.collections()).sum();
  }
}
