package org.ouroboros.benchmarks.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CPython's own tests go as they do on its own allocator. */
class RegressionTest {

  private static final List<String> SHORT = List.of("test_gc", "test_list");

  /** How they go on pymalloc. */
  private static final Map<List<String>, Regression> EXPECTED = new HashMap<>();

  @BeforeAll
  static void assumeInstalled() {
    PythonJvm.assumeInstalled();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ouroboros", "ouroboros_debug"})
  void shouldPassTheShortTests(String allocator) throws IOException {
    check(allocator, SHORT);
  }

  @Test
  void shouldRefuseAModuleThatIsNotThere() {
    IOException thrown = null;
    try {
      run("pymalloc", List.of("no_such_module"));
    } catch (IOException e) {
      thrown = e;
    }
    assertThat(thrown).isNotNull().hasMessageEndingWith("that can be loaded: no_such_module");
  }

  @Tag("stress")
  @ParameterizedTest
  @ValueSource(strings = {"ouroboros", "ouroboros_debug", "libc_debug"})
  void shouldPassAllTests(String allocator) throws IOException {
    check(allocator, Regression.MODULES);
  }

  @Test
  void shouldTellDifferences() {
    Regression one = new Regression(List.of("ok a", "ok b", "ok b", "skipped c"));
    Regression other = new Regression(List.of("failure a", "ok b", "skipped c", "skipped d"));
    assertThat(one.differences(one)).isEmpty();
    assertThat(one.differences(other))
        .containsExactly("- ok a", "- ok b", "+ failure a", "+ skipped d");
    assertThat(one.summary()).isEqualTo("4 tests: 3 ok, 1 skipped");
  }

  private static void check(String allocator, List<String> modules) throws IOException {
    Regression expected = EXPECTED.get(modules);
    if (expected == null) {
      expected = run("pymalloc", modules);
      EXPECTED.put(modules, expected);
    }
    assertThat(expected.counts().getOrDefault("ok", 0L)).isGreaterThan(20L * modules.size());
    assertThat(expected.differences(run(allocator, modules))).isEmpty();
  }

  private static Regression run(String allocator, List<String> modules) throws IOException {
    try {
      return Regression.of(PythonLibrary.NAME, allocator, modules);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).startsWith(Regression.NO_TEST_SUITE)) {
        return abort(e.getMessage());
      }
      throw e;
    }
  }
}
