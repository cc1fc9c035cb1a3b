package org.ouroboros.allocator.debug;

import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.debug.BlockReport.State;

/**
 * What is known of blocks, by their address: a hash table with open addressing, out of band. This
 * class owns the four words of an entry:
 *
 * <pre>
 *   0   address of the block, 0 if the entry is empty
 *   1   |63    59|   58   |57   52|51 50 49 48|47               0|
 *       | unused | told   | front | dom | st  | size             |
 *   2   serial
 *   3   |63           32|31            0|
 *       | stack of free | of allocation |
 *
 *   size    bytes that were asked for
 *   st      0 live, 1 quarantined, 2 freed
 *   dom     ordinal of the domain
 *   front   the binary logarithm of the bytes between the inner block's beginning and this one
 *   told    whether a periodic check has told of its damage
 * </pre>
 *
 * <p>Entries of freed blocks stay until room is needed, so that a second free can tell of the
 * first.
 *
 * <p>Thread rule: under the lock of its {@link Stripe}.
 */
@SuppressWarnings("EnumOrdinal") // the words never leave the process
final class BlockTable {

  /** The largest size that fits. */
  static final long MAX_SIZE = (1L << 47) - 1;

  private static final int WORDS = 4;
  private static final int STATE_SHIFT = 48;
  private static final int DOMAIN_SHIFT = 50;
  private static final int FRONT_SHIFT = 52;
  private static final long SIZE_MASK = (1L << STATE_SHIFT) - 1;
  private static final long TOLD = 1L << 58;
  private static final int LIVE = State.LIVE.ordinal();
  private static final int FREED = State.FREED.ordinal();
  private static final State[] STATES = State.values();
  private static final Domain[] DOMAINS = Domain.values();
  private static final int MIN_CAPACITY = 64;

  private long[] words = new long[MIN_CAPACITY * WORDS];

  /** Entries that are not empty. */
  private int used;

  private int live;
  private int quarantined;
  private long liveBytes;

  /** The hash of an address; the upper bits choose the stripe, those below them the entry. */
  static long hash(long address) {
    return (address >>> 4) * 0x9E3779B97F4A7C15L;
  }

  /**
   * The entry of a block.
   *
   * @return its index for the other methods, or -1 if nothing is known of the address
   */
  int find(long address, long hash) {
    long[] table = words;
    int mask = table.length - WORDS;
    for (int i = first(hash, mask); ; i = i + WORDS & mask) {
      long key = table[i];
      if (key == address) {
        return key == 0 ? -1 : i;
      }
      if (key == 0) {
        return -1;
      }
    }
  }

  private static int first(long hash, int mask) {
    return (int) (hash >>> 26) & mask;
  }

  /** Enters a live block, in place of a freed one at the same address. */
  void put(
      long address, long hash, long size, long front, Domain domain, long serial, int allocStack) {
    if ((used + 1) * 8L > words.length / WORDS * 5L) {
      makeRoom();
    }
    int mask = words.length - WORDS;
    int i = first(hash, mask);
    while (words[i] != 0 && words[i] != address) {
      i = i + WORDS & mask;
    }
    if (words[i] == 0) {
      used++;
    } else if (state(i) == State.LIVE) {
      throw new IllegalStateException(
          "the allocator underneath handed out 0x" + Long.toHexString(address) + " twice");
    }
    words[i] = address;
    words[i + 1] =
        size
            | (long) domain.ordinal() << DOMAIN_SHIFT
            | (long) Long.numberOfTrailingZeros(front) << FRONT_SHIFT;
    words[i + 2] = serial;
    words[i + 3] = Integer.toUnsignedLong(allocStack);
    live++;
    liveBytes += size;
  }

  /** Forgets the freed blocks, and doubles the table if that is not enough. */
  private void makeRoom() {
    long[] old = words;
    int kept = live + quarantined;
    words =
        new long[kept * 3L > old.length / WORDS ? Math.multiplyExact(old.length, 2) : old.length];
    int mask = words.length - WORDS;
    used = kept;
    for (int from = 0; from < old.length; from += WORDS) {
      if (old[from] != 0 && (old[from + 1] >>> STATE_SHIFT & 3) != FREED) {
        int to = first(hash(old[from]), mask);
        while (words[to] != 0) {
          to = to + WORDS & mask;
        }
        System.arraycopy(old, from, words, to, WORDS);
      }
    }
  }

  /** The index behind the last entry; entries that may be empty begin at the multiples of 4. */
  int end() {
    return words.length;
  }

  static int next(int entry) {
    return entry + WORDS;
  }

  long address(int entry) {
    return words[entry];
  }

  long size(int entry) {
    return words[entry + 1] & SIZE_MASK;
  }

  State state(int entry) {
    return STATES[(int) (words[entry + 1] >>> STATE_SHIFT) & 3];
  }

  boolean isLive(int entry) {
    return ((int) (words[entry + 1] >>> STATE_SHIFT) & 3) == LIVE;
  }

  Domain domain(int entry) {
    return DOMAINS[(int) (words[entry + 1] >>> DOMAIN_SHIFT) & 3];
  }

  /** Bytes between the inner block's beginning and this one. */
  long front(int entry) {
    return 1L << (words[entry + 1] >>> FRONT_SHIFT & 63);
  }

  long serial(int entry) {
    return words[entry + 2];
  }

  int allocStack(int entry) {
    return (int) words[entry + 3];
  }

  int freeStack(int entry) {
    return (int) (words[entry + 3] >>> 32);
  }

  /** Whether a periodic check tells of the damage for the first time. */
  boolean tell(int entry) {
    boolean first = (words[entry + 1] & TOLD) == 0;
    words[entry + 1] |= TOLD;
    return first;
  }

  /** A block that shrinks where it is. */
  void resize(int entry, long size) {
    liveBytes += size - size(entry);
    words[entry + 1] = words[entry + 1] & ~SIZE_MASK | size;
  }

  /** A live block that is freed and kept back. */
  void quarantine(int entry, int freeStack) {
    leave(entry, State.QUARANTINED, freeStack);
    quarantined++;
  }

  /** A live block that is freed. */
  void free(int entry, int freeStack) {
    leave(entry, State.FREED, freeStack);
  }

  private void leave(int entry, State to, int freeStack) {
    live--;
    liveBytes -= size(entry);
    words[entry + 1] |= (long) to.ordinal() << STATE_SHIFT;
    words[entry + 3] |= (long) freeStack << 32;
  }

  /** A quarantined block that is given back. */
  void release(int entry) {
    quarantined--;
    words[entry + 1] ^= (long) (State.QUARANTINED.ordinal() ^ FREED) << STATE_SHIFT;
  }

  int live() {
    return live;
  }

  long liveBytes() {
    return liveBytes;
  }

  /** Bytes of the table on the Java heap. */
  long bytes() {
    return (long) words.length * Long.BYTES;
  }
}
