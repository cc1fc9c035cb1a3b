package org.ouroboros.benchmarks.graph;

import java.io.IOException;

/**
 * A graph that is not what the format allows. The message is one line that names the file, the
 * place and the fault.
 */
final class GraphException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Where the fault is, in bytes of the decompressed stream. */
  private final long offset;

  /**
   * Makes one.
   *
   * @param file the file, or the name of the graph
   * @param offset where the fault is, in bytes of the decompressed stream
   * @param fault what is wrong, as a phrase
   */
  GraphException(String file, long offset, String fault) {
    super(file + ": byte " + offset + " of the decompressed stream: " + oneLine(fault));
    this.offset = offset;
  }

  /** Where the fault is, in bytes of the decompressed stream. */
  long offset() {
    return offset;
  }

  /** The fault may quote the file, which may contain anything. */
  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]", "?");
  }
}
