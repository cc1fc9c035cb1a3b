package org.ouroboros.benchmarks.latency;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * The histograms of one allocator, all in nanoseconds.
 *
 * @param malloc wall time of single calls of {@code malloc}
 * @param free wall time of single calls of {@code free}
 * @param late how long after its due time a call was begun
 * @param sleep how much longer than it asked for a thread slept that did nothing else
 */
record Tails(Histogram malloc, Histogram free, Histogram late, Histogram sleep) {

  private static final long LARGEST_NANOS = 100_000_000_000L;
  private static final int DIGITS = 3;

  Tails() {
    this(histogram(), histogram(), histogram(), histogram());
  }

  private static Histogram histogram() {
    return new Histogram(LARGEST_NANOS, DIGITS);
  }

  /** Records a time, of at least 0 and at most what the histogram holds. */
  static void record(Histogram histogram, long nanos) {
    histogram.recordValue(Math.clamp(nanos, 0, LARGEST_NANOS));
  }

  void reset() {
    malloc.reset();
    free.reset();
    late.reset();
    sleep.reset();
  }

  void add(Tails other) {
    malloc.add(other.malloc);
    free.add(other.free);
    late.add(other.late);
    sleep.add(other.sleep);
  }

  /** As words of a line. */
  String encode() {
    return String.join(" ", encode(malloc), encode(free), encode(late), encode(sleep));
  }

  static Tails decode(String words) throws DataFormatException {
    String[] each = words.split(" ", -1);
    return new Tails(
        decodeOne(each[0]), decodeOne(each[1]), decodeOne(each[2]), decodeOne(each[3]));
  }

  private static String encode(Histogram histogram) {
    ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    histogram.encodeIntoCompressedByteBuffer(bytes);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), bytes.position()));
  }

  private static Histogram decodeOne(String word) throws DataFormatException {
    byte[] bytes = Base64.getDecoder().decode(word);
    return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), LARGEST_NANOS);
  }
}
