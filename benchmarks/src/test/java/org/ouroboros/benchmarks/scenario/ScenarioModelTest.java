package org.ouroboros.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bundled scenario on the model: that reader, comparison and runner are right. */
class ScenarioModelTest {

  @Test
  void shouldListAllThatAreThere() throws Exception {
    URI folder = BundledScenarios.class.getResource("/scenarios").toURI();
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(file -> file.endsWith(BundledScenarios.EXTENSION))
          .containsExactlyInAnyOrderElementsOf(
              names().stream().map(name -> name + BundledScenarios.EXTENSION).toList());
    }
  }

  static List<String> names() {
    return BundledScenarios.NAMES;
  }

  @ParameterizedTest
  @MethodSource("names")
  void shouldGoAsInCPython(String name) throws Exception {
    Scenario scenario = ScenarioLoader.load(List.of(name)).getFirst();
    Outcome outcome = BigStack.replayOnModel(scenario);
    assertThat(outcome.mismatch()).isNull();
    assertThat(outcome.scenario()).isEqualTo(name);
    assertThat(outcome.ops()).isPositive();
  }
}
