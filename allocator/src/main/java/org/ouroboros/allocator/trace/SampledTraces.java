package org.ouroboros.allocator.trace;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.jfr.AllocatorEvents;

/**
 * Blocks into which a point falls, where points lie at random in the stream of bytes that are
 * allocated: what tcmalloc's heap profiler and the JVM's own sampler do. The bytes up to the next
 * point are exponentially distributed, and such a distribution has no memory: so it does not matter
 * that the count begins anew behind a block that was sampled.
 *
 * <p>Each thread counts in a cell of its own, by its number: threads whose numbers are equal modulo
 * {@link #CELLS} share one without a lock, and where their counts collide a point comes a little
 * later.
 */
final class SampledTraces extends Traces {

  private static final int CELLS = 1024;

  /** Longs to a cell: two cache lines, since lines are fetched in pairs. */
  private static final int STRIDE = 16;

  /** Stacks without names take most of a kilobyte each. */
  private static final int MOST_NOTED = 1 << 13;

  private final SampleMap blocks = new SampleMap();
  private final double mean;
  private final int frames;

  /** Of a confined allocator: bytes up to the next point. */
  private long left;

  /** Of a shared one: the same by threads; null else. */
  private final long @Nullable [] cells;

  SampledTraces(TraceOptions options, boolean shared) {
    super(options, shared);
    this.mean = options.sampleBytes();
    this.frames = options.frames();
    this.left = next();
    this.cells = shared ? new long[CELLS * STRIDE] : null;
    for (int i = 0; cells != null && i < cells.length; i += STRIDE) {
      cells[i] = next();
    }
  }

  private long next() {
    return (long) (ThreadLocalRandom.current().nextExponential() * mean);
  }

  @Override
  void add(long address, long size, Domain domain, int site) {
    if (cells != null) {
      addShared(cells, address, size, domain, site);
      return;
    }
    long rest = left - size;
    left = rest;
    if (rest < 0) {
      left = sample(address, size, domain, site);
    }
  }

  private void addShared(long[] cells, long address, long size, Domain domain, int site) {
    int i = ((int) Thread.currentThread().threadId() & CELLS - 1) * STRIDE;
    long rest = cells[i] - size;
    cells[i] = rest;
    if (rest < 0) {
      cells[i] = sample(address, size, domain, site);
    }
  }

  private long sample(long address, long size, Domain domain, int site) {
    try {
      boolean isKnown = site != Stacks.NONE && frames == 1;
      NotedStack noted = isKnown || blocks.size() >= MOST_NOTED ? null : new NotedStack(frames);
      int stack = isKnown ? site : noted != null ? Stacks.NONE : Stacks.capture(frames);
      long entry = TraceEntry.of(size, stack, domain);
      add(address, new SampleMap.Sample(entry, noted));
      AllocatorEvents.sample(domain.name(), size, estimate(entry));
    } catch (OutOfMemoryError e) {
      lose();
    }
    return next();
  }

  private void add(long address, SampleMap.Sample sample) {
    SampleMap.Sample old = blocks.put(address, sample);
    count(estimate(sample.entry()) - (old == null ? 0 : estimate(old.entry())));
  }

  /** For how many bytes a block stands. */
  private long estimate(long entry) {
    long size = TraceEntry.size(entry);
    return size == 0 ? 0 : Math.round(size * weight(size));
  }

  @Override
  double weight(long size) {
    return size == 0 ? 1 : -1 / Math.expm1(-size / mean);
  }

  @Override
  boolean mayHave(long address) {
    return blocks.mayHave(address);
  }

  @Override
  void free(Allocator inner, long address) {
    SampleMap.Sample sample = remove(address);
    try {
      inner.free(address);
    } catch (RuntimeException e) {
      restore(address, sample);
      throw e;
    }
  }

  @Override
  long realloc(Allocator inner, long address, long size) {
    SampleMap.Sample sample = remove(address);
    try {
      return inner.realloc(address, size);
    } catch (RuntimeException | Error e) {
      restore(address, sample);
      throw e;
    }
  }

  private SampleMap.@Nullable Sample remove(long address) {
    SampleMap.Sample sample = blocks.remove(address);
    if (sample != null) {
      count(-estimate(sample.entry()));
    }
    return sample;
  }

  private void restore(long address, SampleMap.@Nullable Sample sample) {
    if (sample != null) {
      add(address, sample);
    }
  }

  @Override
  long get(long address) {
    return blocks.get(address);
  }

  @Override
  void forEach(BlockMap.Visitor visitor) {
    blocks.forEach(visitor);
  }

  @Override
  long tableBytes() {
    return blocks.bytes() + (cells == null ? 0 : (long) cells.length * Long.BYTES);
  }
}
