package org.ouroboros.allocator.trace;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TracingAllocator} keeps of each block, and of which blocks.
 *
 * <p>The options of an allocator that is chosen by name come from the system properties {@value
 * #FRAMES}, {@value #SAMPLE} and {@value #START}, else from the environment variables of the same
 * names in upper case with underscores, such as {@code OUROBOROS_TRACE_FRAMES}.
 *
 * @param frames how many frames of a stack are kept, the innermost; 1 to 1000
 * @param sampleBytes 0 to trace every block; else a block is traced with the probability that a
 *     point falls into it where points lie at random, so many bytes apart in the mean. So of a
 *     block of s bytes it is {@code 1 - exp(-s / sampleBytes)}, and a traced one stands for the
 *     inverse of that: sizes and counts are estimates without bias. Their standard error is about
 *     {@code sqrt(size * sampleBytes)} bytes for a place that has {@code size} bytes in small
 *     blocks. Blocks of size 0 are never traced
 * @param start whether tracing begins at once; else at {@link TracingAllocator#start()}
 */
public record TraceOptions(int frames, long sampleBytes, boolean start) {

  /** The system property of {@link #frames}. */
  public static final String FRAMES = "ouroboros.trace.frames";

  /** The system property of {@link #sampleBytes}. */
  public static final String SAMPLE = "ouroboros.trace.sampleBytes";

  /** The system property of {@link #start}: {@code true} or {@code false}. */
  public static final String START = "ouroboros.trace.start";

  /** One frame of every block, from the beginning. */
  public static final TraceOptions DEFAULT = new TraceOptions(1, 0, true);

  private static final int MAX_FRAMES = 1000;

  /** Checks the ranges. */
  public TraceOptions {
    checkFrames(frames);
    if (sampleBytes < 0) {
      throw new IllegalArgumentException(
          "a sample every " + sampleBytes + " bytes: 0 for every block, or more");
    }
  }

  static void checkFrames(int frames) {
    if (frames < 1 || frames > MAX_FRAMES) {
      throw new IllegalArgumentException(frames + " frames: 1 to " + MAX_FRAMES);
    }
  }

  /**
   * What the system properties and the environment say; {@link #DEFAULT} where they say nothing.
   *
   * @return the options
   * @throws IllegalArgumentException if one is not valid; the message names it
   */
  public static TraceOptions fromProperties() {
    long frames = number(FRAMES, DEFAULT.frames);
    long sample = number(SAMPLE, DEFAULT.sampleBytes);
    if (frames < 1 || frames > MAX_FRAMES) {
      throw new IllegalArgumentException(FRAMES + "=" + frames + ": 1 to " + MAX_FRAMES);
    }
    if (sample < 0) {
      throw new IllegalArgumentException(SAMPLE + "=" + sample + ": 0 for every block, or more");
    }
    return new TraceOptions((int) frames, sample, flag(START, DEFAULT.start));
  }

  private static long number(String property, long otherwise) {
    String text = text(property);
    if (text == null) {
      return otherwise;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(property + "=" + text + " is no number", e);
    }
  }

  private static boolean flag(String property, boolean otherwise) {
    String text = text(property);
    if (text == null) {
      return otherwise;
    }
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException(property + "=" + text + ": true or false");
    }
    return text.equals("true");
  }

  private static @Nullable String text(String property) {
    String text = System.getProperty(property);
    if (text == null || text.isBlank()) {
      text = System.getenv(property.toUpperCase(Locale.ROOT).replace('.', '_'));
    }
    return text == null || text.isBlank() ? null : text.strip();
  }

  /**
   * These options with another {@link #frames}.
   *
   * @param count 1 to 1000
   * @return the options
   */
  public TraceOptions withFrames(int count) {
    return new TraceOptions(count, sampleBytes, start);
  }

  /**
   * These options with another {@link #sampleBytes}.
   *
   * @param bytes 0 or more; half a mebibyte suits production
   * @return the options
   */
  public TraceOptions withSampleBytes(long bytes) {
    return new TraceOptions(frames, bytes, start);
  }

  /**
   * These options, with tracing on from the beginning or off.
   *
   * @param now whether it is on
   * @return the options
   */
  public TraceOptions withStart(boolean now) {
    return new TraceOptions(frames, sampleBytes, now);
  }
}
