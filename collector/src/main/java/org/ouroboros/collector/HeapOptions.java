package org.ouroboros.collector;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.source.MemorySource;

/**
 * How a heap is made. Immutable: each {@code with} method returns changed options.
 *
 * @param name for messages
 * @param mode how much misuse is detected
 * @param allocator makes the allocator that objects are taken from, one block each; null for the
 *     paged space, the default. It is called once, and the heap closes the allocator
 * @param source where the paged space has its memory from; null for the default
 * @param reservationBytes address space of the paged space, up to 64 GiB
 * @param limitBytes how many bytes all objects together may take
 * @param errorLogCapacity how many failures the error log keeps
 * @param pinFailed whether an object whose finalizer failed is kept until the log is cleared
 * @param torture whether every allocation collects first, to find errors of the program
 * @param freeListener told of every object that is freed; null for none
 * @param debugOutput receives the lines that {@link Collector#setDebug} asks for
 */
public record HeapOptions(
    String name,
    HeapMode mode,
    @Nullable Supplier<? extends Allocator> allocator,
    @Nullable MemorySource source,
    long reservationBytes,
    long limitBytes,
    int errorLogCapacity,
    boolean pinFailed,
    boolean torture,
    @Nullable FreeListener freeListener,
    Consumer<String> debugOutput) {

  /** The most address space a paged space can use. */
  public static final long MAX_RESERVATION = 64L << 30;

  /** Normal mode, on the paged space, without limits of their own. */
  public static final HeapOptions DEFAULT =
      new HeapOptions(
          "heap",
          HeapMode.NORMAL,
          null,
          null,
          MAX_RESERVATION,
          Long.MAX_VALUE,
          256,
          false,
          false,
          null,
          System.err::println);

  /** Checks the values. */
  public HeapOptions {
    if (reservationBytes < 1 << 20 || reservationBytes > MAX_RESERVATION) {
      throw new IllegalArgumentException(
          "a reservation of " + reservationBytes + " bytes: it must be 1 MiB to 64 GiB");
    }
    if (limitBytes <= 0 || errorLogCapacity < 0) {
      throw new IllegalArgumentException(
          "limit "
              + limitBytes
              + " must be positive, error log "
              + errorLogCapacity
              + " not less than 0");
    }
  }

  /**
   * Names the heap.
   *
   * @param name for messages
   * @return changed options
   */
  public HeapOptions withName(String name) {
    return new HeapOptions(
        name,
        mode,
        allocator,
        source,
        reservationBytes,
        limitBytes,
        errorLogCapacity,
        pinFailed,
        torture,
        freeListener,
        debugOutput);
  }

  /**
   * Sets how much misuse is detected.
   *
   * @param mode the mode
   * @return changed options
   */
  public HeapOptions withMode(HeapMode mode) {
    return new HeapOptions(
        name,
        mode,
        allocator,
        source,
        reservationBytes,
        limitBytes,
        errorLogCapacity,
        pinFailed,
        torture,
        freeListener,
        debugOutput);
  }

  /**
   * Takes objects from an allocator, one block each, instead of the paged space.
   *
   * @param allocator makes it; called once, by the thread that makes the heap, which closes it
   * @return changed options
   */
  public HeapOptions withAllocator(Supplier<? extends Allocator> allocator) {
    return new HeapOptions(
        name,
        mode,
        allocator,
        source,
        reservationBytes,
        limitBytes,
        errorLogCapacity,
        pinFailed,
        torture,
        freeListener,
        debugOutput);
  }

  /**
   * Sets where the paged space has its memory from.
   *
   * @param source of memory
   * @return changed options
   */
  public HeapOptions withSource(MemorySource source) {
    return new HeapOptions(
        name,
        mode,
        allocator,
        source,
        reservationBytes,
        limitBytes,
        errorLogCapacity,
        pinFailed,
        torture,
        freeListener,
        debugOutput);
  }

  /**
   * Sets how much address space the paged space reserves.
   *
   * @param bytes 1 MiB to 64 GiB
   * @return changed options
   */
  public HeapOptions withReservation(long bytes) {
    return new HeapOptions(
        name,
        mode,
        allocator,
        source,
        bytes,
        limitBytes,
        errorLogCapacity,
        pinFailed,
        torture,
        freeListener,
        debugOutput);
  }

  /**
   * Sets how many bytes all objects together may take.
   *
   * @param bytes more than 0
   * @return changed options
   */
  public HeapOptions withLimit(long bytes) {
    return new HeapOptions(
        name,
        mode,
        allocator,
        source,
        reservationBytes,
        bytes,
        errorLogCapacity,
        pinFailed,
        torture,
        freeListener,
        debugOutput);
  }

  /**
   * Sets up the error log.
   *
   * @param capacity how many failures it keeps
   * @param pin whether an object whose finalizer failed is kept until the log is cleared
   * @return changed options
   */
  public HeapOptions withErrorLog(int capacity, boolean pin) {
    return new HeapOptions(
        name,
        mode,
        allocator,
        source,
        reservationBytes,
        limitBytes,
        capacity,
        pin,
        torture,
        freeListener,
        debugOutput);
  }

  /**
   * Sets whether every allocation collects first.
   *
   * @param torture the default is false
   * @return changed options
   */
  public HeapOptions withTorture(boolean torture) {
    return new HeapOptions(
        name,
        mode,
        allocator,
        source,
        reservationBytes,
        limitBytes,
        errorLogCapacity,
        pinFailed,
        torture,
        freeListener,
        debugOutput);
  }

  /**
   * Sets who is told of every object that is freed.
   *
   * @param listener or null for nobody
   * @return changed options
   */
  public HeapOptions withFreeListener(@Nullable FreeListener listener) {
    return new HeapOptions(
        name,
        mode,
        allocator,
        source,
        reservationBytes,
        limitBytes,
        errorLogCapacity,
        pinFailed,
        torture,
        listener,
        debugOutput);
  }

  /**
   * Sets where the lines of {@link Collector#setDebug} go.
   *
   * @param output receives each line; the default is the error output
   * @return changed options
   */
  public HeapOptions withDebugOutput(Consumer<String> output) {
    return new HeapOptions(
        name,
        mode,
        allocator,
        source,
        reservationBytes,
        limitBytes,
        errorLogCapacity,
        pinFailed,
        torture,
        freeListener,
        output);
  }
}
