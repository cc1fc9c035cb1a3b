package org.ouroboros.allocator.debug;

import java.util.Arrays;

/**
 * Addresses of freed blocks whose memory is kept back, the oldest first.
 *
 * <p>Thread rule: under the lock of its {@link Stripe}.
 */
final class Quarantine {

  private static final int MIN_CAPACITY = 16;

  /** A ring. */
  private long[] addresses = new long[MIN_CAPACITY];

  private int first;
  private int count;

  /** Bytes of the inner blocks. */
  private long bytes;

  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return count == 0;
  }

  void add(long address, long blockBytes) {
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, 2 * count);
      System.arraycopy(addresses, 0, addresses, count, first);
    }
    addresses[first + count & addresses.length - 1] = address;
    count++;
    bytes += blockBytes;
  }

  /** The address of the oldest block. */
  long oldest() {
    return addresses[first];
  }

  /** Takes the oldest block out. */
  void removeOldest(long blockBytes) {
    first = first + 1 & addresses.length - 1;
    count--;
    bytes -= blockBytes;
  }
}
