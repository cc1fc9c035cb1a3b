package org.ouroboros.allocator;

import java.lang.foreign.MemorySegment;
import org.ouroboros.allocator.page.ConfinedFace;
import org.ouroboros.allocator.page.Engine;

/**
 * A view of the default allocator that one thread may use: no table to look up, only the check that
 * the caller is that thread. It is its calls, and does not hold them: what is called most goes
 * through one object less.
 *
 * <p>Thread rule: every method throws {@link WrongThreadException} for other threads, but {@link
 * #name}, {@link #capabilities}, {@link #stats} and {@link #segment}.
 */
final class ConfinedView extends ConfinedFace implements Allocator {

  private final OuroborosAllocator allocator;

  ConfinedView(OuroborosAllocator allocator, Engine engine) {
    super(engine);
    this.allocator = allocator;
  }

  @Override
  public long calloc(long count, long size) {
    return calloc(count, size, null);
  }

  @Override
  public long realloc(long address, long size) {
    return realloc(address, size, null);
  }

  /** What this is a view of. */
  OuroborosAllocator allocator() {
    return allocator;
  }

  @Override
  public MemorySegment segment(long address, long size) {
    checkOpen();
    return engine().segment(address, size);
  }

  @Override
  public String name() {
    return allocator.name();
  }

  @Override
  public Capabilities capabilities() {
    Capabilities shared = allocator.capabilities();
    return new Capabilities(true, false, false, true, shared.purges());
  }

  @Override
  public AllocatorStats stats() {
    return allocator.stats();
  }
}
