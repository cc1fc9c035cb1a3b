package org.ouroboros.allocator.trace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Domain;

/**
 * What was allocated between a start, or a clear, and the next. A thread that still writes to it
 * after a stop does no harm: nobody reads it any more.
 *
 * <p>Thread rule: any thread; around a confined allocator, blocks are added and removed by its
 * thread alone.
 */
abstract class Traces {

  private static final VarHandle CURRENT;
  private static final VarHandle PEAK;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CURRENT = lookup.findVarHandle(Traces.class, "current", long.class);
      PEAK = lookup.findVarHandle(Traces.class, "peak", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final TraceOptions options;

  /** Whether several threads come. */
  private final boolean shared;

  private long current;
  private long peak;
  private volatile long lost;

  /** What was tracked by hand. */
  private final Map<Foreign, Trace> foreign = new ConcurrentHashMap<>();

  /** Whose that is. */
  record Foreign(int domain, long address) {}

  Traces(TraceOptions options, boolean shared) {
    this.options = options;
    this.shared = shared;
  }

  /**
   * Makes what the options ask for.
   *
   * @param shared whether several threads come
   * @param told whether they are told of every allocation, and not of those alone that are sampled
   */
  static Traces of(TraceOptions options, boolean shared, boolean told) {
    return options.sampleBytes() == 0
        ? new FullTraces(options, shared)
        : new SampledTraces(options, shared, told);
  }

  /**
   * Adds a block that its user does not have yet.
   *
   * @param site the number of its stack where that is known already, else {@link Stacks#NONE}
   */
  abstract void add(long address, long size, Domain domain, int site);

  /** Whether a block may be there; if not, it is not. The quick question before the next. */
  abstract boolean mayHave(long address);

  /**
   * Takes a block out if it is there, and frees it. The trace goes first: as soon as the block is
   * freed, its address may be another thread's. If the free throws, the trace is there again.
   */
  abstract void free(Allocator inner, long address);

  /** The same for a block that is resized; the new one is not added. */
  abstract long realloc(Allocator inner, long address, long size);

  /** What is known of a block; null if nothing. */
  abstract @Nullable Trace trace(long address);

  /** What is known of all blocks, in no order; some that come and go meanwhile may be missing. */
  abstract void forEach(Consumer<Trace> visitor);

  /** Bytes on the Java heap, about. */
  abstract long tableBytes();

  // ------------------------------------------------------------------- counting

  final void count(long bytes) {
    if (shared) {
      countShared(bytes);
    } else {
      long now = current + bytes;
      current = now;
      if (now > peak) {
        peak = now;
      }
    }
  }

  private void countShared(long bytes) {
    long now = (long) CURRENT.getAndAdd(this, bytes) + bytes;
    long known = (long) PEAK.getOpaque(this);
    while (now > known && !PEAK.weakCompareAndSetPlain(this, known, now)) {
      known = (long) PEAK.getOpaque(this);
    }
  }

  final synchronized void lose() {
    lost++;
  }

  final TracedMemory memory() {
    long now = (long) CURRENT.getOpaque(this);
    return new TracedMemory(now, Math.max(now, (long) PEAK.getOpaque(this)), lost);
  }

  final void resetPeak() {
    PEAK.setOpaque(this, (long) CURRENT.getOpaque(this));
  }

  /** About the bytes on the Java heap. */
  final long bytes() {
    return tableBytes() + 150L * foreign.size();
  }

  // -------------------------------------------------------------------- by hand

  final void track(int domain, long address, long size) {
    Traceback traceback = Stacks.get(Stacks.capture(options.frames()));
    Foreign key = new Foreign(domain, address);
    Trace old = foreign.put(key, new Trace(domain, address, size, 1, traceback));
    count(size - (old == null ? 0 : old.size()));
  }

  final void untrack(int domain, long address) {
    Trace old = foreign.remove(new Foreign(domain, address));
    if (old != null) {
      count(-old.size());
    }
  }

  final @Nullable Trace tracked(int domain, long address) {
    return foreign.get(new Foreign(domain, address));
  }

  // -------------------------------------------------------------------- reading

  /** What a word says. */
  static Trace trace(long address, long entry, double weight) {
    return new Trace(
        TraceEntry.domain(entry),
        address,
        TraceEntry.size(entry),
        weight,
        Stacks.get(TraceEntry.stack(entry)));
  }

  final Snapshot snapshot() {
    Snapshot.Builder builder = new Snapshot.Builder(options.frames(), options.sampleBytes());
    forEach(builder::add);
    foreign.values().forEach(builder::add);
    return builder.build();
  }
}
