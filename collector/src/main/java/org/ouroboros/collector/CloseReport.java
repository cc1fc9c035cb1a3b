package org.ouroboros.collector;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was left in a heap when it was closed.
 *
 * @param liveObjects objects that were alive
 * @param liveBytes what they took
 * @param externallyHeld those of them that Java code still owned references to: leaks, mostly
 * @param uncollectable how many were in the collector's garbage list
 * @param finalizersRun how many finalizers ran during the close
 * @param objectsByType how many objects of each type were alive, by its name
 * @param owners in debug mode, where the owned references were taken; empty otherwise
 */
public record CloseReport(
    long liveObjects,
    long liveBytes,
    long externallyHeld,
    int uncollectable,
    long finalizersRun,
    Map<String, Long> objectsByType,
    List<Owner> owners) {

  /** Makes one. */
  public CloseReport {
    objectsByType = Map.copyOf(objectsByType);
    owners = List.copyOf(owners);
  }

  /**
   * An owned reference that was not released.
   *
   * @param type the object's type
   * @param ref the reference, for messages
   * @param stack where it was taken; null if that was not noted
   */
  public record Owner(String type, long ref, @Nullable Throwable stack) {}
}
