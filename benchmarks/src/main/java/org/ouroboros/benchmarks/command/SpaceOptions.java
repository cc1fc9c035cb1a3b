package org.ouroboros.benchmarks.command;

import picocli.CommandLine.Option;

/** The heaps that a command works on. */
public final class SpaceOptions {

  @Option(
      names = "--space",
      paramLabel = "SPACE",
      defaultValue = "paged",
      description = "where objects lie: 'paged' (the default) or 'allocator:NAME'")
  private String space = "paged";

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "normal",
      description = "how much misuse heaps detect: normal (the default), checked or debug")
  private String mode = "normal";

  /** For picocli. */
  public SpaceOptions() {}

  /**
   * Where objects lie.
   *
   * @return as it was given
   */
  public String space() {
    return space;
  }

  /**
   * How much misuse is detected.
   *
   * @return as it was given
   */
  public String mode() {
    return mode;
  }
}
