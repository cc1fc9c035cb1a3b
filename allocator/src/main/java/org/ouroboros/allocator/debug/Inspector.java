package org.ouroboros.allocator.debug;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.debug.BlockReport.State;
import org.ouroboros.allocator.leak.LiveBlock;

/** Looks at blocks and tells of them: what a {@link DebugCore} does rarely, and slowly. */
final class Inspector {

  /** Damages that are attached to the first. */
  private static final int MOST = 10;

  private final Allocator inner;
  private final String name;
  private final BlockLayout layout;
  private final Stripes stripes;
  private final Stacks stacks;

  Inspector(Allocator inner, String name, BlockLayout layout, Stripes stripes, Stacks stacks) {
    this.inner = inner;
    this.name = name;
    this.layout = layout;
    this.stripes = stripes;
    this.stacks = stacks;
  }

  BlockLayout layout() {
    return layout;
  }

  // --------------------------------------------------------------------- damage

  /** The damage of a block that is held, its stripe locked; null if it has none. */
  private @Nullable DamagedBlockException damage(BlockTable table, long address, long info) {
    long size = BlockInfo.size(info);
    long front = BlockInfo.front(info);
    MemorySegment memory = Memory.of(inner, address - front, layout.total(front, size));
    long at = address - memory.address();
    boolean good =
        BlockInfo.isLive(info)
            ? layout.isIntact(memory, at, size, BlockInfo.domain(info))
            : layout.isDead(memory, at, size);
    return good ? null : describe(table, address, info);
  }

  private DamagedBlockException describe(BlockTable table, long address, long info) {
    long front = BlockInfo.front(info);
    long total = layout.total(front, BlockInfo.size(info));
    MemorySegment memory = Memory.of(inner, address - front, total);
    BlockReport block = report(table, address, info);
    return Damage.describe(name, layout, block, memory, address - memory.address());
  }

  /** The damage of a block that has some. */
  DamagedBlockException damage(BlockTable table, long address) {
    long info = table.info(address);
    table.set(address, BlockInfo.told(info));
    return describe(table, address, info);
  }

  /** The same; null if it was told before. */
  @Nullable DamagedBlockException damageNotTold(BlockTable table, long address) {
    return BlockInfo.isTold(table.info(address)) ? null : damage(table, address);
  }

  /** The first damage of all blocks; a few others are attached to it as suppressed. */
  @Nullable DamagedBlockException verify(boolean onlyNew) {
    Findings findings = new Findings(onlyNew);
    for (Stripe stripe : stripes.all()) {
      stripe.lock();
      try {
        BlockTable table = stripe.table;
        table.forEach(
            (address, info) -> {
              if (BlockInfo.isHeld(info)) {
                findings.look(table, address, info);
              }
            });
      } finally {
        stripe.unlock();
      }
    }
    return findings.first;
  }

  private final class Findings {
    private final boolean onlyNew;
    private @Nullable DamagedBlockException first;

    Findings(boolean onlyNew) {
      this.onlyNew = onlyNew;
    }

    void look(BlockTable table, long address, long info) {
      DamagedBlockException damage = damage(table, address, info);
      if (damage == null || onlyNew && BlockInfo.isTold(info)) {
        return;
      }
      table.set(address, BlockInfo.told(info));
      if (first == null) {
        first = damage;
      } else if (first.getSuppressed().length < MOST) {
        first.addSuppressed(damage);
      }
    }
  }

  // -------------------------------------------------------------------- reports

  BlockReport report(BlockTable table, long address, long info) {
    return new BlockReport(
        address,
        BlockInfo.size(info),
        BlockInfo.domain(info),
        table.serial(address),
        BlockInfo.state(info),
        stacks.get(table.allocStack(address)),
        stacks.get(table.freeStack(address)));
  }

  /** What is wrong with an address where no live block of the caller's domain begins. */
  InvalidBlockException invalid(long address) {
    BlockReport block = blockAt(address);
    InvalidFreeException.Kind kind;
    if (block == null) {
      kind = InvalidFreeException.Kind.FOREIGN;
    } else if (block.state() != State.LIVE) {
      kind = InvalidFreeException.Kind.NOT_LIVE;
    } else {
      kind =
          block.address() == address
              ? InvalidFreeException.Kind.WRONG_DOMAIN
              : InvalidFreeException.Kind.UNALIGNED;
    }
    return new InvalidBlockException(name, address, kind, block);
  }

  /**
   * What is known of an address: of the block that begins there, else of the one that it lies in.
   * For the latter all blocks are looked at.
   */
  @Nullable BlockReport blockAt(long address) {
    Stripe own = stripes.of(address);
    own.lock();
    try {
      long info = own.table.info(address);
      if (info != BlockInfo.NONE) {
        return report(own.table, address, info);
      }
    } finally {
      own.unlock();
    }
    for (Stripe stripe : stripes.all()) {
      stripe.lock();
      try {
        BlockReport block = blockAround(stripe.table, address);
        if (block != null) {
          return block;
        }
      } finally {
        stripe.unlock();
      }
    }
    return null;
  }

  /** The block that is held and has an address in its data or guards. */
  private @Nullable BlockReport blockAround(BlockTable table, long address) {
    List<BlockReport> found = new ArrayList<>();
    table.forEach(
        (begin, info) -> {
          if (BlockInfo.isHeld(info)
              && address >= begin - BlockInfo.front(info)
              && address < begin + BlockInfo.size(info) + layout.guard()) {
            found.add(report(table, begin, info));
          }
        });
    return found.isEmpty() ? null : found.getFirst();
  }

  List<LiveBlock> liveBlocks() {
    List<LiveBlock> live = new ArrayList<>();
    for (Stripe stripe : stripes.all()) {
      stripe.lock();
      try {
        BlockTable table = stripe.table;
        table.forEach(
            (address, info) -> {
              if (BlockInfo.isLive(info)) {
                live.add(
                    new LiveBlock(
                        address, BlockInfo.size(info), stacks.get(table.allocStack(address))));
              }
            });
      } finally {
        stripe.unlock();
      }
    }
    return live;
  }

  AllocatorStats stats() {
    AllocatorStats of = inner.stats();
    long live = 0;
    long bytes = 0;
    long tables = 0;
    for (Stripe stripe : stripes.all()) {
      stripe.lock();
      try {
        live += stripe.table.live();
        bytes += stripe.table.liveBytes();
        tables += stripe.table.bytes() + stripe.quarantine.tableBytes();
      } finally {
        stripe.unlock();
      }
    }
    return new AllocatorStats(
        name,
        live,
        bytes,
        of.reservedBytes(),
        of.committedBytes(),
        of.peakCommittedBytes(),
        of.purgedBytes(),
        Math.max(0, of.metadataBytes()) + tables,
        of.sizeClasses());
  }
}
