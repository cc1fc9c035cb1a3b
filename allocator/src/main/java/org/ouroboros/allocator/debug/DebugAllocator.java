package org.ouroboros.allocator.debug;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.Capabilities;
import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.DomainTagging;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.jfr.AllocatorEvents;
import org.ouroboros.allocator.leak.BlockLedger;
import org.ouroboros.allocator.leak.LeakReport;
import org.ouroboros.allocator.leak.LeakWatch;
import org.ouroboros.allocator.leak.LiveBlock;

/**
 * A decorator that finds misuse of memory, around any allocator: also one that detects nothing
 * itself.
 *
 * <ul>
 *   <li>A write next to a block, from the byte behind its last one on, shows when the block is
 *       freed or resized, and at {@link #verifyAll}: {@link DamagedBlockException}.
 *   <li>A write to a freed block shows when the block leaves the quarantine, which happens while
 *       others are freed: the exception then is about that block, and the call that met it can be
 *       repeated.
 *   <li>A free of what is no live block shows at once: {@link InvalidBlockException}, which tells
 *       the block that was freed before, or the one around the address.
 *   <li>New memory reads as CD, freed as DD, so that use of either shows in the program. Of a block
 *       longer than twice {@link DebugOptions#fillBytes} this holds for both ends only: in the
 *       middle old content shows, and a write after free goes unseen.
 *   <li>A block that {@link #realloc} makes larger always moves.
 * </ul>
 *
 * <p>{@link #close} checks all blocks, closes the allocator underneath, and then throws what it has
 * found and not told before. Misuse that only reads, and writes that miss the guards, are not
 * found.
 *
 * <p>Thread rule: as the allocator underneath. Cost: a lookup in a table, and writing the ends of a
 * block when it is allocated and when it is freed; two guards a block, and a quarter of the memory
 * between the first block and the last of each 64 KiB as a table.
 */
public final class DebugAllocator extends ForwardingAllocator
    implements DomainTagging, BlockLedger {

  private final DebugCore core;
  private final Domain domain;
  private final Capabilities capabilities;

  private DebugAllocator(DebugCore core, Domain domain) {
    super(core.inner, core.name);
    this.core = core;
    this.domain = domain;
    Capabilities of = core.inner.capabilities();
    this.capabilities = new Capabilities(of.reclaims(), of.threadSafe(), true, true, of.purges());
  }

  /**
   * Puts a debugger around an allocator, with the default options.
   *
   * @param inner the allocator that serves; closing the debugger closes it
   * @return a new debugger for {@link Domain#MEM}
   */
  public static DebugAllocator wrap(Allocator inner) {
    return wrap(inner, DebugOptions.DEFAULT);
  }

  /**
   * Puts a debugger around an allocator.
   *
   * @param inner the allocator that serves; closing the debugger closes it. If it is confined, the
   *     calling thread must be its own
   * @param options what to check
   * @return a new debugger for {@link Domain#MEM}
   */
  public static DebugAllocator wrap(Allocator inner, DebugOptions options) {
    String name = inner.name() + "_" + DebugDecorator.SUFFIX;
    return new DebugAllocator(new DebugCore(inner, name, options), Domain.MEM);
  }

  @Override
  public DebugAllocator forDomain(Domain other) {
    return other == domain ? this : new DebugAllocator(core, other);
  }

  /**
   * The domain that its blocks are marked with.
   *
   * @return the domain
   */
  public Domain domain() {
    return domain;
  }

  /**
   * What is checked.
   *
   * @return the options it was made with
   */
  public DebugOptions options() {
    return core.options;
  }

  // ----------------------------------------------------------------- allocating

  @Override
  public long malloc(long size) {
    return core.allocate(size, MIN_ALIGNMENT, false, 0, domain);
  }

  @Override
  public long calloc(long count, long size) {
    if (count < 0 || size < 0) {
      throw new IllegalArgumentException(
          name() + ": negative count or size: " + count + " * " + size);
    }
    if (Math.multiplyHigh(count, size) != 0 || count * size < 0) {
      throw new AllocationFailedException(
          name(), -1, "calloc of " + count + " * " + size + " overflows", null);
    }
    return core.allocate(count * size, MIN_ALIGNMENT, true, 0, domain);
  }

  @Override
  public long realloc(long address, long size) {
    return core.realloc(address, size, domain);
  }

  @Override
  public void free(long address) {
    core.free(address, domain);
  }

  @Override
  public long alignedAlloc(long alignment, long size) {
    if (Long.bitCount(alignment) != 1 || alignment < 0) {
      throw new IllegalArgumentException(
          name() + ": alignment " + alignment + " is not a power of two");
    }
    return core.allocate(size, Math.max(alignment, MIN_ALIGNMENT), false, 0, domain);
  }

  @Override
  public long usableSize(long address) {
    return core.usableSize(address, domain);
  }

  /**
   * A segment over a live block, of exactly {@code size} bytes.
   *
   * @param address a live block of this allocator
   * @param size bytes, not more than it has
   * @return the segment
   * @throws IndexOutOfBoundsException if the block has less
   * @throws InvalidBlockException if the block is in quarantine
   */
  @Override
  public MemorySegment segment(long address, long size) {
    return core.segment(address, size);
  }

  // ------------------------------------------------------------------- checking

  /**
   * Checks the guards of all live blocks, and all blocks in quarantine. Other threads may go on
   * meanwhile.
   *
   * @throws DamagedBlockException if one is damaged: the first that was found; up to ten others are
   *     attached to it as suppressed
   */
  public void verifyAll() {
    core.verifyAll();
  }

  /**
   * What is known of an address. Looks at all blocks.
   *
   * @param address any address
   * @return the block that begins there, live or freed lately, or that it lies in; empty if there
   *     is none
   */
  public Optional<BlockReport> blockAt(long address) {
    return Optional.ofNullable(core.inspector.blockAt(address));
  }

  /**
   * All live blocks, of all domains, with the stacks of their allocations if those are kept. See
   * {@link org.ouroboros.allocator.leak.LeakReport}.
   *
   * @return the blocks, in no order; costs a walk over the tables
   */
  @Override
  public List<LiveBlock> liveBlocks() {
    return core.inspector.liveBlocks();
  }

  // ------------------------------------------------------------------- the rest

  @Override
  public boolean sharesBlocks() {
    return false;
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public AllocatorStats stats() {
    return core.inspector.stats();
  }

  @Override
  public void close() {
    LeakWatch.closing(this);
    if (AllocatorEvents.areLeaksRecorded()) {
      LeakReport.of(this).record();
    }
    core.close();
  }
}
