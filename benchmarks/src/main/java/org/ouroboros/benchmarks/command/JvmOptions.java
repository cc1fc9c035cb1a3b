package org.ouroboros.benchmarks.command;

import java.util.List;
import picocli.CommandLine.Option;

/** What the JVMs that a command forks are started with. */
public final class JvmOptions {

  @Option(
      names = "--jvm-args",
      paramLabel = "FLAGS",
      defaultValue = "",
      description = "more flags for the forked JVMs, such as -XX:+UseCompactObjectHeaders")
  private String flags = "";

  /** For picocli. */
  public JvmOptions() {}

  /**
   * The flags.
   *
   * @return each of its own, in the order given; empty if there are none
   */
  public List<String> flags() {
    return flags.isBlank() ? List.of() : List.of(flags.strip().split("\\s+"));
  }
}
