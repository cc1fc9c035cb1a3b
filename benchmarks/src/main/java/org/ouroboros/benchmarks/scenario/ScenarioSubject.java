package org.ouroboros.benchmarks.scenario;

import java.util.List;

/**
 * What scenarios are replayed on. Used by one thread. Ops come in the order of a file, and name
 * only objects that must be alive if all went as the file says.
 */
interface ScenarioSubject extends AutoCloseable {

  /**
   * Does an op.
   *
   * @param op what is to be done
   * @param seen takes what happens meanwhile, and the answer
   */
  void apply(Op op, Observation seen);

  /**
   * Looks whether all is in order inside.
   *
   * @return what is wrong, in words; empty if all is well
   */
  List<String> verify();

  /** Gives everything back. */
  @Override
  void close();
}
