/**
 * The cycle collector. {@link org.ouroboros.collector.cycle.CycleCollector} is its face and decides
 * when to collect; {@link org.ouroboros.collector.cycle.CollectionPass} is one collection from
 * beginning to end and tells the order of things; {@link org.ouroboros.collector.cycle.Survivors}
 * finds out who lives. {@link org.ouroboros.collector.cycle.ParallelMarking} marks with several
 * threads. {@link org.ouroboros.collector.cycle.IncrementalCycle} is a full collection in small
 * steps, and {@link org.ouroboros.collector.cycle.Increments} says when they are taken.
 */
@NullMarked
package org.ouroboros.collector.cycle;

import org.jspecify.annotations.NullMarked;
