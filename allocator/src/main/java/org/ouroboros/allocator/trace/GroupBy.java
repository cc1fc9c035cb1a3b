package org.ouroboros.allocator.trace;

import java.util.List;
import java.util.stream.Stream;

/** What the traces of a {@link Snapshot} are put together by. */
public enum GroupBy {
  /** The source file of the innermost frame. */
  FILE,
  /** File and line of the innermost frame. */
  LINE,
  /** The method of the innermost frame. */
  METHOD,
  /** All frames. */
  STACK;

  /** What a trace is counted under. */
  Traceback key(Traceback traceback) {
    List<Frame> frames = traceback.frames();
    return this == STACK || frames.isEmpty()
        ? new Traceback(frames) // as in CPython, stacks of the same frames are one place
        : new Traceback(List.of(key(traceback.site())));
  }

  /** What a trace is counted under if all frames count; each once, however often it is there. */
  Stream<Traceback> keys(Traceback traceback) {
    return traceback.frames().isEmpty()
        ? Stream.of(traceback)
        : traceback.frames().stream()
            .map(this::key)
            .distinct()
            .map(frame -> new Traceback(List.of(frame)));
  }

  private Frame key(Frame frame) {
    return switch (this) {
      case FILE -> frame.wholeFile();
      case LINE -> frame.wholeLine();
      case METHOD -> frame.wholeMethod();
      case STACK -> frame;
    };
  }
}
