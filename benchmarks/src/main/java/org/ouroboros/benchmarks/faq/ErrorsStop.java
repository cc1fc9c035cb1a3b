package org.ouroboros.benchmarks.faq;

import java.util.List;
import org.ouroboros.collector.ErrorLog;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.WeakHandle;

/** Objects that a stored error keeps alive. */
final class ErrorsStop implements Stop {

  @Override
  public String label() {
    return "errors";
  }

  @Override
  public String title() {
    return "An object that a stored error keeps alive";
  }

  @Override
  public String text() {
    return """
    The FAQ warns of objects that do not die because a traceback still holds the frames they \
    were used in; clearing the exception lets them go.

    A heap has no frames, but it has finalizers that fail. What they throw goes to the error \
    log, as in Python to sys.unraisablehook. The log names the object and does not hold it: \
    it dies all the same. A heap that is told to pin keeps the object, with all it refers to, \
    so that it can be looked at, until the log is cleared or the entry gives way to newer \
    ones.\
    """;
  }

  @Override
  public List<String> sources() {
    return List.of("ErrorsStop");
  }

  @Override
  public void run(Transcript out) {
    // FAQ
    ObjectType job =
        ObjectType.builder("job")
            .references("input")
            .finalizer(
                (h, ref) -> {
                  throw new IllegalStateException("cannot undo");
                })
            .build();
    ObjectType input = ObjectType.builder("input").references("more").build();

    for (boolean pin : new boolean[] {false, true}) {
      try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withErrorLog(16, pin))) {
        long broken = heap.allocate(job);
        heap.setRefMoved(broken, job.slot("input"), heap.allocate(input));
        WeakHandle weak = heap.weakHandle(broken, null);

        heap.release(broken); // the last reference: the finalizer runs, and throws
        ErrorLog.Failure failure = heap.errors().entries().getFirst();
        out.line((pin ? "pinning: " : "default: ") + failure.error().getMessage());
        out.line("  of type " + failure.type() + ", pinned " + failure.pinned());
        out.line("  objects alive: " + alive(heap) + ", after collect(): " + afterCollect(heap));
        if (pin) {
          out.line("  why: owned references " + heap.externalCount(weak.get()));
        }
        heap.errors().clear();
        out.line("  after clear(): " + alive(heap) + ", the job is gone: " + (weak.get() == 0));
        out.line("  failures in all: " + heap.errors().total());
        weak.close();
      }
    }
    // FAQ end
  }

  /** Without the weak reference itself. */
  private static long alive(Heap heap) {
    return heap.stats().liveObjects() - 1;
  }

  private static long afterCollect(Heap heap) {
    heap.collector().collect();
    return alive(heap);
  }
}
