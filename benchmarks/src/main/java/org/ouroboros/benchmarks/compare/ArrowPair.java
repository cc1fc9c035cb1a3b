package org.ouroboros.benchmarks.compare;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;

/** A buffer of Arrow's root allocator, which a property tells the allocation manager. */
final class ArrowPair implements Pair {

  private final RootAllocator root = new RootAllocator();

  ArrowPair() {}

  @Override
  public long once(int size) {
    try (ArrowBuf buffer = root.buffer(size)) {
      buffer.setByte(0, 1);
      return buffer.memoryAddress();
    }
  }

  @Override
  public void close() {
    root.close();
  }
}
