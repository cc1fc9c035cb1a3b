package org.ouroboros.allocator;

import org.jspecify.annotations.Nullable;

/**
 * A request for memory that cannot be met. Nothing has changed; no block was lost. Subclasses know
 * more of the reason.
 */
public class AllocationFailedException extends AllocatorException {

  private static final long serialVersionUID = 1L;

  /** The allocator that failed. */
  private final String allocator;

  /** What was asked for. */
  private final long requestedBytes;

  /**
   * Makes one.
   *
   * @param allocator the name of the allocator that failed
   * @param requestedBytes what was asked for; -1 if it does not fit in a {@code long}
   * @param reason why, and what to do about it, as the rest of a sentence
   * @param cause the source's failure, or null
   */
  public AllocationFailedException(
      String allocator, long requestedBytes, String reason, @Nullable Throwable cause) {
    super(
        allocator
            + ": cannot allocate "
            + (requestedBytes < 0 ? "more than 2^63-1" : requestedBytes)
            + " bytes: "
            + reason,
        cause);
    this.allocator = allocator;
    this.requestedBytes = requestedBytes;
  }

  /**
   * The allocator that failed.
   *
   * @return its name
   */
  public String allocator() {
    return allocator;
  }

  /**
   * What was asked for.
   *
   * @return bytes, or -1 if the request does not fit in a {@code long}
   */
  public long requestedBytes() {
    return requestedBytes;
  }
}
