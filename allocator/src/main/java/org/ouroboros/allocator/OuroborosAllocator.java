package org.ouroboros.allocator;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.leak.LeakReport;
import org.ouroboros.allocator.leak.LeakWatch;
import org.ouroboros.allocator.page.Engine;
import org.ouroboros.allocator.page.EngineAccess;
import org.ouroboros.allocator.page.SharedFace;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.MmapSource;
import org.ouroboros.allocator.source.Reservation;
import org.ouroboros.allocator.statistics.ProcessStatistics;

/**
 * The default allocator, written in Java: size-class pages with metadata out of band.
 *
 * <p>This object is its <i>shared face</i>: any thread may use it. A platform thread finds its own
 * cache in about a nanosecond; virtual threads share a few caches under locks, which costs some
 * tens of nanoseconds a call. {@link #confined()} gives a <i>confined view</i>, bound to the
 * calling thread and cheaper still. A block may be freed through any face or view of the same
 * allocator, from the thread that may use it.
 *
 * <p>Invalid frees: foreign addresses and addresses inside a block are always detected, and so is a
 * block that is freed twice in a row. A block that was freed a while ago is detected if it went
 * back to its page and the second free would go there too; not if the thread keeps it at hand, as
 * it does with up to 4 KiB of each class, and at least four blocks. With {@link
 * Builder#exactFreeChecks} every second free is detected, until the block is handed out again; only
 * where two threads free the same block, at the same time or the one that allocated it second, may
 * both go unpunished. What is not detected can hand out a block twice, but never harms the
 * allocator itself.
 *
 * <p>Memory is taken from one reservation of address space, and from reservations of their own for
 * huge blocks (above 32 MiB). Free memory is given back to the operating system after the purge
 * delay, while there is traffic, or on {@link #purge()}. Without native access the memory is a
 * mapped file, and is not given back before {@link #close()}.
 *
 * <p>{@code close} gives back all memory at once, live blocks included: their addresses must not be
 * touched afterwards, and no other thread may be using the allocator meanwhile.
 *
 * <p>The hot paths allocate no Java object and make no system call. For short tails, have memory
 * ready: {@link Builder#preTouch}, {@link Builder#purge} with {@link Purge#NEVER}, and {@link
 * Builder#lockMemory}; a warmed-up program then makes no system call at all for blocks up to 32 MiB
 * while it stays within what was touched.
 *
 * <p>The allocator knows nothing of NUMA: a page lies on the node of the processor that touched it
 * first, which pre-touching makes that of the thread which builds the allocator. On machines of
 * several nodes, bind the process to one ({@code numactl --cpunodebind --membind}), interleave
 * ({@code numactl --interleave}), or build an allocator a node on threads bound there.
 */
public final class OuroborosAllocator implements Allocator {

  static {
    EngineAccess.set(
        face ->
            face instanceof OuroborosAllocator shared
                ? shared.face
                : face instanceof ConfinedView view ? view : null);
  }

  private final Engine engine;
  private final SharedFace face;
  private final Capabilities capabilities;

  OuroborosAllocator(Engine engine, boolean purges) {
    this.engine = engine;
    this.face = new SharedFace(engine);
    this.capabilities = new Capabilities(true, true, false, true, purges);
    LeakWatch.made(this, null, () -> LeakReport.of(this));
  }

  /**
   * Makes an allocator with the defaults: on {@link MmapSource} if this module has native access,
   * on {@link MappedFileSource} otherwise.
   *
   * @return a new allocator, to be closed by the caller
   * @throws org.ouroboros.allocator.source.SourceException if no address space can be reserved
   */
  public static OuroborosAllocator create() {
    return builder().build();
  }

  /**
   * Starts to configure an allocator.
   *
   * @return a builder with the defaults
   */
  public static Builder builder() {
    return new Builder();
  }

  // ----------------------------------------------------------------- allocating

  @Override
  public long malloc(long size) {
    return face.malloc(size);
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
    return face.alignedAlloc(alignment, size);
  }

  @Override
  public long usableSize(long address) {
    return face.usableSize(address);
  }

  @Override
  public MemorySegment segment(long address, long size) {
    return engine.segment(address, size);
  }

  // ---------------------------------------------------------------------- views

  /**
   * A view of this allocator for the calling thread alone, platform or virtual. Other threads get
   * {@link WrongThreadException}; they free its blocks through the shared face or a view of their
   * own. Closing the view leaves its live blocks valid. A view whose thread has died need not be
   * closed.
   *
   * @return a new view
   */
  public Allocator confined() {
    return new ConfinedView(this, engine);
  }

  // ------------------------------------------------------------------- the rest

  /**
   * The default allocator that serves in the end: this, behind decorators, faces and views.
   *
   * @param allocator any one
   * @return null if another kind serves
   */
  public static @Nullable OuroborosAllocator behind(Allocator allocator) {
    Allocator one = allocator;
    while (true) {
      switch (one) {
        case OuroborosAllocator found -> {
          return found;
        }
        case ForwardingAllocator decorator -> one = decorator.inner();
        case ProcessAllocator(Allocator delegate) -> one = delegate;
        case DomainFace face -> one = face.current();
        case ConfinedView view -> one = view.allocator();
        default -> {
          return null;
        }
      }
    }
  }

  @Override
  public String name() {
    return Builder.NAME;
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public AllocatorStats stats() {
    return engine.report().stats();
  }

  /**
   * The pages of the reservation as text, one character each, with a legend. For people who wonder
   * where the memory is.
   *
   * @return several lines
   */
  public String pageMap() {
    return engine.report().pageMap();
  }

  /**
   * The pages of the reservation: what a report draws. Blocks that come and go meanwhile may or may
   * not be counted; huge blocks have mappings of their own and are not among them.
   *
   * @return runs of pages in the order of their addresses, without gaps
   */
  public List<PageRun> pages() {
    return engine.report().runs();
  }

  /**
   * Gives all memory that is free now back to the operating system, without waiting for the purge
   * delay. Costs a system call for each free range.
   *
   * @throws org.ouroboros.allocator.source.SourceException if the memory source refuses; what it
   *     did not give back is kept for later
   */
  public void purge() {
    engine.purge();
  }

  @Override
  public void close() {
    LeakWatch.closing(this);
    ProcessStatistics.closing(this);
    engine.close();
  }

  /** When free memory is given back to the operating system. */
  public enum Purge {
    /**
     * Not before {@link #close()}, not even by {@link #purge()}; but for blocks above 32 MiB, which
     * have mappings of their own.
     */
    NEVER,
    /** By {@link #purge()}. */
    ON_REQUEST,
    /** After {@link Builder#purgeDelay} too, while there is traffic. */
    AFTER_DELAY
  }

  /** Configures an {@link OuroborosAllocator}. */
  public static final class Builder {

    static final String NAME = "ouroboros";

    private @Nullable MemorySource source;
    private long reservationBytes;
    private Duration purgeDelay = Duration.ofMillis(100);
    private boolean exactFreeChecks;
    private Purge purge = Purge.AFTER_DELAY;
    private long preTouchBytes;
    private boolean lockMemory;
    private boolean adviseHugePages;

    private Builder() {}

    /**
     * Where memory comes from.
     *
     * @param source a source; by default {@link MmapSource} if there is native access
     * @return this
     */
    public Builder source(MemorySource source) {
      this.source = source;
      return this;
    }

    /**
     * How much address space to reserve for all blocks but the huge ones: what the allocator can
     * hold at the most. Costs nothing until it is used. The default is 256 GiB (16 GiB of a source
     * that cannot purge), or as much of that as can be had; in a container with a memory limit,
     * four times the limit, if that is less.
     *
     * @param bytes at least 1 MiB, at most 64 TiB; rounded up to whole pages of 64 KiB
     * @return this
     */
    public Builder reservation(long bytes) {
      if (bytes < 1 << 20 || bytes > 64L << 40) {
        throw new IllegalArgumentException("reservation of " + bytes + " bytes: 1 MiB to 64 TiB");
      }
      this.reservationBytes = bytes;
      return this;
    }

    /**
     * How long free memory is kept before it is given back.
     *
     * @param delay the least time; the default is 100 ms. Negative: only {@link #purge()} gives
     *     back
     * @return this
     */
    public Builder purgeDelay(Duration delay) {
      this.purgeDelay = delay;
      return this;
    }

    /**
     * When free memory is given back. Giving back takes a system call, and so does the next use, a
     * page fault for each 4 KiB: programs that mind their tails give nothing back, or when they are
     * idle.
     *
     * @param when the default is {@link Purge#AFTER_DELAY}
     * @return this
     */
    public Builder purge(Purge when) {
      this.purge = when;
      return this;
    }

    /**
     * How much memory to have ready from the beginning: it is committed and touched while the
     * allocator is made, so that blocks in it cost no system call and no page fault later. It is
     * kept until it has been used and freed; with {@link Purge#NEVER}, for good. Blocks above 32
     * MiB are not served from it.
     *
     * @param bytes rounded up to whole pages of 64 KiB, at most the reservation; the default is 0
     * @return this
     */
    public Builder preTouch(long bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("negative amount to touch: " + bytes);
      }
      this.preTouchBytes = bytes;
      return this;
    }

    /**
     * Whether all memory is locked ({@code mlock}): the operating system does not swap it out, and
     * backs it when it is committed. Nothing is purged then, as with {@link Purge#NEVER}. Needs
     * {@link MmapSource} and a limit of locked memory that is high enough ({@code ulimit -l}); what
     * exceeds it makes {@link #build}, or an allocation later, fail.
     *
     * @param locked the default is false
     * @return this
     */
    public Builder lockMemory(boolean locked) {
      this.lockMemory = locked;
      return this;
    }

    /**
     * Whether the operating system is asked for huge pages: fewer misses of its address caches and
     * fewer page faults, for more memory. A hint, which needs {@link MmapSource} and transparent
     * huge pages set to {@code madvise} or {@code always}. Memory is committed in steps of 2 MiB
     * then.
     *
     * @param wanted the default is false
     * @return this
     */
    public Builder adviseHugePages(boolean wanted) {
      this.adviseHugePages = wanted;
      return this;
    }

    /**
     * Whether each second free of a block is found at once. No freed block is kept at hand then,
     * and blocks are made ready one by one: a malloc and its free take about eight nanoseconds
     * more.
     *
     * @param exact the default is false
     * @return this
     */
    public Builder exactFreeChecks(boolean exact) {
      this.exactFreeChecks = exact;
      return this;
    }

    /**
     * Makes the allocator.
     *
     * @return a new allocator, to be closed by the caller
     * @throws org.ouroboros.allocator.source.SourceException if no address space can be reserved,
     *     or what is to be touched or locked at once cannot be had
     */
    public OuroborosAllocator build() {
      MemorySource from =
          TunedSource.of(
              source != null ? source : defaultSource(),
              lockMemory,
              adviseHugePages,
              purge == Purge.NEVER);
      boolean onRequest = purge != Purge.AFTER_DELAY || purgeDelay.isNegative();
      long delay = onRequest ? -1 : purgeDelay.toNanos();
      Reservation reservation = Reservations.reserve(from, reservationBytes);
      Engine engine = new Engine(NAME, from, reservation, delay, exactFreeChecks);
      // A limit of locked memory should show here, not in the first malloc.
      long touch = Math.max(preTouchBytes, lockMemory ? 1 : 0);
      if (touch > 0) {
        try {
          engine.preTouch(touch);
        } catch (RuntimeException e) {
          engine.close();
          throw e;
        }
      }
      return ProcessStatistics.made(new OuroborosAllocator(engine, from.purges()));
    }

    private static MemorySource defaultSource() {
      return MmapSource.isSupported() ? MmapSource.create() : MappedFileSource.create();
    }
  }
}
