package org.ouroboros.collector.collections;

/** Hash functions. They are no secret: keys can be chosen that all collide. */
final class Hashes {

  /** 2^64 divided by the golden ratio, odd: multiplicative hashing, Knuth, volume 3, 6.4. */
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  private Hashes() {}

  /** Where a key is looked for first. */
  static int position(long key, int mask) {
    return (int) ((key ^ key >>> 32) * GOLDEN >>> 32) & mask;
  }

  /** Spreads a hash over all bits; 0 marks free places, and is not returned. */
  static int spread(int hash) {
    int mixed = (int) (hash * GOLDEN >>> 32) ^ hash;
    return mixed == 0 ? 1 : mixed;
  }
}
