package org.ouroboros.benchmarks.micro;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.ouroboros.benchmarks.replay.Statistics;

/** A workload as a single fork of JMH's, silent, with its profiler of Java allocation. */
final class JmhFork implements Rounds.Fork {

  static final int WARMUP_ITERATIONS = 4;
  static final int ITERATIONS = 4;
  static final int ITERATION_MILLIS = 100;

  private static final List<String> FLAGS =
      List.of(
          "-Xms64m",
          "-Xmx64m",
          "-XX:+UseG1GC",
          "-XX:-UseCompactObjectHeaders",
          "--enable-native-access=ALL-UNNAMED",
          // JMH asks for offsets of its own fields, which the JVM would warn of in each fork
          "--sun-misc-unsafe-memory-access=allow");

  private static final String HEAP_BYTES = "gc.alloc.rate.norm";

  private final List<String> flags;

  /** Forks with {@code more} flags behind the usual ones. */
  JmhFork(List<String> more) {
    flags = new ArrayList<>(FLAGS);
    flags.addAll(more);
  }

  /** The JVM flags of the forks. */
  List<String> flags() {
    return List.copyOf(flags);
  }

  @Override
  public Sample run(Workload workload, String allocator) throws Rounds.ForkFailure {
    try {
      Collection<RunResult> results = new Runner(options(workload, allocator)).run();
      return sample(results.iterator().next());
    } catch (RunnerException e) {
      throw new Rounds.ForkFailure(workload.title() + " on " + allocator + ": " + reason(e), e);
    }
  }

  private Options options(Workload workload, String allocator) {
    return new OptionsBuilder()
        .include("^" + Pattern.quote(workload.benchmark()) + "$")
        .param("allocator", allocator)
        .forks(1)
        .jvmArgs(arguments())
        .warmupIterations(WARMUP_ITERATIONS)
        .warmupTime(TimeValue.milliseconds(ITERATION_MILLIS))
        .measurementIterations(ITERATIONS)
        .measurementTime(TimeValue.milliseconds(ITERATION_MILLIS))
        .addProfiler(GCProfiler.class)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT)
        .build();
  }

  /** The flags, and the properties by which libraries are found. */
  private String[] arguments() {
    List<String> arguments = new ArrayList<>(flags);
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith("ouroboros.native.")) {
        arguments.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    return arguments.toArray(String[]::new);
  }

  /** The first line of what was wrong at the bottom: JMH wraps it, and some of it suppressed. */
  private static String reason(Throwable thrown) {
    Throwable bottom = thrown;
    while (bottom.getCause() != null || bottom.getSuppressed().length > 0) {
      Throwable cause = bottom.getCause();
      bottom = cause != null ? cause : bottom.getSuppressed()[0];
    }
    return String.valueOf(bottom.getMessage()).lines().findFirst().orElse("it failed");
  }

  private static Sample sample(RunResult result) {
    double[] nanos =
        result.getBenchmarkResults().stream()
            .flatMap(fork -> fork.getIterationResults().stream())
            .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
            .toArray();
    Result<?> heapBytes = result.getSecondaryResults().get(HEAP_BYTES);
    return new Sample(
        Statistics.median(nanos), heapBytes == null ? Double.NaN : heapBytes.getScore());
  }
}
