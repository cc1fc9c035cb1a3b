package org.ouroboros.benchmarks.graph;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.ouroboros.benchmarks.replay.GrowingInts;
import org.ouroboros.benchmarks.replay.GunzipInput;
import org.ouroboros.benchmarks.replay.HeapFullException;
import org.ouroboros.benchmarks.replay.TraceException;

/**
 * Reads a {@code .graph.gz} in one pass and believes nothing of it: every number is checked where
 * it stands, and the header against all objects. Memory grows with the objects that were really
 * there, never with what the file claims.
 */
final class GraphDecoder {

  private static final String MAGIC = "OGRAPH1\n";

  /** Headers name roots and types one by one, so that they can be long. */
  private static final int MAX_HEADER_BYTES = 1 << 28;

  private static final int MAX_VARINT_SHIFT = 56;
  private static final int BYTES_PER_EDGE = 8;

  private final String file;
  private final GunzipInput in;
  private final GrowingInts types = new GrowingInts();
  private final GrowingInts payloads = new GrowingInts();
  private final GrowingInts externals = new GrowingInts();
  private final GrowingInts starts = new GrowingInts();
  private final GrowingInts targets = new GrowingInts();
  private long totalBytes;
  private int roots;

  /** Stream offset of the number being read. */
  private long numberStart;

  private GraphDecoder(String file, GunzipInput in) {
    this.file = file;
    this.in = in;
  }

  /**
   * Decodes a graph and closes its stream.
   *
   * @param name the graph's name, without extension
   * @param file how messages call it
   * @param bytes the gzip file
   * @throws GraphException if it is not a valid graph
   * @throws IOException if it cannot be read
   */
  static Graph decode(String name, String file, InputStream bytes) throws IOException {
    try (GunzipInput in = new GunzipInput(file, bytes)) {
      return new GraphDecoder(file, in).decode(name);
    }
  }

  private Graph decode(String name) throws IOException {
    for (int i = 0; i < MAGIC.length(); i++) {
      if (read() != MAGIC.charAt(i)) {
        throw new GraphException(file, i, "not a graph: no line OGRAPH1");
      }
    }
    GraphHeader header = GraphHeaderReader.read(headerLine(), file, MAGIC.length());
    try {
      readObjects(header);
    } catch (HeapFullException e) {
      GraphException full = fault("a graph larger than fits into this JVM; enlarge it with -Xmx");
      full.initCause(e);
      throw full;
    }
    numberStart = in.offset();
    if (read() >= 0) {
      throw fault("something follows the last object");
    }
    check("edges", header.edges(), targets.size());
    check("totalBytes", header.totalBytes(), totalBytes);
    check("roots", header.roots(), roots);
    return new Graph(
        name,
        header,
        types.array(),
        payloads.array(),
        externals.array(),
        starts.array(),
        targets.array());
  }

  private byte[] headerLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = read(); b != '\n'; b = read()) {
      if (b < 0) {
        throw new GraphException(file, in.offset(), "cut short inside the header");
      }
      if (line.size() == MAX_HEADER_BYTES) {
        throw new GraphException(file, in.offset(), "the header line has no end");
      }
      line.write(b);
    }
    return line.toByteArray();
  }

  private void readObjects(GraphHeader header) throws IOException {
    int objects = header.objects();
    int typeCount = header.types().size();
    starts.add(0);
    for (int id = 0; id < objects; id++) {
      long type = varint(id, objects);
      if (type >= typeCount) {
        throw fault("object " + id + " has type " + type + ", but there are " + typeCount);
      }
      types.add((int) type);
      int payload = count(id, objects, "payload bytes");
      payloads.add(payload);
      totalBytes += payload;
      int external = count(id, objects, "external references");
      externals.add(external);
      roots += external > 0 ? 1 : 0;
      int edges = count(id, objects, "edges");
      if (edges > header.edges() - targets.size()) {
        throw fault(
            "the header says edges " + header.edges() + ", but object " + id + " exceeds them");
      }
      readEdges(id, edges, objects);
    }
  }

  private void readEdges(int id, int edges, int objects) throws IOException {
    totalBytes += (long) edges * BYTES_PER_EDGE;
    for (int e = 0; e < edges; e++) {
      long zigzag = varint(id, objects);
      long target = id + (zigzag >>> 1 ^ -(zigzag & 1));
      if (target < 0 || target >= objects) {
        throw fault("object " + id + " refers to object " + target + " of " + objects);
      }
      targets.add((int) target);
    }
    starts.add(targets.size());
  }

  private int count(int id, int objects, String what) throws IOException {
    long count = varint(id, objects);
    if (count > Integer.MAX_VALUE) {
      throw fault("object " + id + " has " + count + " " + what + ", more than can be loaded");
    }
    return (int) count;
  }

  private long varint(int id, int objects) throws IOException {
    numberStart = in.offset();
    long value = 0;
    for (int shift = 0; shift <= MAX_VARINT_SHIFT; shift += 7) {
      int b = read();
      if (b < 0) {
        numberStart = in.offset();
        throw fault("cut short at object " + id + " of " + objects);
      }
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw fault("a number of more than 63 bits");
  }

  /** The next byte; a broken gzip layer is told by the place in the stream that it hides. */
  private int read() throws IOException {
    try {
      return in.read();
    } catch (TraceException e) {
      String place = " (byte " + e.offset() + " of the file)";
      GraphException fault = new GraphException(file, in.offset(), e.fault() + place);
      fault.initCause(e);
      throw fault;
    }
  }

  private void check(String key, long claimed, long found) throws IOException {
    if (claimed != found) {
      throw fault("the header says " + key + " " + claimed + ", but the objects give " + found);
    }
  }

  private GraphException fault(String what) {
    return new GraphException(file, numberStart, what);
  }
}
