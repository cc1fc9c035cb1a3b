package org.ouroboros.benchmarks.faq;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.HostHandle;
import org.ouroboros.collector.HostHandleReport;
import org.ouroboros.collector.ObjectType;

/** Objects that the JVM's collector lets go. */
final class HandlesStop implements Stop {

  private static final long PAUSE_NANOS = 2_000_000;
  private static final int MOST_PAUSES = 5_000;

  @Override
  public String label() {
    return "handles";
  }

  @Override
  public String title() {
    return "Leaving it to the host, as Jython and IronPython do";
  }

  @Override
  public String text() {
    return """
    Python on the JVM or on .NET does not count: it leaves its objects to the collector of its \
    host. An object then dies some time after it could, and nobody knows when.

    Both can be had together. A HostHandle is a Java object that owns one reference to an \
    object of the heap. Dropped without close, it is found by the JVM's collector; the heap's \
    own thread gives the reference back at its next drain, and the finalizer runs there. The \
    report tells how many were not closed, and where they were made.\
    """;
  }

  @Override
  public List<String> sources() {
    return List.of("HandlesStop");
  }

  // FAQ
  @Override
  public void run(Transcript out) {
    Thread ours = Thread.currentThread();
    ObjectType session =
        ObjectType.builder("session")
            .references("next")
            .finalizer((h, ref) -> out.line("  finalizer, on our thread: " + isThis(ours)))
            .build();

    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withHandleStacks(true))) {
      List<HostHandle> handles = new ArrayList<>(open(heap, session, 3));
      out.line("close one");
      handles.removeFirst().close();
      out.line("keep one, forget one");
      handles.removeFirst();

      int given = 0;
      for (int i = 0; given == 0 && i < MOST_PAUSES; i++) {
        System.gc(); // or whenever the JVM likes
        LockSupport.parkNanos(PAUSE_NANOS);
        given = heap.drainHostHandles(); // every collection of the heap does this, too
      }
      out.line("given back by the drain: " + given);

      HostHandleReport report = heap.hostHandleReport();
      out.line("made " + report.made() + ", closed " + report.closed());
      out.line("forgotten " + report.unreachable() + ", still open " + report.open());
      for (HostHandleReport.Origin origin : report.origins()) {
        out.line(origin.handles() + " forgotten " + origin.type() + ", made in " + maker(origin));
      }
      out.line("close the last");
      handles.removeFirst().close();
    }
  }

  private static List<HostHandle> open(Heap heap, ObjectType type, int count) {
    List<HostHandle> handles = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long object = heap.allocate(type);
      handles.add(heap.hostHandle(object)); // takes a reference of its own
      heap.release(object);
    }
    return handles;
  }

  // FAQ end

  private static boolean isThis(Thread thread) {
    return Thread.currentThread() == thread;
  }

  private static String maker(HostHandleReport.Origin origin) {
    for (StackTraceElement frame : origin.stack().getStackTrace()) {
      if (frame.getClassName().equals(HandlesStop.class.getName())) {
        return HandlesStop.class.getSimpleName() + "." + frame.getMethodName();
      }
    }
    return "an unknown place";
  }
}
