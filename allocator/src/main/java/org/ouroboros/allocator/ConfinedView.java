package org.ouroboros.allocator;

import java.lang.foreign.MemorySegment;
import org.ouroboros.allocator.page.ConfinedFace;
import org.ouroboros.allocator.page.Engine;
import org.ouroboros.allocator.page.Face;

/**
 * A view of the default allocator that one thread may use: no table to look up, only the check that
 * the caller is that thread.
 *
 * <p>Thread rule: every method throws {@link WrongThreadException} for other threads, but {@link
 * #name}, {@link #capabilities}, {@link #stats} and {@link #segment}.
 */
final class ConfinedView implements Allocator {

  private final OuroborosAllocator allocator;
  private final ConfinedFace face;

  ConfinedView(OuroborosAllocator allocator, Engine engine) {
    this.allocator = allocator;
    this.face = new ConfinedFace(engine);
  }

  /** Its calls. */
  Face face() {
    return face;
  }

  @Override
  public long malloc(long size) {
    return face.malloc(size, null);
  }

  @Override
  public void free(long address) {
    face.free(address);
  }

  @Override
  public long calloc(long count, long size) {
    return face.calloc(count, size, null);
  }

  @Override
  public long realloc(long address, long size) {
    return face.realloc(address, size, null);
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    return face.alignedAlloc(alignment, size, null);
  }

  @Override
  public long usableSize(long address) {
    return face.usableSize(address);
  }

  /** What this is a view of. */
  OuroborosAllocator allocator() {
    return allocator;
  }

  @Override
  public MemorySegment segment(long address, long size) {
    face.checkOpen();
    return face.engine().segment(address, size);
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

  @Override
  public void close() {
    face.close();
  }
}
