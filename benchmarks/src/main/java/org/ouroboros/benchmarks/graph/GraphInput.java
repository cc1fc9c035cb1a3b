package org.ouroboros.benchmarks.graph;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A graph that was asked for. It is decoded when it is needed, as many large ones would not fit
 * into the JVM together.
 *
 * @param shown what the user called it
 * @param file where it is; null if it is bundled
 */
record GraphInput(String shown, @Nullable Path file) {

  /**
   * Finds graphs, without reading them.
   *
   * @param names files, or names of bundled graphs; none for all of those
   * @throws IOException at the first that is not there; the message is one line
   */
  static List<GraphInput> find(List<String> names) throws IOException {
    List<GraphInput> inputs = new ArrayList<>();
    for (String name : names.isEmpty() ? BundledGraphs.NAMES : names) {
      Path file = Path.of(name);
      if (Files.exists(file) && !Files.isDirectory(file)) {
        inputs.add(new GraphInput(name, file));
      } else if (BundledGraphs.has(name)) {
        inputs.add(new GraphInput(name, null));
      } else if (Files.isDirectory(file)) {
        throw new IOException(name + " is a folder, not a graph");
      } else {
        throw new IOException(
            "no graph "
                + name
                + ": no such file, and the bundled graphs are "
                + String.join(", ", BundledGraphs.NAMES));
      }
    }
    return inputs;
  }

  /**
   * Reads the graph.
   *
   * @throws IOException if it cannot be read or is no graph; the message is one line
   */
  Graph decode() throws IOException {
    try (InputStream bytes =
        file == null ? BundledGraphs.open(shown) : Files.newInputStream(file)) {
      return GraphDecoder.decode(name(), shown, bytes);
    } catch (GraphException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(shown + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The file's name without extension. */
  private String name() {
    Path last = file == null ? null : file.getFileName();
    String name = BundledGraphs.strip(last == null ? shown : last.toString());
    return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
  }
}
