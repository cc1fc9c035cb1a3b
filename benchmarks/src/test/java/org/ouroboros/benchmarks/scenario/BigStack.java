package org.ouroboros.benchmarks.scenario;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs the model where it may recurse as deep as a chain of 200,000 objects. */
final class BigStack {

  private static final long BYTES = 1L << 30;

  private BigStack() {}

  static Outcome replayOnModel(Scenario scenario) throws Exception {
    FutureTask<Outcome> task =
        new FutureTask<>(() -> ReplayRunner.replay(scenario, ScenarioModel::new, _ -> {}));
    Thread thread = new Thread(null, task, "model", BYTES);
    thread.start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
