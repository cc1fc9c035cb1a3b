package org.ouroboros.benchmarks.replay;

import org.jspecify.annotations.Nullable;

/** An allocator broke its contract while a trace was replayed. The message is one line. */
public final class VerificationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The event at which it showed. */
  private final long event;

  /** The block it showed in. */
  private final long block;

  /**
   * Makes one.
   *
   * @param event the number of the event at which the fault showed, from 0
   * @param call the event in words
   * @param block the id of the block, from 0
   * @param fault what is wrong, as a phrase
   * @param cause what the allocator threw, or null
   */
  public VerificationException(
      long event, String call, long block, String fault, @Nullable Throwable cause) {
    super("event " + event + ", " + call + " of block " + block + ": " + fault, cause);
    this.event = event;
    this.block = block;
  }

  /**
   * The event at which the fault showed.
   *
   * @return its number, from 0; the number of events if it showed when the rest was freed
   */
  public long event() {
    return event;
  }

  /**
   * The block it showed in.
   *
   * @return its id, from 0
   */
  public long block() {
    return block;
  }
}
