package org.ouroboros.collector.jfr;

import org.jspecify.annotations.Nullable;

/**
 * What heaps tell the Flight Recorder. The only class that touches the event classes, and only
 * where there is a recorder: without the module {@code jdk.jfr} they could not be loaded. So none
 * of their types is in a signature here or on the stack, where the JVM's verifier would look at it.
 *
 * <p>An event with a duration is begun and ended: {@code begin} methods return null where nobody
 * records it, and {@code end} methods do nothing with null. Cost where nobody records: the test of
 * a constant and of a field; no object is made. All callers are slow paths.
 *
 * <p>Thread rule: any thread. Nothing is thrown.
 */
public final class HeapEvents {

  /** Whether this JVM has a recorder. */
  private static final boolean PRESENT = isPresent();

  private HeapEvents() {}

  private static boolean isPresent() {
    try {
      Class.forName("jdk.jfr.Event", false, HeapEvents.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** A collection begins. */
  public static @Nullable Object beginCollection() {
    return PRESENT ? Events.beginCollection() : null;
  }

  /**
   * It has ended.
   *
   * @param event of {@link #beginCollection}
   * @param heap its name
   * @param generation the oldest one that was collected
   * @param incremental whether it was done in slices: then its duration is that from the first to
   *     the last, in which the program went on
   * @param candidates objects that were looked at
   * @param collected those of them that were freed
   * @param uncollectable those that are garbage and were kept
   */
  public static void endCollection(
      @Nullable Object event,
      String heap,
      int generation,
      boolean incremental,
      long candidates,
      long collected,
      long uncollectable) {
    if (event != null) {
      Events.endCollection(
          event, heap, generation, incremental, candidates, collected, uncollectable);
    }
  }

  /** A phase of a collection begins. */
  public static @Nullable Object beginPhase() {
    return PRESENT ? Events.beginPhase() : null;
  }

  /**
   * It has ended.
   *
   * @param event of {@link #beginPhase}
   * @param heap its name
   * @param phase what it did, in a few words
   */
  public static void endPhase(@Nullable Object event, String heap, String phase) {
    if (event != null) {
      Events.endPhase(event, heap, phase);
    }
  }

  /** A slice of an incremental collection begins. */
  public static @Nullable Object beginSlice() {
    return PRESENT ? Events.beginSlice() : null;
  }

  /**
   * It has ended.
   *
   * @param event of {@link #beginSlice}
   * @param heap its name
   * @param phase what it did first
   * @param last whether the collection has ended with it
   */
  public static void endSlice(@Nullable Object event, String heap, String phase, boolean last) {
    if (event != null) {
      Events.endSlice(event, heap, phase, last);
    }
  }

  /**
   * User code that the heap has called has failed.
   *
   * @param heap its name
   * @param kind which code
   * @param type of the object; empty if it is about none
   * @param ref the object; 0 if it is about none
   * @param error what was thrown
   */
  public static void failed(String heap, String kind, String type, long ref, Throwable error) {
    if (PRESENT) {
      Events.failed(heap, kind, type, ref, error);
    }
  }
}
