package org.ouroboros.allocator.debug;

import java.util.Arrays;

/**
 * Freed blocks whose memory is kept back, the oldest first: the address of each, and its {@link
 * BlockInfo} as it was when it came, so that it is compared without waiting for the table.
 *
 * <p>Thread rule: under the lock of its {@link Stripe}.
 */
final class Quarantine {

  private static final int MIN_CAPACITY = 32;

  /** A ring of pairs. */
  private long[] ring = new long[MIN_CAPACITY];

  /** Index of the oldest pair, and twice the number of all. */
  private int first;

  private int used;

  /** Bytes of the inner blocks. */
  private long bytes;

  long bytes() {
    return bytes;
  }

  /** Bytes on the Java heap. */
  long tableBytes() {
    return (long) ring.length * Long.BYTES;
  }

  boolean isEmpty() {
    return used == 0;
  }

  void add(long address, long info, long blockBytes) {
    if (used == ring.length) {
      grow();
    }
    int i = first + used & ring.length - 1;
    ring[i] = address;
    ring[i + 1] = info;
    used += 2;
    bytes += blockBytes;
  }

  private void grow() {
    ring = Arrays.copyOf(ring, Math.multiplyExact(2, used));
    System.arraycopy(ring, 0, ring, used, first);
  }

  /** The address of the oldest block. */
  long oldest() {
    return ring[first];
  }

  /** What was known of it when it came. */
  long oldestInfo() {
    return ring[first + 1];
  }

  /** Takes the oldest block out. */
  void removeOldest(long blockBytes) {
    first = first + 2 & ring.length - 1;
    used -= 2;
    bytes -= blockBytes;
  }
}
