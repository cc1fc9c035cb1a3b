package org.ouroboros.benchmarks.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;
import org.ouroboros.benchmarks.micro.JmhFork;
import org.ouroboros.benchmarks.micro.Sample;

/** A peer as single forks of JMH's, with the flags that its library needs. */
final class CompareFork {

  private static final String BENCHMARK = PairBenchmark.class.getName() + ".pair";

  /** Libraries with much code between the caller and the memory take long to be compiled. */
  private static final int WARMUP_ITERATIONS = 12;

  private final Map<Peer.Library, JmhFork> forks = new HashMap<>();

  /** Forks with {@code more} flags behind the usual ones. */
  CompareFork(List<String> more) {
    for (Peer.Library library : Peer.Library.values()) {
      List<String> flags = new ArrayList<>(library.flags());
      flags.addAll(more);
      forks.put(library, new JmhFork(flags, WARMUP_ITERATIONS));
    }
  }

  /** The JVM flags of a library's forks. */
  List<String> flags(Peer.Library library) {
    return fork(library).flags();
  }

  /** What each fork does, in words. */
  String description() {
    return fork(Peer.Library.OWN).description();
  }

  Sample run(Peer peer, int size) throws IOException {
    try {
      return fork(peer.library())
          .run(BENCHMARK, Map.of("peer", peer.title(), "size", Integer.toString(size)));
    } catch (RunnerException e) {
      throw new IOException(peer.title() + ", " + size + " B: " + JmhFork.reason(e), e);
    }
  }

  private JmhFork fork(Peer.Library library) {
    JmhFork fork = forks.get(library);
    if (fork == null) {
      throw new IllegalStateException("no fork for " + library);
    }
    return fork;
  }
}
