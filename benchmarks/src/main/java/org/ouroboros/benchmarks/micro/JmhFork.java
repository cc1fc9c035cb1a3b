package org.ouroboros.benchmarks.micro;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.ouroboros.benchmarks.replay.Statistics;

/** A benchmark as a single fork of JMH's, silent, with its profiler of Java allocation. */
public final class JmhFork implements Rounds.Fork {

  private static final int WARMUP_ITERATIONS = 4;
  private static final int ITERATIONS = 4;
  private static final int ITERATION_MILLIS = 100;

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
  private final int warmupIterations;

  /** Forks with {@code more} flags behind the usual ones. */
  JmhFork(List<String> more) {
    this(more, WARMUP_ITERATIONS);
  }

  /**
   * Forks.
   *
   * @param more JVM flags, behind the usual ones
   * @param warmupIterations before the measured ones
   */
  public JmhFork(List<String> more, int warmupIterations) {
    this.warmupIterations = warmupIterations;
    flags = new ArrayList<>(FLAGS);
    flags.addAll(more);
  }

  /**
   * The JVM flags of the forks.
   *
   * @return all of them
   */
  public List<String> flags() {
    return List.copyOf(flags);
  }

  @Override
  public Sample run(Workload workload, String allocator) throws Rounds.ForkFailure {
    try {
      return run(workload.benchmark(), Map.of("allocator", allocator));
    } catch (RunnerException e) {
      throw new Rounds.ForkFailure(workload.title() + " on " + allocator + ": " + reason(e), e);
    }
  }

  /**
   * Runs a benchmark once.
   *
   * @param benchmark its class and method
   * @param parameters its parameters by name
   * @return what it measured
   * @throws RunnerException if it failed; {@link #reason} tells why
   */
  public Sample run(String benchmark, Map<String, String> parameters) throws RunnerException {
    Collection<RunResult> results = new Runner(options(benchmark, parameters)).run();
    return sample(results.iterator().next());
  }

  /**
   * What each fork does, in words.
   *
   * @return the end of a sentence
   */
  public String description() {
    return warmupIterations
        + " iterations of warm-up and "
        + ITERATIONS
        + " measured, "
        + ITERATION_MILLIS
        + " ms each.";
  }

  private Options options(String benchmark, Map<String, String> parameters) {
    ChainedOptionsBuilder options = new OptionsBuilder();
    parameters.forEach(options::param);
    return options
        .include("^" + Pattern.quote(benchmark) + "$")
        .forks(1)
        .jvmArgs(arguments())
        .warmupIterations(warmupIterations)
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

  /**
   * The first line of what was wrong at the bottom: JMH wraps it, and some of it suppressed.
   *
   * @param thrown by a run
   * @return one line
   */
  public static String reason(Throwable thrown) {
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
