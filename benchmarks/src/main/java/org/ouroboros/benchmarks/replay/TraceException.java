package org.ouroboros.benchmarks.replay;

import java.io.IOException;

/**
 * A trace that is not what the format allows. The message is one line that names the trace, the
 * place and the fault.
 */
public class TraceException extends IOException {

  private static final long serialVersionUID = 1L;

  /** What an offset counts. */
  public enum Place {
    /** Bytes of the file, where the gzip layer itself is broken. */
    FILE("of the file"),
    /** Bytes of what the file inflates to. */
    STREAM("of the decompressed stream");

    private final String text;

    Place(String text) {
      this.text = text;
    }
  }

  /** What the offset counts. */
  private final Place place;

  /** Where the fault is. */
  private final long offset;

  /** What is wrong. */
  private final String fault;

  /**
   * Makes one.
   *
   * @param trace the file or name of the trace
   * @param place what {@code offset} counts
   * @param offset where the fault is, in bytes
   * @param fault what is wrong, as a phrase
   */
  public TraceException(String trace, Place place, long offset, String fault) {
    super(trace + ": byte " + offset + " " + place.text + ": " + fault);
    this.place = place;
    this.offset = offset;
    this.fault = fault;
  }

  /**
   * What the offset counts.
   *
   * @return the place
   */
  public Place place() {
    return place;
  }

  /**
   * Where the fault is.
   *
   * @return bytes from the beginning of {@link #place()}
   */
  public long offset() {
    return offset;
  }

  /**
   * What is wrong.
   *
   * @return a phrase
   */
  public String fault() {
    return fault;
  }
}
