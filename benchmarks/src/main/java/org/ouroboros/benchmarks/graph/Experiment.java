package org.ouroboros.benchmarks.graph;

/**
 * Something to be tried on a graph as it was dumped: some objects lose their external references,
 * then a full collection runs. What that is to free was found by two independent searches when the
 * file was made, see the description of the format.
 *
 * @param rule which objects lose them
 * @param ruleJson the rule as the file has it
 * @param expectedByCounting objects that counting alone is to free
 * @param expectedByCollector objects that the collection is to free
 */
record Experiment(
    DropRule rule, String ruleJson, long expectedByCounting, long expectedByCollector) {}
