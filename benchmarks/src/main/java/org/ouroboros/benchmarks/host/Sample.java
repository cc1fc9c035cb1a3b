package org.ouroboros.benchmarks.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Something to compress: words from a small vocabulary, and stretches of noise between them. */
final class Sample {

  /** How much there is of it. */
  static final int BYTES = 4 << 20;

  private static final long SEED = 20_261_123;
  private static final int WORDS = 500;
  private static final int LONGEST = 12;
  private static final int NOISE_EVERY = 40;

  private Sample() {}

  /** The same bytes at every call. */
  static MemorySegment of(Arena arena) {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[][] words = new byte[WORDS][];
    for (int n = 0; n < WORDS; n++) {
      words[n] = new byte[2 + random.nextInt(LONGEST)];
      random.nextBytes(words[n]);
    }
    byte[] noise = new byte[LONGEST];
    byte[] text = new byte[BYTES];
    int at = 0;
    for (int n = 0; at < BYTES; n++) {
      byte[] next = words[random.nextInt(WORDS)];
      if (n % NOISE_EVERY == 0) {
        random.nextBytes(noise);
        next = noise;
      }
      int length = Math.min(next.length, BYTES - at);
      System.arraycopy(next, 0, text, at, length);
      at += length;
    }
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
  }
}
