package org.ouroboros.allocator.jfr;

import org.jspecify.annotations.Nullable;

/**
 * What allocators tell the Flight Recorder. The only class that touches the event classes, and only
 * where there is a recorder: without the module {@code jdk.jfr} they could not be loaded. So none
 * of their types is in a signature here or on the stack, where the JVM's verifier would look at it.
 *
 * <p>An event with a duration is begun and ended: {@code begin} methods return null where nobody
 * records it, and {@code end} methods do nothing with null. Cost where nobody records: the test of
 * a constant and of a field; no object is made. All callers are slow paths.
 *
 * <p>Thread rule: any thread. Nothing is thrown.
 */
public final class AllocatorEvents {

  /** Whether this JVM has a recorder. */
  private static final boolean PRESENT = isPresent();

  private AllocatorEvents() {}

  private static boolean isPresent() {
    try {
      Class.forName("jdk.jfr.Event", false, AllocatorEvents.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Pages are about to be committed.
   *
   * @return what to give to {@link #endCommit}
   */
  public static @Nullable Object beginCommit() {
    return PRESENT ? Events.beginCommit() : null;
  }

  /**
   * They were.
   *
   * @param event of {@link #beginCommit}
   * @param bytes how much
   * @param committed how much of the reservation is committed now, in bytes
   */
  public static void endCommit(@Nullable Object event, long bytes, long committed) {
    if (event != null) {
      Events.endCommit(event, bytes, committed);
    }
  }

  /**
   * Free pages are about to be given back to the operating system.
   *
   * @return what to give to {@link #endPurge}
   */
  public static @Nullable Object beginPurge() {
    return PRESENT ? Events.beginPurge() : null;
  }

  /**
   * They were.
   *
   * @param event of {@link #beginPurge}
   * @param bytes how much
   * @param committed how much of the reservation is committed now, in bytes
   */
  public static void endPurge(@Nullable Object event, long bytes, long committed) {
    if (event != null) {
      Events.endPurge(event, bytes, committed);
    }
  }

  /**
   * Whether anybody records {@link #sample}.
   *
   * @return false by default
   */
  public static boolean isSampling() {
    return PRESENT && Events.isSampling();
  }

  /**
   * A block was picked by a sampling decorator.
   *
   * @param domain what the block is for: RAW, MEM or OBJECT
   * @param size bytes that were asked for
   * @param weight how many bytes of all allocations the sample stands for
   */
  public static void sample(String domain, long size, long weight) {
    if (PRESENT) {
      Events.sample(domain, size, weight);
    }
  }

  /**
   * A request failed since a budget was used up.
   *
   * @param budget where it was made
   * @param ancestor which one refused: the same, or one above
   * @param requested bytes
   * @param limit of the ancestor, bytes
   * @param allocated by the ancestor then, bytes
   */
  public static void budgetExceeded(
      String budget, String ancestor, long requested, long limit, long allocated) {
    if (PRESENT) {
      Events.budgetExceeded(budget, ancestor, requested, limit, allocated);
    }
  }

  /**
   * Whether anybody records {@link #leak}, so that it is worth finding out.
   *
   * @return false where no recording is on
   */
  public static boolean areLeaksRecorded() {
    return PRESENT && Events.areLeaksRecorded();
  }

  /**
   * Blocks or objects were left behind.
   *
   * @param source the allocator or heap
   * @param count how many there are of one origin
   * @param bytes what they take
   * @param where they come from: a stack's lines, a method, or a type; empty if that is not known
   */
  public static void leak(String source, long count, long bytes, String where) {
    if (PRESENT) {
      Events.leak(source, count, bytes, where);
    }
  }
}
