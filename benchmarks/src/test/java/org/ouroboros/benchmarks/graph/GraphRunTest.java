package org.ouroboros.benchmarks.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Availability;

/** What heaps free of a graph, against the files and against plain searches. */
class GraphRunTest {

  private static final String PAGED = "paged";
  private static final String ON_OUROBOROS = "allocator:ouroboros";
  private static final int RANDOM_GRAPHS = 40;

  @Test
  void shouldComputeTheExpectationsOfTheExample() throws IOException {
    Graph graph = GraphBuilder.example().decode();
    for (Experiment experiment : graph.header().experiments()) {
      assertThat(PlainExperiment.of(graph, experiment.rule()))
          .as(experiment.ruleJson())
          .isEqualTo(
              new PlainExperiment(
                  experiment.expectedByCounting(), experiment.expectedByCollector()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dom", "stdlib_import"})
  void shouldComputeTheExpectationsOfBundledGraphs(String name) {
    Graph graph = GraphBuilder.bundled(name);
    for (Experiment experiment : graph.header().experiments()) {
      assertThat(PlainExperiment.of(graph, experiment.rule()))
          .as(experiment.rule().text())
          .isEqualTo(
              new PlainExperiment(
                  experiment.expectedByCounting(), experiment.expectedByCollector()));
    }
  }

  static Stream<Arguments> spacesAndModes() {
    return Stream.of(PAGED, ON_OUROBOROS)
        .flatMap(
            space ->
                Stream.of("normal", "checked", "debug").map(mode -> Arguments.of(space, mode)));
  }

  @ParameterizedTest
  @MethodSource("spacesAndModes")
  void shouldFreeWhatTheExampleExpects(String space, String mode) throws IOException {
    assertExperiments(GraphBuilder.example().decode(), SpaceChoice.of(space, mode));
  }

  @ParameterizedTest
  @MethodSource("spacesAndModes")
  void shouldFreeWhatPlainSearchesFindInRandomGraphs(String space, String mode) throws IOException {
    SpaceChoice choice = SpaceChoice.of(space, mode);
    long seed = System.nanoTime();
    System.out.println("GraphRunTest random graphs, seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < RANDOM_GRAPHS; i++) {
      // objects without any reference are among them: they die as the graph is loaded
      Graph graph = CorruptGraphTest.random(random).decode();
      ExperimentRun run = new ExperimentRun(graph, new GraphTypes(graph), choice);
      for (Experiment experiment : graph.header().experiments()) {
        ExperimentResult result = run.run(experiment);
        assertThat(new PlainExperiment(result.freedByCounting(), result.freedByCollector()))
            .as("graph %d, %s", i, experiment.ruleJson())
            .isEqualTo(PlainExperiment.of(graph, experiment.rule()));
      }
    }
  }

  static Stream<Arguments> quickRuns() {
    return Stream.of(
        Arguments.of("stdlib_import", PAGED),
        Arguments.of("stdlib_import", ON_OUROBOROS),
        Arguments.of("dom", PAGED),
        Arguments.of("dom", ON_OUROBOROS),
        Arguments.of("ast_parents", PAGED),
        Arguments.of("json_store", PAGED),
        Arguments.of("suites_graphs", PAGED));
  }

  @ParameterizedTest
  @MethodSource("quickRuns")
  void shouldFreeWhatTheFileExpects(String name, String space) {
    assertExperiments(GraphBuilder.bundled(name), SpaceChoice.of(space, "normal"));
  }

  static Stream<Arguments> allRuns() {
    return Stream.of(PAGED, ON_OUROBOROS, "allocator:libc", "allocator:mimalloc")
        .flatMap(space -> BundledGraphs.NAMES.stream().map(name -> Arguments.of(name, space)));
  }

  @ParameterizedTest
  @MethodSource("allRuns")
  @Tag("stress")
  void shouldFreeWhatEveryFileExpectsOnEverySpace(String name, String space) {
    assumeAvailable(space);
    assertExperiments(GraphBuilder.bundled(name), SpaceChoice.of(space, "normal"));
    assertExperiments(GraphBuilder.bundled(name), SpaceChoice.of(space, "checked"));
  }

  @Test
  void shouldLoadWhatTheFileSays() throws IOException {
    Graph graph = GraphBuilder.example().decode();
    GraphTypes types = new GraphTypes(graph);
    try (LoadedGraph loaded = LoadedGraph.load(graph, types, SpaceChoice.of(PAGED, "checked"))) {
      loaded.countAsDumped();
      assertThat(loaded.liveObjects()).isEqualTo(9);
      assertThat(loaded.heap().stats().trackedObjects()).isEqualTo(7);
      assertThat(loaded.heap().inspector().verify()).isEmpty();
      long[] objects = loaded.heap().collector().objects();
      assertThat(loaded.heap().collector().referents(objects)).hasSize(11);
    }
  }

  @Test
  void shouldSurveyAGraph() throws IOException {
    Graph graph = GraphBuilder.example().decode();
    Survey survey = Survey.of(graph, new GraphTypes(graph), SpaceChoice.of(PAGED, "normal"));
    assertThat(survey.stats().liveObjects()).isEqualTo(9);
    assertThat(survey.types()).extracting(TypeBytes::name).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(survey.types()).extracting(TypeBytes::objects).containsExactlyInAnyOrder(5L, 2L, 2L);
    assertThat(survey.types().stream().mapToLong(TypeBytes::dumpedBytes).sum()).isEqualTo(144);
    assertThat(survey.populations()).extracting(Population::total).containsExactly(9L, 7L, 4L, 0L);
    assertThat(survey.populations().getFirst().generations()).containsExactly(7, 0, 0);
    assertThat(survey.populations().get(1).generations()).containsExactly(0, 0, 5);
    assertThat(survey.populations().get(1).untracked()).isEqualTo(2);
  }

  private static void assertExperiments(Graph graph, SpaceChoice space) {
    ExperimentRun run = new ExperimentRun(graph, new GraphTypes(graph), space);
    List<ExperimentResult> results = graph.header().experiments().stream().map(run::run).toList();
    assertThat(results).isNotEmpty().allSatisfy(r -> assertThat(r.isOk()).as("%s", r).isTrue());
  }

  private static void assumeAvailable(String space) {
    Set<String> available =
        Allocators.list().stream()
            .filter(Availability::available)
            .map(a -> "allocator:" + a.name())
            .collect(Collectors.toSet());
    Assumptions.assumeTrue(space.equals(PAGED) || available.contains(space));
  }
}
