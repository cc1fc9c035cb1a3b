package org.ouroboros.benchmarks.faq;

import java.util.List;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.WeakHandle;

/** What counting cannot free, and what does. */
final class CycleStop implements Stop {

  @Override
  public String label() {
    return "cycle";
  }

  @Override
  public String title() {
    return "A cycle needs the collector";
  }

  @Override
  public String text() {
    return """
    Counting alone never frees objects that refer to each other: each keeps the count of the \
    other above zero. That is why Python has a cycle collector beside the counts. It looks for \
    groups of objects that are only held by each other, clears the weak references to them, runs \
    their finalizers while all of them are still whole, and takes them apart.

    Here a parent and its child hold each other. A weak reference tells when they are gone.\
    """;
  }

  @Override
  public List<String> sources() {
    return List.of("CycleStop");
  }

  @Override
  public void run(Transcript out) {
    // FAQ
    ObjectType person =
        ObjectType.builder("person")
            .references("parent", "child")
            .finalizer((h, ref) -> out.line("  finalizer: " + h.refCount(ref) + " reference"))
            .build();
    int parentOf = person.slot("parent");
    int childOf = person.slot("child");

    try (Heap heap = Heap.ofConfined()) {
      long parent = heap.allocate(person);
      long child = heap.allocate(person);
      heap.setRef(parent, childOf, child);
      heap.setRef(child, parentOf, parent);
      WeakHandle weak = heap.weakHandle(parent, (h, ref) -> out.line("  weak reference cleared"));

      heap.release(parent); // they hold each other: counting frees neither
      heap.release(child);
      out.line("released; references to the parent: " + heap.refCount(weak.get()));
      out.line("path from a root to it: " + heap.inspector().pathToRoots(weak.get()).length);

      out.line("collect()");
      int found = heap.collector().collect();
      out.line("found " + found + " objects of garbage; gone: " + (weak.get() == Heap.NULL));
      weak.close();
      out.line("objects alive: " + heap.stats().liveObjects());
    }
    // FAQ end
  }
}
