package org.ouroboros.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Hands its arguments to JMH as they are. */
@Command(
    name = "jmh",
    description = "Runs the JMH benchmarks; 'jmh -h' lists JMH's own options.",
    mixinStandardHelpOptions = false)
final class JmhCommand implements Callable<Integer> {

  @Unmatched
  private List<String> args = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    org.openjdk.jmh.Main.main(args.toArray(String[]::new));
    return 0;
  }
}
