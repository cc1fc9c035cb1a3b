package org.ouroboros.allocator.debug;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;

/**
 * The freed blocks that are kept back, in the quarantines of all stripes together: what goes in,
 * and what is given back to the allocator underneath when it is too much, after it was compared.
 */
final class KeptBlocks {

  /** The part of all that is given back at once, where one thread comes. */
  private static final int PART_AT_ONCE = 32;

  private final Allocator inner;
  private final BlockLayout layout;
  private final Stripes stripes;
  private final Inspector inspector;
  private final long limit;

  /** Larger blocks are not kept back: they would push out all others. */
  private final long largest;

  /** Null where there is one stripe, whose quarantine counts itself. */
  private final @Nullable AtomicLong sharedBytes;

  /** The stripe whose turn it is to give back. */
  private final AtomicInteger nextToTrim = new AtomicInteger();

  KeptBlocks(Allocator inner, Stripes stripes, Inspector inspector, DebugOptions options) {
    this.inner = inner;
    this.layout = inspector.layout();
    this.stripes = stripes;
    this.inspector = inspector;
    this.limit = options.quarantineBytes();
    this.largest = limit / 4;
    this.sharedBytes = stripes.count() == 1 ? null : new AtomicLong();
  }

  /** Whether an inner block of that size is kept at all. */
  boolean keeps(long total) {
    return total <= largest;
  }

  /** Keeps a block, of the stripe that the caller has locked. */
  void add(Stripe stripe, long address, long info, long total) {
    stripe.quarantine.add(address, info, total);
    if (sharedBytes != null) {
      sharedBytes.addAndGet(total);
    }
  }

  /**
   * Gives back what is too much, of all stripes in turn: the stripe of the caller's block alone
   * would get the same memory back again and again, and the others would keep theirs for ever.
   *
   * @throws DamagedBlockException if one was written to; it is given back nevertheless
   */
  void trim() {
    if (sharedBytes != null) {
      trimShared(sharedBytes);
      return;
    }
    Stripe stripe = stripes.first();
    if (stripe.quarantine.bytes() > limit) {
      trimMany(stripe);
    }
  }

  /**
   * Gives some more back than is too much: one after the other, blocks that are not in the cache
   * are waited for together, and the call before that freed one does not have to wait at all.
   */
  private void trimMany(Stripe stripe) {
    long enough = limit - limit / PART_AT_ONCE;
    while (stripe.quarantine.bytes() > enough) {
      DamagedBlockException found = releaseOldest(stripe);
      if (found != null) {
        throw found;
      }
    }
  }

  private void trimShared(AtomicLong bytes) {
    for (int tries = 0; tries < 2 * stripes.count() && bytes.get() > limit; tries++) {
      Stripe stripe = stripes.turn(nextToTrim.getAndIncrement());
      stripe.lock();
      try {
        DamagedBlockException found = stripe.quarantine.isEmpty() ? null : releaseOldest(stripe);
        if (found != null) {
          throw found;
        }
      } finally {
        stripe.unlock();
      }
    }
  }

  /**
   * Gives all back.
   *
   * @return bytes of the inner blocks
   * @throws DamagedBlockException if one was written to and that was not told before; all are given
   *     back nevertheless
   */
  long releaseAll() {
    long released = 0;
    DamagedBlockException found = null;
    for (Stripe stripe : stripes.all()) {
      stripe.lock();
      try {
        released += stripe.quarantine.bytes();
        while (!stripe.quarantine.isEmpty()) {
          DamagedBlockException damage = releaseOldest(stripe);
          found = found == null ? damage : found;
        }
      } finally {
        stripe.unlock();
      }
    }
    if (found != null) {
      throw found;
    }
    return released;
  }

  /** Gives the oldest block back; its damage, if that was not told before. */
  private @Nullable DamagedBlockException releaseOldest(Stripe stripe) {
    long address = stripe.quarantine.oldest();
    long info = stripe.quarantine.oldestInfo();
    long size = BlockInfo.size(info);
    long front = BlockInfo.front(info);
    long total = layout.total(front, size);
    MemorySegment memory = Memory.of(inner, address - front, total);
    DamagedBlockException damage = null;
    if (!layout.isDead(memory, address - memory.address(), size)) {
      damage = inspector.damageNotTold(stripe.table, address);
    }
    stripe.quarantine.removeOldest(total);
    if (sharedBytes != null) {
      sharedBytes.addAndGet(-total);
    }
    stripe.table.set(address, BlockInfo.freed(info));
    inner.free(address - front);
    return damage;
  }
}
