package org.ouroboros.benchmarks.latency;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** Histograms of nanoseconds, and how they travel from a forked JVM as one word. */
public final class Times {

  private static final long LARGEST_NANOS = 100_000_000_000L;
  private static final int DIGITS = 3;

  private Times() {}

  /**
   * A histogram of up to 100 seconds, to three digits.
   *
   * @return an empty one
   */
  public static Histogram histogram() {
    return new Histogram(LARGEST_NANOS, DIGITS);
  }

  /**
   * Records a time, of at least 0 and at most what the histogram holds.
   *
   * @param histogram takes it
   * @param nanos the time
   */
  public static void record(Histogram histogram, long nanos) {
    histogram.recordValue(Math.clamp(nanos, 0, LARGEST_NANOS));
  }

  /**
   * The histogram as a word.
   *
   * @param histogram any
   * @return letters, digits and signs, no blank
   */
  public static String encode(Histogram histogram) {
    ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    histogram.encodeIntoCompressedByteBuffer(bytes);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), bytes.position()));
  }

  /**
   * The histogram of a word.
   *
   * @param word from {@link #encode}
   * @return what was encoded
   * @throws DataFormatException if it is none
   */
  public static Histogram decode(String word) throws DataFormatException {
    byte[] bytes = Base64.getDecoder().decode(word);
    return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), LARGEST_NANOS);
  }
}
