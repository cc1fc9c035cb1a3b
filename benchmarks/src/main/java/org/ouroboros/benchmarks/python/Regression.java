package org.ouroboros.benchmarks.python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What came of CPython's own tests, from Debian's libpython3.11-testsuite, on one allocator.
 *
 * @param outcomes a line for each test, sorted: {@code ok}, {@code failure}, {@code error}, {@code
 *     skipped}, {@code expected-failure} or {@code unexpected-success}, and its name
 */
record Regression(List<String> outcomes) {

  /** Those whose objects are made and freed in every way. */
  static final List<String> MODULES =
      List.of(
          "test_gc",
          "test_weakref",
          "test_dict",
          "test_list",
          "test_set",
          "test_json",
          "test_descr",
          "test_generators");

  private static final String SCRIPT = "regression.py";

  /** The class of the test that unittest makes of a module that it cannot load. */
  private static final String NOT_LOADED = "unittest.loader._FailedTest";

  /** What the script says where there are no tests. */
  static final String NO_TEST_SUITE = "no-test-suite";

  Regression {
    outcomes = List.copyOf(outcomes);
  }

  /**
   * Runs tests in a JVM of its own, which leaves SIGINT alone, since some tests raise it.
   *
   * @param allocator a name, or {@code pymalloc}
   * @throws IOException if they could not be run to their end
   */
  static Regression of(String library, String allocator, List<String> modules) throws IOException {
    Path file = Files.createTempFile("regression", ".txt");
    try {
      List<String> arguments = new ArrayList<>(List.of("--", file.toString()));
      arguments.addAll(modules);
      List<String> _ = new PythonFork(library, List.of("-Xrs")).run(allocator, SCRIPT, arguments);
      Regression run = new Regression(Files.readAllLines(file));
      if (run.outcomes().stream().anyMatch(line -> line.contains(NOT_LOADED))) {
        throw new IOException(
            "CPython's tests have no such module that can be loaded: "
                + String.join(", ", modules));
      }
      return run;
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains(NO_TEST_SUITE)) {
        throw new IOException(
            NO_TEST_SUITE + ": CPython's tests are not here; install libpython3.11-testsuite", e);
      }
      throw e;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** How many tests there are of each outcome. */
  Map<String, Long> counts() {
    return outcomes.stream()
        .collect(
            Collectors.groupingBy(
                line -> line.substring(0, line.indexOf(' ')), TreeMap::new, Collectors.counting()));
  }

  /** The counts in words. */
  String summary() {
    Map<String, Long> counts = counts();
    return outcomes.size()
        + " tests: "
        + counts.keySet().stream()
            .map(outcome -> counts.get(outcome) + " " + outcome)
            .collect(Collectors.joining(", "));
  }

  /** Where another run differs: lines of one that the other has not, with - and +. */
  List<String> differences(Regression other) {
    List<String> differences = new ArrayList<>();
    missing(outcomes, other.outcomes).forEach(line -> differences.add("- " + line));
    missing(other.outcomes, outcomes).forEach(line -> differences.add("+ " + line));
    return differences;
  }

  /** The lines of {@code these} that {@code those} has not as often. */
  private static List<String> missing(List<String> these, List<String> those) {
    Map<String, Long> left =
        those.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    return these.stream().filter(line -> left.merge(line, -1L, Long::sum) < 0).toList();
  }
}
