package org.ouroboros.allocator.trace;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.jfr.AllocatorEvents;
import org.ouroboros.allocator.page.Face;
import org.ouroboros.allocator.page.Sampler;

/**
 * Blocks into which a point falls, where points lie at random in the stream of bytes that are
 * allocated: what tcmalloc's heap profiler and the JVM's own sampler do. The bytes up to the next
 * point are exponentially distributed, and such a distribution has no memory: so it does not matter
 * that the count begins anew behind a block that was sampled.
 *
 * <p>Around the default allocator its local heaps count to the next sampled block, see {@link
 * TraceSampler}, and nothing here is on the way of the others. Around others each thread counts in
 * a cell of its own, by its number: threads whose numbers are equal modulo {@link #CELLS} share one
 * without a lock, and where their counts collide a point comes a little later.
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

  SampledTraces(TraceOptions options, boolean shared, boolean told) {
    super(options, shared);
    this.mean = options.sampleBytes();
    this.frames = options.frames();
    this.left = next();
    this.cells = shared && told ? new long[CELLS * STRIDE] : null;
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
    if (size > 0) {
      note(address, size, weight(size), domain, site);
    }
    return next();
  }

  /** The rate of points in a byte. */
  double perByte() {
    return 1 / mean;
  }

  private double weight(long size) {
    return -1 / Math.expm1(-size / mean);
  }

  /** Enters a block that was chosen: a point fell into it. */
  void add(long address, long size, Domain domain) {
    note(address, size, weight(size), domain, Stacks.NONE);
  }

  private void note(long address, long size, double weight, Domain domain, int site) {
    try {
      boolean isKnown = site != Stacks.NONE && frames == 1;
      NotedStack noted = isKnown || blocks.size() >= MOST_NOTED ? null : new NotedStack(frames);
      int stack = isKnown ? site : noted != null ? Stacks.NONE : Stacks.capture(frames);
      long entry = TraceEntry.of(size, stack, domain);
      SampleMap.Sample sample = new SampleMap.Sample(entry, weight, noted);
      add(address, sample);
      AllocatorEvents.sample(domain.name(), size, sample.estimate());
    } catch (OutOfMemoryError e) {
      lose();
    }
  }

  private void add(long address, SampleMap.Sample sample) {
    SampleMap.Sample old = blocks.put(address, sample);
    count(sample.estimate() - (old == null ? 0 : old.estimate()));
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

  /**
   * Resizes a block of the default allocator that may be there. Whether a block which moves is
   * sampled is drawn where it is allocated anew. One that stays where it is stays what it is: if
   * only those were drawn again that come by here, too few would be left.
   */
  long resize(Face face, Sampler sampler, long address, long size, Domain domain) {
    SampleMap.Sample sample = remove(address);
    long resized;
    try {
      resized = face.realloc(address, size, sampler);
    } catch (RuntimeException | Error e) {
      restore(address, sample);
      throw e;
    }
    if (sample != null && resized == address) {
      note(address, size, sample.weight(), domain, Stacks.NONE);
    }
    return resized;
  }

  private SampleMap.@Nullable Sample remove(long address) {
    SampleMap.Sample sample = blocks.remove(address);
    if (sample != null) {
      count(-sample.estimate());
    }
    return sample;
  }

  private void restore(long address, SampleMap.@Nullable Sample sample) {
    if (sample != null) {
      add(address, sample);
    }
  }

  @Override
  @Nullable Trace trace(long address) {
    SampleMap.Sample sample = blocks.get(address);
    return sample == null ? null : trace(address, sample);
  }

  private static Trace trace(long address, SampleMap.Sample sample) {
    return trace(address, sample.named(), sample.weight());
  }

  @Override
  void forEach(Consumer<Trace> visitor) {
    blocks.copy().forEach((address, sample) -> visitor.accept(trace(address, sample)));
  }

  @Override
  long tableBytes() {
    return blocks.bytes() + (cells == null ? 0 : (long) cells.length * Long.BYTES);
  }
}
