package org.ouroboros.allocator.trace;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * The frames that led to an allocation, innermost first, without those of this library. Of one
 * stack there is one object in a snapshot, however many blocks share it.
 *
 * @param frames at most as many as were asked for when tracing began; empty where none are known
 * @param totalFrames how many frames the whole stack had, these among them, without those of this
 *     library at its top; empty where that is not known. A stack of fewer frames than were asked
 *     for is whole, so its total is known. Of one that was cut it is known if the block was sampled
 *     with {@link TraceOptions#sampleBytes} and its stack had at most a thousand frames: to walk
 *     the rest of a stack that every block has would cost more than tracing. What statistics are
 *     grouped by has none
 */
public record Traceback(List<Frame> frames, OptionalInt totalFrames)
    implements Comparable<Traceback> {

  /** What a block has whose stack is not known. */
  static final Traceback UNKNOWN = new Traceback(List.of());

  private static final Comparator<Iterable<Frame>> FRAME_BY_FRAME =
      (one, other) -> {
        var others = other.iterator();
        for (Frame frame : one) {
          int difference = others.hasNext() ? frame.compareTo(others.next()) : 1;
          if (difference != 0) {
            return difference;
          }
        }
        return others.hasNext() ? -1 : 0;
      };

  private static final Comparator<Traceback> ORDER =
      Comparator.comparing(Traceback::frames, FRAME_BY_FRAME)
          .thenComparingInt(one -> one.totalFrames.orElse(-1));

  /** Copies the list, and checks the total. */
  public Traceback {
    frames = List.copyOf(frames);
    if (totalFrames.isPresent() && totalFrames.getAsInt() < frames.size()) {
      throw new IllegalArgumentException(
          "a stack of " + totalFrames.getAsInt() + " frames, of which " + frames.size() + " kept");
    }
  }

  /**
   * Frames of a stack whose depth is not known.
   *
   * @param frames the innermost first
   */
  public Traceback(List<Frame> frames) {
    this(frames, OptionalInt.empty());
  }

  /**
   * The innermost frame: the line that asked for the memory.
   *
   * @return the frame; one with an empty file where none is known
   */
  public Frame site() {
    return frames.isEmpty() ? new Frame("", 0, "", "") : frames.getFirst();
  }

  /**
   * The frames as lines of text.
   *
   * @return a line for each frame, innermost first
   */
  public List<String> format() {
    return format(Integer.MAX_VALUE, true);
  }

  /**
   * The frames as lines of text.
   *
   * @param limit how many frames at most, counted from the innermost; if negative, all but as many
   *     of the innermost
   * @param innermostFirst false for the order of a Python traceback
   * @return a line for each frame
   */
  public List<String> format(int limit, boolean innermostFirst) {
    int count = frames.size();
    List<Frame> some =
        limit >= 0
            ? frames.subList(0, Math.min(limit, count))
            : frames.subList((int) Math.min(-(long) limit, count), count);
    List<Frame> ordered = innermostFirst ? some : some.reversed();
    return ordered.stream().map(frame -> "  at " + frame).toList();
  }

  @Override
  public int compareTo(Traceback other) {
    return ORDER.compare(this, other);
  }

  /** The innermost frame, in one line. */
  @Override
  public String toString() {
    return frames.isEmpty() ? "<unknown>" : site().toString();
  }
}
