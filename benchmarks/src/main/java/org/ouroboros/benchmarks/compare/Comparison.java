package org.ouroboros.benchmarks.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ouroboros.benchmarks.micro.Sample;
import org.ouroboros.benchmarks.replay.Statistics;

/**
 * All samples, in the order of the rounds. In each round every peer has one fork for each size;
 * every other round goes backwards, so that a drift cancels out.
 */
final class Comparison {

  /** How far the lower bound of a ratio may lie below its limit. */
  private static final double TOLERANCE = 0.9;

  private final List<Peer> peers;
  private final List<Integer> sizes;
  private final Peer base;
  private final Map<Case, List<Sample>> samples = new HashMap<>();

  /** Peers compared with our confined view. */
  Comparison(List<Peer> peers, List<Integer> sizes) {
    this(peers, sizes, Peer.CONFINED);
  }

  /** Peers compared with one of them. */
  Comparison(List<Peer> peers, List<Integer> sizes, Peer base) {
    this.peers = List.copyOf(peers);
    this.sizes = List.copyOf(sizes);
    this.base = base;
  }

  private record Case(Peer peer, int size) {}

  /** Measures a peer in a JVM of its own. */
  interface Fork {
    Sample run(Peer peer, int size) throws IOException;
  }

  /** Is told before each fork how much of all is done, and what is next. */
  interface Listener {
    void before(double done, String next);
  }

  void measure(int rounds, Fork fork, Listener listener) throws IOException {
    double forks = (double) rounds * peers.size() * sizes.size();
    int done = 0;
    for (int round = 0; round < rounds; round++) {
      List<Peer> turn = round % 2 == 0 ? peers : peers.reversed();
      for (int size : sizes) {
        for (Peer peer : turn) {
          listener.before(done++ / forks, peer.title() + ", " + size + " B");
          add(peer, size, fork.run(peer, size));
        }
      }
    }
  }

  void add(Peer peer, int size, Sample sample) {
    samples.computeIfAbsent(new Case(peer, size), key -> new ArrayList<>()).add(sample);
  }

  List<Peer> peers() {
    return peers;
  }

  List<Integer> sizes() {
    return sizes;
  }

  /** Nanoseconds a pair, round by round. */
  double[] nanos(Peer peer, int size) {
    return of(peer, size).stream().mapToDouble(Sample::nanos).toArray();
  }

  /** Bytes of Java heap a pair: the median of the rounds. */
  double heapBytes(Peer peer, int size) {
    return Statistics.median(of(peer, size).stream().mapToDouble(Sample::heapBytes).toArray());
  }

  /** How many times the base's time a peer takes, by the rounds; NaN without the base. */
  Statistics.Bounded ratio(Peer peer, int size) {
    double[] theirs = nanos(peer, size);
    double[] ours = nanos(base, size);
    double[] ratios = new double[Math.min(ours.length, theirs.length)];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = theirs[i] / ours[i];
    }
    return ratios.length == 0
        ? new Statistics.Bounded(Double.NaN, Double.NaN, Double.NaN)
        : Statistics.medianOf(ratios);
  }

  /** Whether the median is at most a limit and its upper bound at most 10 % above it. */
  static boolean staysBelow(Statistics.Bounded ratio, double limit) {
    return ratio.value() <= limit && ratio.high() <= limit * (2 - TOLERANCE);
  }

  /** Whether the median meets a limit and its lower bound is at most 10 % below it. */
  static boolean meets(Statistics.Bounded ratio, double limit) {
    return ratio.value() >= limit && ratio.low() >= limit * TOLERANCE;
  }

  private List<Sample> of(Peer peer, int size) {
    return samples.getOrDefault(new Case(peer, size), List.of());
  }
}
