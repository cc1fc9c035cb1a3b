package org.ouroboros.allocator.debug;

/**
 * What a {@link DebugAllocator} checks, and at what cost.
 *
 * <p>The system properties that set the options of an allocator chosen by name: {@value
 * #STACK_DEPTH}, {@value #QUARANTINE}, {@value #CHECK_EVERY}, {@value #GUARD}, {@value #SERIALS}.
 *
 * @param stackDepth frames of the stack that are kept of each allocation and each free; 0 for none.
 *     Costs a microsecond or more a call; 0 to 1000
 * @param quarantineBytes how much freed memory is kept back so that writes to it show; 0 for none,
 *     the lowest
 * @param checkEvery all blocks are checked at each so manieth call; 0 for never, 1 for always. A
 *     check reads the guards of every live block and all of the quarantine
 * @param guardBytes guard bytes on each side of a block: writes that miss a block by up to that
 *     many bytes are found; a power of two, 16 to 4096. With 16 the memory in front of a block is
 *     laid out as CPython's
 * @param serials whether blocks are numbered
 */
public record DebugOptions(
    int stackDepth, long quarantineBytes, long checkEvery, int guardBytes, boolean serials) {

  /** The system property of {@link #stackDepth}. */
  public static final String STACK_DEPTH = "ouroboros.debug.stackDepth";

  /** The system property of {@link #quarantineBytes}. */
  public static final String QUARANTINE = "ouroboros.debug.quarantineBytes";

  /** The system property of {@link #checkEvery}. */
  public static final String CHECK_EVERY = "ouroboros.debug.checkEvery";

  /** The system property of {@link #guardBytes}. */
  public static final String GUARD = "ouroboros.debug.guardBytes";

  /** The system property of {@link #serials}. */
  public static final String SERIALS = "ouroboros.debug.serials";

  /** What is meant where nothing is said: no stacks, 512 KiB, no periodic check, 32 bytes. */
  public static final DebugOptions DEFAULT = new DebugOptions(0, 512 << 10, 0, 32, true);

  private static final int MAX_DEPTH = 1000;
  private static final int MIN_GUARD = 16;
  private static final int MAX_GUARD = 4096;

  /** Checks the ranges. */
  public DebugOptions {
    if (stackDepth < 0 || stackDepth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "stack depth of " + stackDepth + " frames: 0 for none, at most " + MAX_DEPTH);
    }
    if (quarantineBytes < 0) {
      throw new IllegalArgumentException(
          "quarantine of " + quarantineBytes + " bytes: 0 for none, or more");
    }
    if (checkEvery < 0) {
      throw new IllegalArgumentException(
          "check every " + checkEvery + " calls: 0 for never, 1 for always, or more");
    }
    if (guardBytes < MIN_GUARD || guardBytes > MAX_GUARD || Integer.bitCount(guardBytes) != 1) {
      throw new IllegalArgumentException(
          "guard of " + guardBytes + " bytes: a power of two from 16 to 4096");
    }
  }

  /**
   * What the system properties say; {@link #DEFAULT} where they say nothing.
   *
   * @return the options
   * @throws IllegalArgumentException if one is no number or out of range; the message names it
   */
  public static DebugOptions fromProperties() {
    long depth = number(STACK_DEPTH, DEFAULT.stackDepth);
    long guard = number(GUARD, DEFAULT.guardBytes);
    String serials = System.getProperty(SERIALS, "");
    return new DebugOptions(
        (int) Math.clamp(depth, -1, MAX_DEPTH + 1L),
        number(QUARANTINE, DEFAULT.quarantineBytes),
        number(CHECK_EVERY, DEFAULT.checkEvery),
        (int) Math.clamp(guard, -1, MAX_GUARD + 1L),
        serials.isBlank() ? DEFAULT.serials : Boolean.parseBoolean(serials.strip()));
  }

  private static long number(String property, long otherwise) {
    String text = System.getProperty(property, "");
    if (text.isBlank()) {
      return otherwise;
    }
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("-D" + property + "=" + text + " is no number", e);
    }
  }

  /**
   * These options with another {@link #stackDepth}.
   *
   * @param frames 0 to 1000
   * @return the options
   */
  public DebugOptions withStackDepth(int frames) {
    return new DebugOptions(frames, quarantineBytes, checkEvery, guardBytes, serials);
  }

  /**
   * These options with another {@link #quarantineBytes}.
   *
   * @param bytes 0 or more
   * @return the options
   */
  public DebugOptions withQuarantineBytes(long bytes) {
    return new DebugOptions(stackDepth, bytes, checkEvery, guardBytes, serials);
  }

  /**
   * These options with another {@link #checkEvery}.
   *
   * @param calls 0 or more
   * @return the options
   */
  public DebugOptions withCheckEvery(long calls) {
    return new DebugOptions(stackDepth, quarantineBytes, calls, guardBytes, serials);
  }

  /**
   * These options with another {@link #guardBytes}.
   *
   * @param bytes a power of two, 16 to 4096
   * @return the options
   */
  public DebugOptions withGuardBytes(int bytes) {
    return new DebugOptions(stackDepth, quarantineBytes, checkEvery, bytes, serials);
  }

  /**
   * These options with serials or without.
   *
   * @param numbered whether blocks are numbered
   * @return the options
   */
  public DebugOptions withSerials(boolean numbered) {
    return new DebugOptions(stackDepth, quarantineBytes, checkEvery, guardBytes, numbered);
  }
}
