package org.ouroboros.allocator.trace;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Domain;

/** Every block. */
final class FullTraces extends Traces {

  private final BlockMap blocks = new BlockMap();
  private final int frames;

  FullTraces(TraceOptions options, boolean shared) {
    super(options, shared);
    this.frames = options.frames();
  }

  @Override
  void add(long address, long size, Domain domain, int site) {
    // A site is one frame.
    int stack = site != Stacks.NONE && frames == 1 ? site : Stacks.capture(frames);
    long old;
    long entry = TraceEntry.of(size, stack, domain);
    try {
      old = blocks.put(address, entry);
    } catch (OutOfMemoryError e) {
      lose();
      return;
    }
    count(TraceEntry.size(entry) - TraceEntry.size(old));
  }

  @Override
  boolean mayHave(long address) {
    return true;
  }

  @Override
  void free(Allocator inner, long address) {
    long entry = remove(address);
    try {
      inner.free(address);
    } catch (RuntimeException e) {
      restore(address, entry);
      throw e;
    }
  }

  @Override
  long realloc(Allocator inner, long address, long size) {
    long entry = remove(address);
    try {
      return inner.realloc(address, size);
    } catch (RuntimeException | Error e) {
      restore(address, entry);
      throw e;
    }
  }

  private long remove(long address) {
    long entry = blocks.remove(address);
    if (entry != TraceEntry.NONE) {
      count(-TraceEntry.size(entry));
    }
    return entry;
  }

  private void restore(long address, long entry) {
    if (entry != TraceEntry.NONE) {
      blocks.put(address, entry);
      count(TraceEntry.size(entry));
    }
  }

  @Override
  @Nullable Trace trace(long address) {
    long entry = blocks.get(address);
    return entry == TraceEntry.NONE ? null : trace(address, entry, 1);
  }

  @Override
  void forEach(Consumer<Trace> visitor) {
    blocks.forEach((address, entry) -> visitor.accept(trace(address, entry, 1)));
  }

  @Override
  long tableBytes() {
    return blocks.bytes();
  }
}
