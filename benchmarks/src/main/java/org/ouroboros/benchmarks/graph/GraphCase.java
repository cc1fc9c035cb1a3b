package org.ouroboros.benchmarks.graph;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A recorded graph, all held by one array. */
final class GraphCase implements CollectCase {

  private final Graph graph;
  private final TimingRun timing;

  GraphCase(Graph graph, SpaceChoice space) {
    this.graph = graph;
    this.timing = new TimingRun(graph, new GraphTypes(graph), space);
  }

  @Override
  public String name() {
    return graph.name();
  }

  @Override
  public long objects() {
    return graph.objects();
  }

  @Override
  public CollectTimes round() {
    return timing.allHeld();
  }

  @Override
  public List<String> peerArguments(Path scratch) throws IOException {
    Path file = scratch.resolve(graph.name());
    if (!Files.exists(file)) {
      int ints = 2 + graph.objects() + 1 + graph.edges();
      ByteBuffer bytes = ByteBuffer.allocate(4 * ints).order(ByteOrder.nativeOrder());
      bytes
          .asIntBuffer()
          .put(graph.objects())
          .put(graph.edges())
          .put(graph.starts(), 0, graph.objects() + 1)
          .put(graph.targets(), 0, graph.edges());
      Files.write(file, bytes.array());
    }
    return List.of("graph", file.toString());
  }
}
