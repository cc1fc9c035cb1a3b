package org.ouroboros.benchmarks.graph;

/**
 * Tries an experiment: on a fresh heap, with the graph as it was dumped.
 *
 * @param graph the graph
 * @param types its types, shared by all heaps of the graph
 * @param space where it is loaded
 */
record ExperimentRun(Graph graph, GraphTypes types, SpaceChoice space) {

  /**
   * Tries one. An object without any reference is freed by counting as soon as the graph stands, as
   * in a dump of CPython none is; so what counts is what is left of all objects.
   */
  ExperimentResult run(Experiment experiment) {
    try (LoadedGraph loaded = LoadedGraph.load(graph, types, space)) {
      loaded.countAsDumped();
      loaded.drop(experiment.rule());
      long left = loaded.liveObjects();
      long nanos = loaded.collect();
      long byCollector = left - loaded.liveObjects();
      return new ExperimentResult(experiment, graph.objects() - left, byCollector, nanos);
    }
  }
}
