package org.ouroboros.collector;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.budget.Budget;
import org.ouroboros.allocator.source.MemorySource;

/**
 * How a heap is made. Immutable: each {@code with} method returns changed options, which may be
 * used for any number of heaps.
 *
 * <pre>{@code
 * Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withMode(HeapMode.CHECKED).withLimit(1 << 30));
 * }</pre>
 */
public final class HeapOptions {

  /** The most address space a paged space can use, in bytes. */
  public static final long MAX_RESERVATION = 64L << 30;

  private static final long LEAST_RESERVATION = 1L << 20;

  /** Normal mode, on the paged space, without limits of their own. */
  public static final HeapOptions DEFAULT = new HeapOptions(new Values());

  /** The values; written only by those who made them. */
  private static final class Values {

    String name = "heap";
    HeapMode mode = HeapMode.NORMAL;
    @Nullable Supplier<? extends Allocator> allocator;
    @Nullable MemorySource source;
    long reservationBytes = MAX_RESERVATION;
    long limitBytes = Long.MAX_VALUE;
    @Nullable Budget budget;
    int errorLogCapacity = 256;
    boolean pinFailed;
    boolean torture;
    boolean handleStacks;
    boolean incremental;
    int markingThreads = 1;
    @Nullable Executor executor;
    @Nullable FreeListener freeListener;
    Consumer<String> debugOutput = System.err::println;

    Values() {}

    Values(Values other) {
      this.name = other.name;
      this.mode = other.mode;
      this.allocator = other.allocator;
      this.source = other.source;
      this.reservationBytes = other.reservationBytes;
      this.limitBytes = other.limitBytes;
      this.budget = other.budget;
      this.errorLogCapacity = other.errorLogCapacity;
      this.pinFailed = other.pinFailed;
      this.torture = other.torture;
      this.handleStacks = other.handleStacks;
      this.incremental = other.incremental;
      this.markingThreads = other.markingThreads;
      this.executor = other.executor;
      this.freeListener = other.freeListener;
      this.debugOutput = other.debugOutput;
    }
  }

  private final Values values;

  private HeapOptions(Values values) {
    this.values = values;
  }

  private HeapOptions with(Consumer<Values> change) {
    Values changed = new Values(values);
    change.accept(changed);
    return new HeapOptions(changed);
  }

  /**
   * Names the heap.
   *
   * @param name for messages
   * @return changed options
   */
  public HeapOptions withName(String name) {
    return with(v -> v.name = name);
  }

  /**
   * Sets how much misuse is detected.
   *
   * @param mode the mode
   * @return changed options
   */
  public HeapOptions withMode(HeapMode mode) {
    return with(v -> v.mode = mode);
  }

  /**
   * Takes objects from an allocator, one block each, instead of the paged space.
   *
   * @param allocator makes it; called once, by the thread that makes the heap, which closes it
   * @return changed options
   */
  public HeapOptions withAllocator(Supplier<? extends Allocator> allocator) {
    return with(v -> v.allocator = allocator);
  }

  /**
   * Sets where the paged space has its memory from.
   *
   * @param source of memory
   * @return changed options
   */
  public HeapOptions withSource(MemorySource source) {
    return with(v -> v.source = source);
  }

  /**
   * Sets how much address space the paged space reserves.
   *
   * @param bytes 1 MiB to 64 GiB
   * @return changed options
   * @throws IllegalArgumentException if it is not
   */
  public HeapOptions withReservation(long bytes) {
    if (bytes < LEAST_RESERVATION || bytes > MAX_RESERVATION) {
      throw new IllegalArgumentException(
          "a reservation of " + bytes + " bytes: it must be 1 MiB to 64 GiB");
    }
    return with(v -> v.reservationBytes = bytes);
  }

  /**
   * Sets how many bytes all objects together may take.
   *
   * @param bytes more than 0
   * @return changed options
   * @throws IllegalArgumentException if it is not
   */
  public HeapOptions withLimit(long bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("a limit of " + bytes + " bytes: it must be more than 0");
    }
    return with(v -> v.limitBytes = bytes);
  }

  /**
   * Charges what objects take to a budget, which several heaps and allocators may share. It is
   * charged in chunks of 64 KiB, or a sixteenth of what the heap has if that is more; collections
   * give back what is no longer used but for a chunk, and {@link Heap#close} gives back all. If the
   * budget, or one above it, refuses, the heap collects once and tries again before it throws
   * {@link HeapExhaustedException}, whose message names the budget that refuses. Charged are the
   * objects and what their places take beyond their size, not the heap's tables.
   *
   * @param budget stays the caller's to close, after the heap; null for none, the default. A limit
   *     of the heap's own holds beside it
   * @return changed options
   */
  public HeapOptions withBudget(@Nullable Budget budget) {
    return with(v -> v.budget = budget);
  }

  /**
   * Sets whether automatic full collections are incremental: done in slices of less than a
   * millisecond, while the program goes on in between; and so are deaths. That bounds the time of
   * single calls by what young collections take; it costs throughput while a collection is under
   * way, memory for two bits each 16 bytes, and finds some garbage one collection later. Not sliced
   * is the end of a collection whose garbage has finalizers or weak references. Explicit
   * collections stop the program as ever, and are exact.
   *
   * <p>When the last reference to something large goes, some thousand objects die at once, and the
   * others little by little when objects are made, or in {@link Collector#step}, with their
   * finalizers and callbacks. Till then a weak reference may still lead to one of those, and a
   * {@code retain} keeps it. Collections on request, {@link Heap#stats}, {@link Heap#refCount},
   * enumerations, the inspector, freezing and the close complete such deaths first.
   *
   * <p>In a shared heap full collections are marked beside the threads that use it, by who calls
   * {@link Collector#assist}: a {@link CollectorAgent}, or the {@linkplain #withExecutor executor}.
   * Where nobody does, the allocating threads mark in short stops. What is garbage is freed in
   * short stops, too. Deaths are as in other shared heaps: each thread takes apart what it has let
   * die, beside the others.
   *
   * @param incremental the default is false
   * @return changed options
   */
  public HeapOptions withIncremental(boolean incremental) {
    return with(v -> v.incremental = incremental);
  }

  /**
   * Sets how many threads mark in a full collection that stops the program, an explicit one or an
   * automatic one that is not {@linkplain #withIncremental incremental}. The collecting thread is
   * one of them. The others are daemon threads that are started for the time of one marking, and
   * have ended before anything else is done. They read objects and run no code of the user:
   * finalizers, callbacks, listeners and {@link CustomReferences} are called by the collecting
   * thread alone, and what can be reached only through the latter is marked by it.
   *
   * <p>Each thread marks a range of the heap with as many objects as the others'. So it helps most
   * where these hold each other in many ways; long lists that are linked one way, with neighbours
   * far apart, can be followed by one thread at a time, and take longer than with one thread. Heaps
   * with less than 32,768 objects are marked by one thread in normal mode; so are heaps that are
   * not on the paged space, or whose memory other threads cannot access. If a thread cannot be
   * started, or there is no memory for what the heap keeps from then on, some 260 KB for each two
   * threads, 120 KB for each thread, and a bit for each 16 bytes of the heap, one thread marks too.
   *
   * @param threads 1, the default, up to the number of processors
   * @return changed options
   * @throws IllegalArgumentException if it is not
   */
  public HeapOptions withMarkingThreads(int threads) {
    int most = Runtime.getRuntime().availableProcessors();
    if (threads < 1 || threads > most) {
      throw new IllegalArgumentException(
          threads + " marking threads: it must be 1 to the number of processors, " + most);
    }
    return with(v -> v.markingThreads = threads);
  }

  /**
   * Sets who runs the automatic collections of a {@linkplain Heap#ofShared() shared heap}, their
   * finalizers and callbacks included. An allocation that finds one due hands it over and goes on;
   * one at a time. While it waits the heap grows: with ten times the threshold of net allocations,
   * or if the executor refuses, the allocating thread collects after all. Explicit collections are
   * run by who asks for them. Confined heaps do not use it.
   *
   * @param executor runs the collections, on any thread; null, the default, for the allocating
   *     thread itself
   * @return changed options
   */
  public HeapOptions withExecutor(@Nullable Executor executor) {
    return with(v -> v.executor = executor);
  }

  /**
   * Sets up the error log.
   *
   * @param capacity how many failures it keeps, 0 or more; the default is 256
   * @param pin whether an object whose finalizer failed is kept until the log is cleared
   * @return changed options
   * @throws IllegalArgumentException if the capacity is negative
   */
  public HeapOptions withErrorLog(int capacity, boolean pin) {
    if (capacity < 0) {
      throw new IllegalArgumentException("an error log of " + capacity + " entries");
    }
    return with(
        v -> {
          v.errorLogCapacity = capacity;
          v.pinFailed = pin;
        });
  }

  /**
   * Sets whether every allocation collects first.
   *
   * @param torture the default is false
   * @return changed options
   */
  public HeapOptions withTorture(boolean torture) {
    return with(v -> v.torture = torture);
  }

  /**
   * Sets whether every {@link HostHandle} notes the stack of its making, for {@link
   * Heap#hostHandleReport}. Debug mode does so always.
   *
   * @param noted the default is false: a stack takes microseconds and hundreds of bytes
   * @return changed options
   */
  public HeapOptions withHandleStacks(boolean noted) {
    return with(v -> v.handleStacks = noted);
  }

  /**
   * Sets who is told of every object that is freed.
   *
   * @param listener or null for nobody
   * @return changed options
   */
  public HeapOptions withFreeListener(@Nullable FreeListener listener) {
    return with(v -> v.freeListener = listener);
  }

  /**
   * Sets where the lines of {@link Collector#setDebug} go.
   *
   * @param output receives each line; the default is the error output
   * @return changed options
   */
  public HeapOptions withDebugOutput(Consumer<String> output) {
    return with(v -> v.debugOutput = output);
  }

  /**
   * For messages.
   *
   * @return its name
   */
  public String name() {
    return values.name;
  }

  /**
   * How much misuse is detected.
   *
   * @return the mode
   */
  public HeapMode mode() {
    return values.mode;
  }

  /**
   * Makes the allocator that objects are taken from, one block each.
   *
   * @return null for the paged space, the default
   */
  public @Nullable Supplier<? extends Allocator> allocator() {
    return values.allocator;
  }

  /**
   * Where the paged space has its memory from.
   *
   * @return null for the default
   */
  public @Nullable MemorySource source() {
    return values.source;
  }

  /**
   * Address space of the paged space.
   *
   * @return bytes
   */
  public long reservationBytes() {
    return values.reservationBytes;
  }

  /**
   * How many bytes all objects together may take.
   *
   * @return bytes
   */
  public long limitBytes() {
    return values.limitBytes;
  }

  /**
   * What the objects are charged to.
   *
   * @return null for no budget
   */
  public @Nullable Budget budget() {
    return values.budget;
  }

  /**
   * How many failures the error log keeps.
   *
   * @return entries
   */
  public int errorLogCapacity() {
    return values.errorLogCapacity;
  }

  /**
   * Whether an object whose finalizer failed is kept until the log is cleared.
   *
   * @return false by default
   */
  public boolean pinFailed() {
    return values.pinFailed;
  }

  /**
   * Whether every allocation collects first, to find errors of the program.
   *
   * @return false by default
   */
  public boolean torture() {
    return values.torture;
  }

  /**
   * Whether automatic full collections are incremental.
   *
   * @return see {@link #withIncremental}
   */
  public boolean incremental() {
    return values.incremental;
  }

  /**
   * How many threads mark in a full collection that stops the program.
   *
   * @return see {@link #withMarkingThreads}
   */
  public int markingThreads() {
    return values.markingThreads;
  }

  /**
   * Who runs the automatic collections of a shared heap.
   *
   * @return null for the allocating thread itself
   */
  public @Nullable Executor executor() {
    return values.executor;
  }

  /**
   * Whether every host handle notes the stack of its making, in modes other than debug too.
   *
   * @return false by default
   */
  public boolean handleStacks() {
    return values.handleStacks;
  }

  /**
   * Who is told of every object that is freed.
   *
   * @return null for nobody
   */
  public @Nullable FreeListener freeListener() {
    return values.freeListener;
  }

  /**
   * What receives the lines that {@link Collector#setDebug} asks for.
   *
   * @return never null
   */
  public Consumer<String> debugOutput() {
    return values.debugOutput;
  }
}
