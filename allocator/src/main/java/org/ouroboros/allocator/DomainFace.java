package org.ouroboros.allocator;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What users of a {@link Domain} call, whatever serves it.
 *
 * <p>Swapping, against threads that allocate: an allocating thread first counts its block, then
 * reads which allocator serves. Swapping first takes that away, so that whoever comes later waits
 * for the lock, and then reads the count. Both are volatile, so one of the two sees the other: if
 * the count is 0, nobody is inside with the old allocator. Who finds none takes its count back
 * before it waits; a free counts only when it is done, and is thus inside as long as its block
 * counts.
 *
 * <p>A count of threads that free what others allocated is spread over cells that may be negative;
 * their sum never falls short of the blocks that are live all the while it is taken.
 */
final class DomainFace implements Allocator {

  private final Domain domain;
  private final LongAdder live = new LongAdder();

  /** Null while a swap is looking whether blocks are live. */
  private volatile @Nullable Allocator current;

  DomainFace(Domain domain, Allocator initial) {
    this.domain = domain;
    this.current = initial;
  }

  /** What serves; waits for a swap to end. */
  Allocator current() {
    Allocator serving = current;
    return serving != null ? serving : afterSwap();
  }

  private synchronized Allocator afterSwap() {
    Allocator serving = current;
    if (serving == null) {
      throw new AssertionError("a swap has ended without an allocator");
    }
    return serving;
  }

  /** Counts a block that is about to be allocated, and tells what is to serve it. */
  private Allocator enter() {
    while (true) {
      live.increment();
      Allocator serving = current;
      if (serving != null) {
        return serving;
      }
      live.decrement();
      afterSwap();
    }
  }

  synchronized Allocator set(Allocator next) {
    Allocator old = afterSwap();
    if (wraps(next, old) || wraps(old, next)) {
      current = next;
      return old;
    }
    Allocator serving = old;
    current = null;
    try {
      long blocks = live.sum();
      if (blocks != 0) {
        throw new SwapRefusedException(domain, old.name(), next.name(), blocks);
      }
      serving = next;
    } finally {
      current = serving;
    }
    return old;
  }

  /** Whether blocks of the inner one can be freed through the outer one, and the other way. */
  private static boolean wraps(Allocator outer, Allocator inner) {
    Allocator one = outer;
    while (one != inner) {
      if (!(one instanceof ForwardingAllocator wrapper) || !wrapper.sharesBlocks()) {
        return false;
      }
      one = wrapper.inner();
    }
    return true;
  }

  long liveBlocks() {
    return live.sum();
  }

  @Override
  public long malloc(long size) {
    Allocator serving = enter();
    long address = 0;
    try {
      address = serving.malloc(size);
    } finally {
      countFailure(address);
    }
    return address;
  }

  private void countFailure(long address) {
    if (address == 0) {
      live.decrement();
    }
  }

  @Override
  public long calloc(long count, long size) {
    Allocator serving = enter();
    long address = 0;
    try {
      address = serving.calloc(count, size);
    } finally {
      countFailure(address);
    }
    return address;
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    Allocator serving = enter();
    long address = 0;
    try {
      address = serving.alignedAlloc(alignment, size);
    } finally {
      countFailure(address);
    }
    return address;
  }

  @Override
  public long realloc(long address, long size) {
    if (address != 0) {
      return current().realloc(address, size);
    }
    Allocator serving = enter();
    long made = 0;
    try {
      made = serving.realloc(0, size);
    } finally {
      countFailure(made);
    }
    return made;
  }

  @Override
  public void free(long address) {
    current().free(address);
    if (address != 0) {
      live.decrement();
    }
  }

  @Override
  public long usableSize(long address) {
    return current().usableSize(address);
  }

  @Override
  public MemorySegment segment(long address, long size) {
    return current().segment(address, size);
  }

  @Override
  public String name() {
    return current().name();
  }

  @Override
  public Capabilities capabilities() {
    return current().capabilities();
  }

  @Override
  public AllocatorStats stats() {
    return current().stats();
  }

  @Override
  public void close() {
    // Not the caller's to close.
  }

  @Override
  public String toString() {
    return domain + ": " + current();
  }
}
