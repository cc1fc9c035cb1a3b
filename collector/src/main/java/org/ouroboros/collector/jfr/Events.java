package org.ouroboros.collector.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * The event classes of heaps. For {@link HeapEvents} alone.
 *
 * <p>An event that is made and not enabled does not leave its method, so the JIT makes none.
 */
final class Events {

  private Events() {}

  /** A collection. */
  @Name("org.ouroboros.Collection")
  @Label("Collection")
  @Category({"Ouroboros", "Heap"})
  @Description("A collection of cycles; of an incremental one the time from its begin to its end")
  @StackTrace(false)
  static final class Collection extends Event {
    @Label("Heap")
    @Nullable String heap;

    @Label("Generation")
    int generation;

    @Label("Incremental")
    boolean incremental;

    @Label("Candidates")
    @Description("Objects that were looked at")
    long candidates;

    @Label("Collected")
    @Description("Objects that were freed")
    long collected;

    @Label("Uncollectable")
    @Description("Objects that are garbage and were kept")
    long uncollectable;
  }

  /** A part of one. */
  @Name("org.ouroboros.CollectionPhase")
  @Label("Collection Phase")
  @Category({"Ouroboros", "Heap"})
  @StackTrace(false)
  static final class CollectionPhase extends Event {
    @Label("Heap")
    @Nullable String heap;

    @Label("Phase")
    @Nullable String phase;
  }

  /** A slice of an incremental one. */
  @Name("org.ouroboros.PauseSlice")
  @Label("Pause Slice")
  @Category({"Ouroboros", "Heap"})
  @Description("A slice of an incremental collection, for which the program waits")
  @StackTrace(false)
  static final class PauseSlice extends Event {
    @Label("Heap")
    @Nullable String heap;

    @Label("Phase")
    @Nullable String phase;

    @Label("Last")
    @Description("Whether the collection has ended with it")
    boolean last;
  }

  /** User code has failed. */
  @Name("org.ouroboros.FinalizerError")
  @Label("Finalizer Error")
  @Category({"Ouroboros", "Heap"})
  @Description("A finalizer, callback, or other code that the heap has called has thrown")
  static final class FinalizerError extends Event {
    @Label("Heap")
    @Nullable String heap;

    @Label("Kind")
    @Nullable String kind;

    @Label("Type")
    @Nullable String type;

    @Label("Reference")
    long reference;

    @Label("Thrown")
    @Nullable String thrown;

    @Label("Message")
    @Nullable String message;
  }

  static @Nullable Object beginCollection() {
    return begin(new Collection());
  }

  static void endCollection(
      Object begun,
      String heap,
      int generation,
      boolean incremental,
      long candidates,
      long collected,
      long uncollectable) {
    Collection event = (Collection) begun;
    event.heap = heap;
    event.generation = generation;
    event.incremental = incremental;
    event.candidates = candidates;
    event.collected = collected;
    event.uncollectable = uncollectable;
    event.commit();
  }

  static @Nullable Object beginPhase() {
    return begin(new CollectionPhase());
  }

  static void endPhase(Object begun, String heap, String phase) {
    CollectionPhase event = (CollectionPhase) begun;
    event.heap = heap;
    event.phase = phase;
    event.commit();
  }

  static @Nullable Object beginSlice() {
    return begin(new PauseSlice());
  }

  static void endSlice(Object begun, String heap, String phase, boolean last) {
    PauseSlice event = (PauseSlice) begun;
    event.heap = heap;
    event.phase = phase;
    event.last = last;
    event.commit();
  }

  private static @Nullable Object begin(Event event) {
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  static void failed(String heap, String kind, String type, long ref, Throwable error) {
    FinalizerError event = new FinalizerError();
    if (event.isEnabled()) {
      event.heap = heap;
      event.kind = kind;
      event.type = type;
      event.reference = ref;
      event.thrown = error.getClass().getName();
      event.message = error.getMessage();
      event.commit();
    }
  }
}
