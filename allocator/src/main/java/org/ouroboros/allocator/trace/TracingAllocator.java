package org.ouroboros.allocator.trace;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.DomainTagging;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.page.Face;

/**
 * A decorator that knows of live blocks where they were allocated, around any allocator: Python's
 * {@code tracemalloc}.
 *
 * <p>Tracing can be started and stopped while the allocator is used. Blocks that were allocated
 * before are not traced, and may be freed at any time. Sizes are those that were asked for. A block
 * that is resized is traced where that was done.
 *
 * <p>Blocks of the allocator underneath may be freed here, and the other way round: then the trace
 * stays until its address is allocated here again, and around a sampling one until tracing is
 * cleared.
 *
 * <p>Thread rule: allocating as the allocator underneath; everything else from any thread, also
 * while others allocate: {@link #stop()} needs no pause. A reading that is taken meanwhile need not
 * be of one instant. Cost: where tracing is stopped, a load; where every block is traced, a walk
 * over the stack for each allocation, about a microsecond (none with {@link TraceAgent} and one
 * frame), and a table of 8 bytes for each 16 of every 16 KiB where blocks begin; where it samples,
 * a load for each call around the default allocator or a view of it, which counts itself, and a
 * count for each call around others.
 */
public final class TracingAllocator extends ForwardingAllocator implements DomainTagging {

  /** The lowest domain of memory that is {@link #track tracked by hand}. */
  public static final int FIRST_FOREIGN_DOMAIN = Domain.values().length;

  /** What names of allocators end with that trace. */
  static final String SUFFIX = "trace";

  private final Allocator inner;
  private final TraceState state;
  private final Domain domain;
  private final @Nullable Thread owner;

  /** Of the default allocator: its calls, which sample for us; null around others. */
  private final @Nullable Face face;

  private final TraceSampler sampler;

  private TracingAllocator(Allocator inner, TraceState state, Domain domain) {
    super(inner, inner.name() + "_" + SUFFIX);
    this.inner = inner;
    this.state = state;
    this.domain = domain;
    this.owner = state.owner;
    this.face = state.face;
    this.sampler = new TraceSampler(state, domain);
  }

  /**
   * Traces one frame of every block of an allocator, from now on.
   *
   * @param inner the allocator that serves; closing the tracer closes it
   * @return a new tracer for {@link Domain#MEM}
   */
  public static TracingAllocator wrap(Allocator inner) {
    return wrap(inner, TraceOptions.DEFAULT);
  }

  /**
   * Traces an allocator.
   *
   * @param inner the allocator that serves; closing the tracer closes it. If it is confined, the
   *     calling thread must be its own
   * @param options what to trace, and whether from now on
   * @return a new tracer for {@link Domain#MEM}
   */
  public static TracingAllocator wrap(Allocator inner, TraceOptions options) {
    TraceState state = new TraceState(inner, options);
    return new TracingAllocator(inner, state, Domain.MEM);
  }

  @Override
  public TracingAllocator forDomain(Domain other) {
    if (other == domain) {
      return this;
    }
    Allocator face = inner instanceof DomainTagging tagging ? tagging.forDomain(other) : inner;
    return new TracingAllocator(face, state, other);
  }

  // ----------------------------------------------------------------- allocating

  @Override
  public long malloc(long size) {
    return mallocAt(size, Stacks.NONE);
  }

  @Override
  public long calloc(long count, long size) {
    return callocAt(count, size, Stacks.NONE);
  }

  @Override
  public long realloc(long address, long size) {
    return reallocAt(address, size, Stacks.NONE);
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    return alignedAllocAt(alignment, size, Stacks.NONE);
  }

  /** From a call site whose stack has a number. */
  long mallocAt(long size, int site) {
    Traces told = state.told;
    if (told == null) {
      return face != null ? face.malloc(size, sampler) : inner.malloc(size);
    }
    long address = inner.malloc(size);
    told.add(address, size, domain, site);
    return address;
  }

  long callocAt(long count, long size, int site) {
    Traces told = state.told;
    if (told == null) {
      return face != null ? face.calloc(count, size, sampler) : inner.calloc(count, size);
    }
    long address = inner.calloc(count, size);
    told.add(address, count * size, domain, site);
    return address;
  }

  long alignedAllocAt(long alignment, long size, int site) {
    Traces told = state.told;
    if (told == null) {
      return face != null
          ? face.alignedAlloc(alignment, size, sampler)
          : inner.alignedAlloc(alignment, size);
    }
    long address = inner.alignedAlloc(alignment, size);
    told.add(address, size, domain, site);
    return address;
  }

  long reallocAt(long address, long size, int site) {
    Traces told = state.told;
    if (told == null) {
      long resized = face == null ? 0 : face.reallocSmall(address, size, sampler);
      return resized != 0 ? resized : reallocOther(address, size);
    }
    long resized;
    if (told.mayHave(address)) {
      checkThread();
      resized = told.realloc(inner, address, size);
    } else {
      resized = inner.realloc(address, size);
    }
    told.add(resized, size, domain, site);
    return resized;
  }

  private long reallocOther(long address, long size) {
    if (face == null) {
      return inner.realloc(address, size);
    }
    if (state.traces instanceof SampledTraces sampled && sampled.mayHave(address)) {
      checkThread();
      return sampled.resize(face, sampler, address, size, domain);
    }
    return face.reallocOther(address, size, sampler);
  }

  @Override
  public void free(long address) {
    if (state.told == null && face != null && face.freeOwn(address)) {
      return;
    }
    Traces traces = state.traces;
    if (traces == null || !traces.mayHave(address)) {
      inner.free(address);
    } else {
      checkThread();
      traces.free(inner, address);
    }
  }

  /** What is going to be refused must not change the tables. */
  private void checkThread() {
    if (owner != null && Thread.currentThread() != owner) {
      throw new WrongThreadException(
          name() + ": it is confined to " + owner + ", as the allocator underneath is");
    }
  }

  // -------------------------------------------------------------------- tracing

  /**
   * Starts tracing with the options it was made with. Does nothing if it is on.
   *
   * @return whether it was off
   */
  public boolean start() {
    return start(state.options);
  }

  /**
   * Starts tracing. Does nothing if it is on.
   *
   * @param frames how many frames of a stack are kept, 1 to 1000
   * @return whether it was off
   * @throws IllegalArgumentException if {@code frames} is out of range
   */
  public boolean start(int frames) {
    return start(state.options.withFrames(frames));
  }

  /**
   * Starts tracing. Does nothing if it is on.
   *
   * @param options what to trace
   * @return whether it was off
   */
  public boolean start(TraceOptions options) {
    return state.start(options);
  }

  /** Stops tracing and forgets all traces. Does nothing if it is off. */
  public void stop() {
    state.stop();
  }

  /** Forgets all traces and goes on. Does nothing if tracing is off. */
  public void clear() {
    state.clear();
  }

  /**
   * Whether tracing is on.
   *
   * @return true between {@link #start()} and {@link #stop()}
   */
  public boolean isTracing() {
    return state.traces != null;
  }

  /**
   * What is being traced.
   *
   * @return the options of the last start
   * @throws IllegalStateException if tracing is off
   */
  public TraceOptions options() {
    return tracing().options;
  }

  private Traces tracing() {
    Traces traces = state.traces;
    if (traces == null) {
      throw new IllegalStateException(name() + " is not tracing: call start() first");
    }
    return traces;
  }

  /**
   * How much is live and traced.
   *
   * @return the figures; zeros if tracing is off
   */
  public TracedMemory tracedMemory() {
    Traces traces = state.traces;
    return traces == null ? new TracedMemory(0, 0, 0) : traces.memory();
  }

  /** Sets the peak to what is live now. Does nothing if tracing is off. */
  public void resetPeak() {
    Traces traces = state.traces;
    if (traces != null) {
      traces.resetPeak();
    }
  }

  /**
   * What tracing takes itself.
   *
   * @return bytes on the Java heap, about: tables of this tracer, and stacks, which all tracers of
   *     the process share and which are kept for good
   */
  public long overheadBytes() {
    Traces traces = state.traces;
    return Stacks.bytes() + (traces == null ? 0 : traces.bytes());
  }

  /**
   * Where a block was allocated.
   *
   * @param address a block of this allocator
   * @return its trace; empty if it has none: it is not live, older than the tracing, or not sampled
   */
  public Optional<Trace> traceOf(long address) {
    Traces traces = state.traces;
    return traces == null ? Optional.empty() : Optional.ofNullable(traces.trace(address));
  }

  /**
   * All traces of this moment. Takes as long as there are blocks; nobody waits for it.
   *
   * @return the traces
   * @throws IllegalStateException if tracing is off
   */
  public Snapshot snapshot() {
    return tracing().snapshot();
  }

  /**
   * What is live, by the place where it was allocated: what leaks if the program is at its end.
   *
   * @param groupBy by what it is put together
   * @return a report; without places if tracing is off
   */
  public LeakReport leaks(GroupBy groupBy) {
    Traces traces = state.traces;
    return LeakReport.of(
        name(), traces == null ? new Snapshot.Builder(1, 0).build() : traces.snapshot(), groupBy);
  }

  // -------------------------------------------------------------------- by hand

  /**
   * Traces memory from elsewhere, such as a device's: its allocation is the caller's. If it is
   * tracked already its size and its stack are replaced.
   *
   * @param foreignDomain whose memory it is, {@link #FIRST_FOREIGN_DOMAIN} or more; addresses of
   *     different domains may be equal
   * @param address any number
   * @param size bytes, 0 or more
   * @return false if tracing is off, and nothing was done
   * @throws IllegalArgumentException if a domain or size is out of range
   */
  public boolean track(int foreignDomain, long address, long size) {
    checkForeign(foreignDomain);
    if (size < 0) {
      throw new IllegalArgumentException(name() + ": negative size " + size);
    }
    Traces traces = state.traces;
    if (traces != null) {
      traces.track(foreignDomain, address, size);
    }
    return traces != null;
  }

  /**
   * Ends the trace of memory from elsewhere. Does nothing if it is not tracked.
   *
   * @param foreignDomain as it was given to {@link #track}
   * @param address as it was given to {@link #track}
   * @return false if tracing is off
   * @throws IllegalArgumentException if the domain is out of range
   */
  public boolean untrack(int foreignDomain, long address) {
    checkForeign(foreignDomain);
    Traces traces = state.traces;
    if (traces != null) {
      traces.untrack(foreignDomain, address);
    }
    return traces != null;
  }

  /**
   * The trace of memory from elsewhere.
   *
   * @param foreignDomain as it was given to {@link #track}
   * @param address as it was given to {@link #track}
   * @return its trace; empty if it is not tracked
   */
  public Optional<Trace> traceOf(int foreignDomain, long address) {
    checkForeign(foreignDomain);
    Traces traces = state.traces;
    return traces == null
        ? Optional.empty()
        : Optional.ofNullable(traces.tracked(foreignDomain, address));
  }

  private void checkForeign(int foreignDomain) {
    if (foreignDomain < FIRST_FOREIGN_DOMAIN) {
      throw new IllegalArgumentException(
          name()
              + ": domain "
              + foreignDomain
              + " is of an allocator: memory from elsewhere has "
              + FIRST_FOREIGN_DOMAIN
              + " or more");
    }
  }

  @Override
  public void close() {
    state.endSampling();
    super.close();
  }
}
