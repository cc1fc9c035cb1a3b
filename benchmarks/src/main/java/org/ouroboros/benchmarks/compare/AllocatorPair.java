package org.ouroboros.benchmarks.compare;

import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.benchmarks.replay.NativeMemory;

/** An allocator of this project, called by addresses. */
final class AllocatorPair implements Pair {

  private final Allocator allocator;
  private final Allocator owner;

  private AllocatorPair(Allocator allocator, Allocator owner) {
    this.allocator = allocator;
    this.owner = owner;
  }

  static AllocatorPair of(String name) {
    Allocator allocator = Allocators.of(name);
    return new AllocatorPair(allocator, allocator);
  }

  static AllocatorPair confined() {
    OuroborosAllocator owner = OuroborosAllocator.create();
    return new AllocatorPair(owner.confined(), owner);
  }

  @Override
  public long once(int size) {
    long block = allocator.malloc(size);
    NativeMemory.putByte(block, (byte) 1);
    allocator.free(block);
    return block;
  }

  @Override
  public void close() {
    allocator.close();
    owner.close();
  }
}
