package org.ouroboros.benchmarks.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.ouroboros.benchmarks.replay.Figures;
import org.ouroboros.benchmarks.replay.Statistics;

/** The rounds of one case, and what they say. */
final class CollectRow {

  static final String[] HEAD = {
    "case",
    "objects",
    "live ns",
    "least",
    "peer",
    "times faster",
    "bound",
    "dead ns",
    "least",
    "peer",
    "times faster",
    "bound"
  };

  private final CollectCase one;
  private final List<CollectTimes> ours = new ArrayList<>();
  private final List<CollectTimes> peers = new ArrayList<>();

  CollectRow(CollectCase one) {
    this.one = one;
  }

  /** Adds a round of each side; null if there is no peer. */
  void add(CollectTimes own, @Nullable CollectTimes peer) {
    ours.add(own);
    if (peer != null) {
      peers.add(peer);
    }
  }

  /** The cells of {@link #HEAD}. */
  String[] cells() {
    List<String> cells = new ArrayList<>(List.of(one.name(), Figures.count(one.objects())));
    add(cells, CollectTimes::live);
    add(cells, CollectTimes::free);
    return cells.toArray(new String[0]);
  }

  private void add(List<String> cells, ToDoubleFunction<CollectTimes> time) {
    double[] own = ours.stream().mapToDouble(time).map(t -> t / one.objects()).toArray();
    double[] peer = peers.stream().mapToDouble(time).map(t -> t / one.objects()).toArray();
    cells.add(Figures.fixed(Statistics.median(own), 2));
    cells.add(Figures.fixed(Statistics.min(own), 2));
    if (peer.length == 0) {
      cells.addAll(List.of(Figures.NONE, Figures.NONE, Figures.NONE));
      return;
    }
    double[] ratios = new double[peer.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = peer[i] / own[i];
    }
    Statistics.Bounded faster = Statistics.medianOf(ratios);
    cells.add(Figures.fixed(Statistics.median(peer), 1));
    cells.add(Figures.ratio(faster.value()));
    cells.add(Figures.bound(faster));
  }
}
