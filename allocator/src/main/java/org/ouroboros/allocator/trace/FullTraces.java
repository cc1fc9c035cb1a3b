package org.ouroboros.allocator.trace;

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
  long remove(long address) {
    long entry = blocks.remove(address);
    if (entry != TraceEntry.NONE) {
      count(-TraceEntry.size(entry));
    }
    return entry;
  }

  @Override
  void restore(long address, long entry) {
    blocks.put(address, entry);
    count(TraceEntry.size(entry));
  }

  @Override
  long get(long address) {
    return blocks.get(address);
  }

  @Override
  double weight(long size) {
    return 1;
  }

  @Override
  void forEach(BlockMap.Visitor visitor) {
    blocks.forEach(visitor);
  }

  @Override
  long tableBytes() {
    return blocks.bytes();
  }
}
