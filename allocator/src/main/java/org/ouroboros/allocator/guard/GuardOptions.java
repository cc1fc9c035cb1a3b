package org.ouroboros.allocator.guard;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.debug.DebugOptions;

/**
 * How many blocks a {@link GuardAllocator} guards, and how.
 *
 * <p>The options of an allocator that is chosen by name come from the system properties {@value
 * #EVERY}, {@value #STACK_DEPTH}, {@value #QUARANTINE} and {@value #GUARD}, else from the
 * environment variables of the same names in upper case with underscores, such as {@code
 * OUROBOROS_GUARD_EVERY}.
 *
 * @param every one block in so many is guarded, in the mean and at random; 1 for all; 1 to
 *     1000000000
 * @param stackDepth frames that are kept of each allocation and each free of a guarded block; 0 to
 *     1000
 * @param quarantineBytes how much freed memory is kept back so that writes to it show; 0 for none
 * @param guardBytes guard bytes on each side of a guarded block; a power of two, 16 to 4096
 */
public record GuardOptions(int every, int stackDepth, long quarantineBytes, int guardBytes) {

  /** The system property of {@link #every}. */
  public static final String EVERY = "ouroboros.guard.every";

  /** The system property of {@link #stackDepth}. */
  public static final String STACK_DEPTH = "ouroboros.guard.stackDepth";

  /** The system property of {@link #quarantineBytes}. */
  public static final String QUARANTINE = "ouroboros.guard.quarantineBytes";

  /** The system property of {@link #guardBytes}. */
  public static final String GUARD = "ouroboros.guard.guardBytes";

  /**
   * One block in a thousand, 16 frames, 128 KiB of quarantine, guards of 64 bytes. The quarantine
   * holds some hundred blocks then, for some hundred thousand allocations; what it costs is less
   * its memory than that of the stacks, a kilobyte and a half a block on the Java heap.
   */
  public static final GuardOptions DEFAULT = new GuardOptions(1000, 16, 128 << 10, 64);

  private static final int MAX_EVERY = 1_000_000_000;

  /** What is filled and compared at each end of a guarded block. */
  private static final long FILL = 4096;

  /** Checks the ranges. */
  public GuardOptions {
    if (every < 1 || every > MAX_EVERY) {
      throw new IllegalArgumentException(
          "one guarded block in " + every + ": 1 for all, at most " + MAX_EVERY);
    }
    checks(stackDepth, quarantineBytes, guardBytes);
  }

  private static DebugOptions checks(int depth, long quarantine, int guard) {
    return new DebugOptions(depth, quarantine, 0, guard, true, FILL);
  }

  /** How the guarded ones are checked. */
  DebugOptions checks() {
    return checks(stackDepth, quarantineBytes, guardBytes);
  }

  /**
   * What the system properties and the environment say; {@link #DEFAULT} where they say nothing.
   *
   * @return the options
   * @throws IllegalArgumentException if one is no number or out of range; the message names it
   */
  public static GuardOptions fromProperties() {
    return new GuardOptions(
        number(EVERY, DEFAULT.every),
        number(STACK_DEPTH, DEFAULT.stackDepth),
        number(QUARANTINE, (int) DEFAULT.quarantineBytes),
        number(GUARD, DEFAULT.guardBytes));
  }

  private static int number(String property, int otherwise) {
    String text = text(property);
    if (text == null) {
      return otherwise;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(property + "=" + text + " is no number", e);
    }
  }

  private static @Nullable String text(String property) {
    String text = System.getProperty(property);
    if (text == null || text.isBlank()) {
      text = System.getenv(property.toUpperCase(Locale.ROOT).replace('.', '_'));
    }
    return text == null || text.isBlank() ? null : text.strip();
  }

  /**
   * These options with another {@link #every}.
   *
   * @param blocks 1 to 1000000000
   * @return the options
   */
  public GuardOptions withEvery(int blocks) {
    return new GuardOptions(blocks, stackDepth, quarantineBytes, guardBytes);
  }

  /**
   * These options with another {@link #stackDepth}.
   *
   * @param frames 0 to 1000
   * @return the options
   */
  public GuardOptions withStackDepth(int frames) {
    return new GuardOptions(every, frames, quarantineBytes, guardBytes);
  }

  /**
   * These options with another {@link #quarantineBytes}.
   *
   * @param bytes 0 or more
   * @return the options
   */
  public GuardOptions withQuarantineBytes(long bytes) {
    return new GuardOptions(every, stackDepth, bytes, guardBytes);
  }
}
