package org.ouroboros.collector;

import org.jspecify.annotations.Nullable;

/** A request for memory that a heap cannot meet. Nothing has changed; no object was lost. */
public final class HeapExhaustedException extends HeapException {

  private static final long serialVersionUID = 1L;

  /** What was asked for. */
  private final long requestedBytes;

  /** The heap's limit. */
  private final long limitBytes;

  /**
   * Makes one.
   *
   * @param heap the heap's name
   * @param requestedBytes what was asked for
   * @param limitBytes what the heap may take
   * @param what it was for, and why it cannot be met, as the rest of a sentence
   * @param cause the failure of the space, or null
   */
  public HeapExhaustedException(
      String heap, long requestedBytes, long limitBytes, String what, @Nullable Throwable cause) {
    super(
        heap + ": no room for " + requestedBytes + " bytes (limit " + limitBytes + "): " + what,
        cause);
    this.requestedBytes = requestedBytes;
    this.limitBytes = limitBytes;
  }

  /**
   * What was asked for.
   *
   * @return bytes
   */
  public long requestedBytes() {
    return requestedBytes;
  }

  /**
   * The heap's limit.
   *
   * @return bytes
   */
  public long limitBytes() {
    return limitBytes;
  }
}
