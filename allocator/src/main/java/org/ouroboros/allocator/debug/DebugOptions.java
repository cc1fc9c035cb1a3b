package org.ouroboros.allocator.debug;

/**
 * What a {@link DebugAllocator} checks, and at what cost.
 *
 * <p>The system properties that set the options of an allocator chosen by name: {@value
 * #STACK_DEPTH}, {@value #QUARANTINE}, {@value #CHECK_EVERY}, {@value #GUARD}, {@value #SERIALS},
 * {@value #FILL}.
 *
 * @param stackDepth frames of the stack that are kept of each allocation and each free; 0 for none.
 *     Costs a microsecond or more a call; 0 to 1000
 * @param quarantineBytes how much freed memory is kept back so that writes to it show; a block of
 *     more than a quarter of it, guards included, is not kept back. Around a confined allocator up
 *     to a thirty-second of it is given back at once. 0 for none, the lowest
 * @param checkEvery all blocks are checked at each so manieth call; 0 for never, 1 for always. A
 *     check reads the guards of every live block and all of the quarantine
 * @param guardBytes guard bytes on each side of a block: writes that miss a block by up to that
 *     many bytes are found; a power of two, 16 to 4096. With 16 the memory in front of a block is
 *     laid out as CPython's
 * @param serials whether blocks are numbered
 * @param fillBytes how many of the first bytes of a block, and of its last, are written when it is
 *     allocated and when it is freed, and compared when it leaves the quarantine; {@link #ALL} for
 *     all. A block that is not longer than twice as many bytes is filled and compared whole (up to
 *     31 bytes more may be). In the middle of a longer one old content shows after {@code malloc}
 *     and after {@code free}, and a write after {@code free} goes unseen; the guards do not depend
 *     on it. 16 or more
 */
public record DebugOptions(
    int stackDepth,
    long quarantineBytes,
    long checkEvery,
    int guardBytes,
    boolean serials,
    long fillBytes) {

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

  /** The system property of {@link #fillBytes}: a number, or {@code all}. */
  public static final String FILL = "ouroboros.debug.fillBytes";

  /** As {@link #fillBytes}: all bytes of a block are filled. */
  public static final long ALL = Long.MAX_VALUE;

  /**
   * What is meant where nothing is said: no stacks, 512 KiB of quarantine, no periodic check,
   * guards of 32 bytes, serials, 128 bytes filled at each end.
   */
  public static final DebugOptions DEFAULT = new DebugOptions(0, 512 << 10, 0, 32, true, 128);

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
    if (fillBytes < Pattern.MIN) {
      throw new IllegalArgumentException(
          "fill of " + fillBytes + " bytes at each end: " + Pattern.MIN + " or more, or all");
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
        serials.isBlank() ? DEFAULT.serials : Boolean.parseBoolean(serials.strip()),
        System.getProperty(FILL, "").strip().equalsIgnoreCase("all")
            ? ALL
            : number(FILL, DEFAULT.fillBytes));
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
    return new DebugOptions(frames, quarantineBytes, checkEvery, guardBytes, serials, fillBytes);
  }

  /**
   * These options with another {@link #quarantineBytes}.
   *
   * @param bytes 0 or more
   * @return the options
   */
  public DebugOptions withQuarantineBytes(long bytes) {
    return new DebugOptions(stackDepth, bytes, checkEvery, guardBytes, serials, fillBytes);
  }

  /**
   * These options with another {@link #checkEvery}.
   *
   * @param calls 0 or more
   * @return the options
   */
  public DebugOptions withCheckEvery(long calls) {
    return new DebugOptions(stackDepth, quarantineBytes, calls, guardBytes, serials, fillBytes);
  }

  /**
   * These options with another {@link #guardBytes}.
   *
   * @param bytes a power of two, 16 to 4096
   * @return the options
   */
  public DebugOptions withGuardBytes(int bytes) {
    return new DebugOptions(stackDepth, quarantineBytes, checkEvery, bytes, serials, fillBytes);
  }

  /**
   * These options with serials or without.
   *
   * @param numbered whether blocks are numbered
   * @return the options
   */
  public DebugOptions withSerials(boolean numbered) {
    return new DebugOptions(
        stackDepth, quarantineBytes, checkEvery, guardBytes, numbered, fillBytes);
  }

  /**
   * These options with another {@link #fillBytes}.
   *
   * @param bytes 16 or more; {@link #ALL} for all
   * @return the options
   */
  public DebugOptions withFillBytes(long bytes) {
    return new DebugOptions(stackDepth, quarantineBytes, checkEvery, guardBytes, serials, bytes);
  }
}
