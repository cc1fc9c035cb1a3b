package org.ouroboros.benchmarks.compare;

import java.util.Locale;
import org.lwjgl.system.Configuration;
import org.lwjgl.system.MemoryUtil;

/** LWJGL's explicit memory management on one of its native allocators. */
final class LwjglPair implements Pair {

  /**
   * Chooses the allocator, which LWJGL does once in a process.
   *
   * @param allocator {@code mimalloc}, {@code rpmalloc} or {@code jemalloc}
   */
  LwjglPair(String allocator) {
    Configuration.MEMORY_ALLOCATOR.set(allocator);
    String type = MemoryUtil.getAllocator().getClass().getName();
    if (!type.toLowerCase(Locale.ROOT).contains(allocator)) {
      throw new IllegalStateException("LWJGL took " + type + " and not " + allocator);
    }
  }

  @Override
  public long once(int size) {
    long block = MemoryUtil.nmemAlloc(size);
    MemoryUtil.memPutByte(block, (byte) 1);
    MemoryUtil.nmemFree(block);
    return block;
  }
}
