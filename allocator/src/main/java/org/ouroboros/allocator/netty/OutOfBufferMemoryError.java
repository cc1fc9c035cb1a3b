package org.ouroboros.allocator.netty;

import org.ouroboros.allocator.AllocationFailedException;

/**
 * The allocator underneath has no memory for a buffer. Nothing has changed; a buffer that was to
 * grow is as it was.
 *
 * <p>It is an {@link OutOfMemoryError}, as Netty's own {@code OutOfDirectMemoryError} (which nobody
 * else can make) is: Netty's channels close on one, and handlers that expect one catch this too. It
 * does not trigger the JVM's {@code -XX:+ExitOnOutOfMemoryError}. Its cause is the allocator's
 * {@link AllocationFailedException}.
 */
public final class OutOfBufferMemoryError extends OutOfMemoryError {

  private static final long serialVersionUID = 1L;

  /** What was asked for. */
  private final long requestedBytes;

  OutOfBufferMemoryError(AllocationFailedException cause) {
    super(cause.getMessage());
    initCause(cause);
    this.requestedBytes = cause.requestedBytes();
  }

  /**
   * What was asked for.
   *
   * @return bytes of the buffer
   */
  public long requestedBytes() {
    return requestedBytes;
  }
}
