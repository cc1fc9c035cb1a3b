package org.ouroboros.benchmarks.micro;

import java.util.List;

/**
 * Runs forks in turns: in each round every allocator once on every workload, so that whatever else
 * the machine does falls on all alike. Every other round goes backwards, so that a drift within the
 * rounds cancels out.
 */
final class Rounds {

  private final List<String> allocators;
  private final int count;

  Rounds(List<String> allocators, int count) {
    this.allocators = List.copyOf(allocators);
    this.count = count;
  }

  /** Runs a workload on an allocator in a JVM of its own. */
  interface Fork {
    Sample run(Workload workload, String allocator) throws ForkFailure;
  }

  /** Is told before each fork. */
  interface Listener {
    void before(int fork, int forks, String what);
  }

  Timings run(Fork fork, Listener listener) throws ForkFailure {
    Timings timings = new Timings();
    int forks = 0;
    for (Workload workload : Workload.values()) {
      forks += count * workload.subjects(allocators).size();
    }
    int done = 0;
    for (int round = 0; round < count; round++) {
      for (Workload workload : Workload.values()) {
        List<String> subjects = workload.subjects(allocators);
        for (String allocator : round % 2 == 0 ? subjects : subjects.reversed()) {
          listener.before(done++, forks, workload.title() + ": " + allocator);
          timings.add(workload, allocator, fork.run(workload, allocator));
        }
      }
    }
    return timings;
  }

  /** A fork that did not end well; the message is one line. */
  static final class ForkFailure extends Exception {

    private static final long serialVersionUID = 1L;

    ForkFailure(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
