package org.ouroboros.benchmarks.graph;

import java.util.ArrayList;
import java.util.List;
import org.ouroboros.benchmarks.replay.Progress;

/**
 * Does to a graph all that is to be done: surveys it, tries its experiments, takes the times.
 *
 * @param space where graphs are loaded
 * @param timed whether the times are taken
 * @param progress is told how far it is
 */
record GraphRun(SpaceChoice space, boolean timed, Progress progress) {

  GraphResult run(Graph graph) {
    List<Experiment> experiments = graph.header().experiments();
    int steps = 1 + experiments.size() + (timed ? 1 + TimingRun.ROUNDS : 0);
    int done = 0;
    GraphTypes types = new GraphTypes(graph);
    progress.phase(graph.name());
    progress.at(0, "loading");
    Survey survey = Survey.of(graph, types, space);
    ExperimentRun tries = new ExperimentRun(graph, types, space);
    List<ExperimentResult> results = new ArrayList<>();
    for (Experiment experiment : experiments) {
      progress.at((double) ++done / steps, "experiment: " + experiment.rule().text());
      results.add(tries.run(experiment));
    }
    TimingRun timing = new TimingRun(graph, types, space);
    if (timed) {
      progress.at((double) ++done / steps, "warming up");
      timing.warmUp();
      for (int round = 1; round <= TimingRun.ROUNDS; round++) {
        progress.at((double) ++done / steps, "timing, round " + round);
        timing.measure();
      }
    }
    return new GraphResult(
        graph.name(),
        graph.header(),
        space,
        survey,
        timed ? timing.timings() : Timings.NONE,
        timing.pauses(),
        results);
  }
}
