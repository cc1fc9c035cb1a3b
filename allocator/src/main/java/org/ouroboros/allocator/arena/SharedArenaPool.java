package org.ouroboros.allocator.arena;

import java.lang.foreign.Arena;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.foreign.NativeAccess;

/**
 * Arenas for all threads whose close is cheap: in place of {@link Arena#ofShared()}, whose close
 * waits for every thread of the process (tens of microseconds, and compiled code of other threads
 * may be thrown away).
 *
 * <p>Arenas of a pool share the scope of one JDK arena, an <i>epoch</i>. An arena that is closed
 * leaves its blocks in the epoch's quarantine. When {@code arenasPerEpoch} arenas have been opened
 * in an epoch, or {@code quarantineBytes} lie in its quarantine, the next arena begins another;
 * when the last arena of the old one is closed, its JDK arena is closed, with the one handshake for
 * all of them, and the blocks go back to the allocator.
 *
 * <h2>Promises</h2>
 *
 * <ul>
 *   <li>When {@link Arena#close()} of a pooled arena returns, its own methods throw: {@code
 *       allocate} and a second {@code close} {@link IllegalStateException}. Of two threads that
 *       close at once, one is refused.
 *   <li>From then until its epoch ends, an old segment can still be read and written, and shows
 *       what the arena's users wrote; {@code scope().isAlive()} is true. Its memory is not reused
 *       before the epoch ends, so nobody else's data ever shows, and nobody else's is spoilt.
 *   <li>After the epoch has ended, touching an old segment throws {@link IllegalStateException}, in
 *       every thread, as with the JDK's arena.
 *   <li>Segments are zeroed, aligned as asked, do not overlap, and may be used from any thread.
 *       What is mapped into an arena, or bound to it by {@code reinterpret}, ends with the epoch.
 * </ul>
 *
 * <p>So a pooled arena is as safe as the JDK's and later to tell a mistake. What it costs is
 * memory: an epoch ends only when all its arenas are closed, so each arena that stays open for long
 * can hold back what the others of its epoch ({@code arenasPerEpoch - 1} at most) have left in
 * quarantine, which is {@code quarantineBytes} and what those then open leave in addition. Take
 * {@link Arena#ofShared()} for those. The last epoch waits for its arenas to be used up: {@link
 * #flush()} ends it now.
 *
 * <p>An epoch cannot end while a native call uses one of its segments: it waits then, and is tried
 * again when another epoch ends, on {@link #flush()} and on {@link #close()}.
 *
 * <p>Where there is no memory, {@link org.ouroboros.allocator.AllocationFailedException} is thrown
 * instead of {@link OutOfMemoryError}. Without native access {@link #open} returns {@link
 * Arena#ofShared()}, and the allocator is not used.
 *
 * <p>Thread rule: every method of the pool and of its arenas may be called from any thread. Cost:
 * open and close are a few atomic operations; the close that ends an epoch also has the handshake
 * and the epoch's frees.
 */
public final class SharedArenaPool implements AutoCloseable {

  /** How many arenas share an epoch by default. */
  public static final int DEFAULT_ARENAS_PER_EPOCH = 256;

  /** How many bytes lie in an epoch's quarantine at the most, by default, before it is to end. */
  public static final long DEFAULT_QUARANTINE_BYTES = 16L << 20;

  private final Allocator allocator;
  private final int arenasPerEpoch;
  private final long quarantineBytes;

  /** Where arenas are opened; null before the first, and once the pool is closed. */
  private final AtomicReference<@Nullable Epoch> current = new AtomicReference<>();

  /** Epochs that were to end while a native call used them. */
  private final ConcurrentLinkedQueue<Epoch> waiting = new ConcurrentLinkedQueue<>();

  private volatile boolean closed;

  /**
   * Makes a pool with the defaults.
   *
   * @param allocator where memory comes from; thread-safe, and open for longer than the pool
   * @throws IllegalArgumentException if it is not thread-safe
   */
  public SharedArenaPool(Allocator allocator) {
    this(allocator, DEFAULT_ARENAS_PER_EPOCH, DEFAULT_QUARANTINE_BYTES);
  }

  /**
   * Makes a pool.
   *
   * @param allocator where memory comes from; thread-safe, and open for longer than the pool
   * @param arenasPerEpoch how many arenas share one handshake, at least 1
   * @param quarantineBytes how many bytes of closed arenas are kept before an epoch is to end, even
   *     if it has had fewer arenas; 0: it ends with the first that had any
   * @throws IllegalArgumentException if the allocator is not thread-safe, or a figure out of range
   */
  public SharedArenaPool(Allocator allocator, int arenasPerEpoch, long quarantineBytes) {
    Objects.requireNonNull(allocator, "allocator");
    if (!allocator.capabilities().threadSafe()) {
      throw new IllegalArgumentException(
          allocator.name() + " is confined to a thread: a pool takes one that any thread may use");
    }
    if (arenasPerEpoch < 1 || quarantineBytes < 0) {
      throw new IllegalArgumentException(
          "arenas in an epoch must be 1 or more and quarantine 0 bytes or more: "
              + arenasPerEpoch
              + ", "
              + quarantineBytes);
    }
    this.allocator = allocator;
    this.arenasPerEpoch = arenasPerEpoch;
    this.quarantineBytes = quarantineBytes;
  }

  /**
   * Opens an arena.
   *
   * @return a new arena, which any thread may use and close
   * @throws IllegalStateException if the pool is closed
   */
  public Arena open() {
    if (!NativeAccess.isEnabled()) {
      checkOpen();
      return Arena.ofShared();
    }
    while (true) {
      checkOpen();
      Epoch epoch = current.get();
      if (epoch != null && epoch.join()) {
        return new PooledArena(epoch);
      }
      replace(epoch);
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the pool is closed");
    }
  }

  /** Puts a new epoch in the place of one that takes no more arenas. */
  private void replace(@Nullable Epoch full) {
    Epoch fresh = new Epoch(this, allocator, arenasPerEpoch, quarantineBytes);
    // If another thread was first, the fresh one holds nothing and is left to the garbage
    // collector.
    if (current.compareAndSet(full, fresh) && closed) {
      seal(current.getAndSet(null));
    }
  }

  private static void seal(@Nullable Epoch epoch) {
    if (epoch != null) {
      epoch.seal();
    }
  }

  /**
   * Ends the current epoch: at once if none of its arenas is open, else with the last of them.
   * Costs a handshake with all threads if there is something to give back. Call it when no more
   * arenas are to be expected for some time, or when memory is short.
   */
  public void flush() {
    Epoch epoch = current.get();
    if (epoch != null && epoch.isUsed()) {
      epoch.seal();
    }
    retryWaiting();
  }

  /** Is told of an epoch that a native call keeps from ending. */
  void postpone(Epoch epoch) {
    waiting.add(epoch);
  }

  /** Tries to end the epochs that wait, each once. */
  void retryWaiting() {
    for (int i = waiting.size(); i > 0; i--) {
      Epoch epoch = waiting.poll();
      if (epoch == null) {
        return;
      }
      epoch.end();
    }
  }

  /**
   * Closes the pool: no more arenas are opened, and the current epoch ends as {@link #flush()} does
   * it. Arenas that are still open stay usable until they are closed, and give their memory back
   * then; so the allocator must outlive them. Closing twice does nothing.
   *
   * @throws IllegalStateException if a native call keeps an epoch from ending; the pool is closed,
   *     and close may be called again when the call has returned
   */
  @Override
  public void close() {
    closed = true;
    seal(current.getAndSet(null));
    retryWaiting();
    if (!waiting.isEmpty()) {
      throw new IllegalStateException(
          "a native call uses memory of an arena that is closed: close the pool again after it");
    }
  }
}
